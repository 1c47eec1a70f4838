"""An entry of the journal. Tokens, secrets and codes are never in it."""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from sandbox.simulators.common import journal
from sandbox.simulators.common.messages import Answer, Request, parsed
from sandbox.simulators.shopify import clock

SECRETS = {"client_secret", "code", "refresh_token", "access_token", "hmac"}
# At the beginning of a line: comments may speak of queries too.
OPERATION = re.compile(r"^\s*(?:query|mutation)\s+([A-Za-z_]\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Received(journal.Received):
	"""
	:param time: UTC.
	:param timestamp: the same moment in seconds since 1970, for measuring.
	:param operation: the name of the GraphQL operation, if it has one.
	:param cost: the answer's `extensions.cost`.
	:param errors: the codes, or messages, of the answer's errors.
	"""

	timestamp: float
	domain: str
	query: dict[str, str]
	operation: str | None
	cost: dict | None
	errors: list[str]


def entry(request: Request, answer: Answer, fault: str | None) -> Received:
	result = _result(request, answer)
	return Received(
		time=clock.as_text(clock.now()),
		timestamp=time.time(),
		domain=request.path.split("/")[1].lower(),
		method=request.method,
		path=request.path,
		query=_masked(request.query),
		operation=operation_of(request.body),
		status=answer.status_received,
		fault=fault,
		cost=(result.get("extensions") or {}).get("cost"),
		errors=_errors(result.get("errors")),
		body=_masked(parsed(request.body)) if "json" in request.content_type else None,
	)


def operation_of(body: bytes) -> str | None:
	"""The name of the GraphQL operation in a request's body: its operationName, else the first in it."""
	content = parsed(body) if body.startswith(b"{") else None
	if not isinstance(content, dict) or not isinstance(content.get("query"), str):
		return None
	match = OPERATION.search(content["query"])
	return content.get("operationName") or (match and match[1])


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
