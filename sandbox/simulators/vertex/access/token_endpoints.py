"""The three token endpoints: OAuth's client credentials, and the Cloud's limit of tokens."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, unquote_plus

from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.vertex import clock
from sandbox.simulators.vertex.access.clients import TOKEN_PATHS, Client, Clients
from sandbox.simulators.vertex.errors import OAuthRefused

AUDIENCE = "verx://migration-api"
FORM = "application/x-www-form-urlencoded"
KINDS = {path: kind for kind, path in TOKEN_PATHS.items()}


@dataclass
class TokenLimit:
	"""How many tokens the Cloud's provider issues to a client in any window."""

	tokens: int = 10
	window_seconds: float = 28_800

	def is_used_up(self, client: Client, now: datetime) -> bool:
		since = now - timedelta(seconds=self.window_seconds)
		return sum(moment > since for moment in client.issued) >= self.tokens


def answer(clients: Clients, limit: TokenLimit, request: Request, now: datetime) -> Answer:
	"""
	:raises OAuthRefused: for whatever gets no token.
	"""
	form = _form(request)
	client_id, client_secret = _credentials(form, request)
	client = clients.find(client_id)
	noted = {"time": clock.as_text(now), "path": request.path, "issued": False}
	if client:
		client.requests.append(noted)
	kind = KINDS[request.path]
	if not client or client.kind != kind or not client.has_secret(client_secret):
		raise _unknown_client(kind)
	if form.get("grant_type") != "client_credentials":
		raise OAuthRefused(400, "unsupported_grant_type")
	if kind == "cloud":
		_check_cloud(client, form, limit, now)
	token, seconds = clients.issue(client, now)
	noted["issued"] = True
	return json_answer({"access_token": token, "token_type": "Bearer", "expires_in": int(seconds)})


def _form(request: Request) -> dict[str, str]:
	if request.content_type.partition(";")[0].strip().lower() != FORM:
		raise OAuthRefused(415, "invalid_request", f"The content type must be {FORM}.")
	return dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


def _credentials(form: dict[str, str], request: Request) -> tuple[str, str]:
	"""In the form, or as Basic in the header."""
	scheme, _blank, encoded = request.headers.get("Authorization", "").partition(" ")
	if scheme.lower() != "basic":
		return form.get("client_id", ""), form.get("client_secret", "")
	try:
		client_id, _colon, client_secret = base64.b64decode(encoded).decode().partition(":")
	except (binascii.Error, ValueError):
		return "", ""
	return unquote_plus(client_id), unquote_plus(client_secret)


def _unknown_client(kind: str) -> OAuthRefused:
	if kind == "cloud_legacy":
		return OAuthRefused(400, "invalid_client")
	return OAuthRefused(401, "access_denied", "Unauthorized")


def _check_cloud(client: Client, form: dict[str, str], limit: TokenLimit, now: datetime) -> None:
	audience = form.get("audience", "")
	if audience != AUDIENCE:
		raise OAuthRefused(403, "access_denied", f"Client is not authorized for the audience {audience!r}.")
	if limit.is_used_up(client, now):
		raise OAuthRefused(
			400,
			"invalid_request",
			f"Client {client.client_id} audience {audience} has exceeded the rate limit of "
			f"{limit.tokens} tokens/{limit.window_seconds:g} seconds",
		)
