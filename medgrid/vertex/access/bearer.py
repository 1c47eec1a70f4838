"""Bearer tokens: JSON Web Tokens of the identity server in Vertex Settings. See docs/api.md, "Callers".

Frappe's own OAuth tokens are checked by Frappe, before this. Each failure has the same sentence.
"""

import re
from typing import Any

import frappe
import jwt
from frappe import _

from medgrid.clients.shopify.domains import shop_domain
from medgrid.core.secrets import note_secret
from medgrid.exceptions import NotSignedIn
from medgrid.vertex.access import identity
from medgrid.vertex.access.api_users import IDENTITY_USER
from medgrid.vertex.access.callers import note_bearer
from medgrid.vertex.settings import IdentityServer, identity_server

MAX_BYTES = 8 * 1024
LEEWAY_SECONDS = 60
WITH_SECRET, WITH_KEY_SET = ("HS256",), ("RS256", "ES256")
# PyJWT checks neither `iat`, which says nothing about validity, nor the kinds of other claims.
_OPTIONS = {"require": ["exp", "iss", "aud"], "verify_iat": False, "verify_sub": False, "verify_jti": False}
_PART = r"[A-Za-z0-9_-]{1,8192}"
_TOKEN = re.compile(rf"{_PART}\.{_PART}\.{_PART}", re.ASCII)


def authenticate(header: str) -> None:
	"""Makes the request one of the identity server's user, if it has a bearer token that is good.

	:param header: `Authorization`.
	:raises NotSignedIn: the token is not good (401).
	:raises ServiceUnavailable: the identity server's keys cannot be had (503).
	"""
	kind, _blank, token = header.partition(" ")
	if kind.lower() != "bearer":
		return
	claims, server = _verified(token.strip())
	written = claims.get(server.shop_claim)
	note_bearer(shop_domain(written[:200]) if isinstance(written, str) else None)
	# Frappe empties the parameters when the user changes.
	parameters = frappe.local.form_dict
	frappe.set_user(IDENTITY_USER)
	frappe.local.form_dict = parameters


def wrong_credentials() -> NotSignedIn:
	"""The one error for credentials that are wrong, whatever is wrong with them."""
	return NotSignedIn(_("Invalid user credentials."))


def _verified(token: str) -> tuple[dict[str, Any], IdentityServer]:
	note_secret(token)
	server = identity_server()
	if server is None or len(token) > MAX_BYTES or not _TOKEN.fullmatch(token):
		raise wrong_credentials()
	header = _header(token)
	algorithm = header.get("alg")
	if not isinstance(algorithm, str) or "crit" in header:
		raise wrong_credentials()
	for key in _keys(server, algorithm, header.get("kid")):
		claims = _decoded(token, key, algorithm, server)
		if claims is not None:
			return claims, server
	raise wrong_credentials()


def _header(token: str) -> dict[str, Any]:
	try:
		return jwt.get_unverified_header(token)
	except (jwt.PyJWTError, ValueError, RecursionError):
		return {}


def _keys(server: IdentityServer, algorithm: str, key_id: Any) -> list[Any]:
	"""The keys that may have signed with an algorithm: for HS256 the secret only, never public keys."""
	if server.secret is not None:
		return [server.secret.get_secret_value()] if algorithm in WITH_SECRET else []
	if algorithm not in WITH_KEY_SET:
		return []
	return identity.keys_for(server, algorithm, key_id if isinstance(key_id, str) else None)


def _decoded(token: str, key: Any, algorithm: str, server: IdentityServer) -> dict[str, Any] | None:
	try:
		claims = jwt.decode(
			token,
			key,
			algorithms=[algorithm],
			options=_OPTIONS,
			leeway=LEEWAY_SECONDS,
			issuer=server.issuer,
			audience=server.audience,
		)
	except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
		return None
	return claims if isinstance(claims, dict) else None
