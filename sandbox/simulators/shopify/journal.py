"""What an entry of the journal says of a request. Tokens, secrets and codes are never in it."""

import json
from typing import Any

from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request, parsed
from sandbox.simulators.shopify import clock
from sandbox.simulators.shopify.request_parts import domain_of, operation_of

SECRETS = {"client_secret", "code", "refresh_token", "access_token", "hmac"}


def details(request: Request, answer: Answer) -> Entry:
	"""
	:returns: time (UTC), domain, operation (the name of the GraphQL operation, if it has one), cost (the
		answer's `extensions.cost`), errors (the codes, or messages, of the answer's errors); query and body
		without secrets.
	"""
	result = _result(request, answer)
	return {
		"time": clock.as_text(clock.now()),
		"domain": domain_of(request),
		"query": _masked(request.query),
		"operation": operation_of(request),
		"cost": (result.get("extensions") or {}).get("cost"),
		"errors": _errors(result.get("errors")),
		"body": _masked(parsed(request.body)) if "json" in request.content_type else None,
	}


def _result(request: Request, answer: Answer) -> dict:
	"""What a GraphQL answer says about itself; cheaply, since a page of products is long."""
	if not request.path.endswith("/graphql.json"):
		return {}
	if len(answer.body) < 5000:
		content = parsed(answer.body)
		return content if isinstance(content, dict) else {}
	start = answer.body.rfind(b'"extensions":{"cost"')
	return {} if start < 0 else json.loads(b"{" + answer.body[start:])


def _errors(errors: Any) -> list[str]:
	if isinstance(errors, str):
		return [errors]
	return [(error.get("extensions") or {}).get("code") or error["message"] for error in errors or []]


def _masked(content: Any) -> Any:
	if not isinstance(content, dict):
		return content
	return {name: "***" if name in SECRETS else value for name, value in content.items()}
