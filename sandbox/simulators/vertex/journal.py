"""What an entry of the journal of requests says. Secrets and tokens are never in it."""

from typing import Any
from urllib.parse import parse_qsl

from sandbox.simulators.common.messages import Request, parsed
from sandbox.simulators.vertex.access.token_endpoints import FORM, KINDS

SECRETS = {"client_secret", "password", "client_assertion"}


def body_of(request: Request) -> Any:
	"""The JSON of a body; the fields of a form without secrets; of a token request nothing else."""
	if request.content_type.startswith(FORM):
		form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
		return {name: "***" if name in SECRETS else value for name, value in form.items()}
	return None if request.path in KINDS else parsed(request.body)


def client_of_form(request: Request) -> str:
	"""Whose token request it is, if the form says so."""
	content = body_of(request) if request.path in KINDS else None
	return content.get("client_id", "") if isinstance(content, dict) else ""
