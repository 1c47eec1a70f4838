"""The public keys of the identity server (JWKS), kept in Redis for all workers.

See docs/api.md, "Callers".
"""

import json
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import frappe
import jwt

from medgrid.core.redis_keys import redis_key
from medgrid.http_client.errors import IntegrationError, ServiceUnavailable, UnexpectedResponse
from medgrid.http_client.json_reader import JsonLimits
from medgrid.http_client.messages import Request
from medgrid.http_client.transport import Transport
from medgrid.services.exchange_log import log_exchange
from medgrid.services.failure_texts import IDENTITY
from medgrid.services.outgoing import take_room
from medgrid.vertex.settings import IdentityServer

FETCH_SECONDS = 5
MAX_BYTES = 64 * 1024
MAX_KEYS = 50
KEPT_SECONDS = 600
# A token with a key that is not known makes MedGrid fetch the keys again, but not more often.
AGAIN_SECONDS = 60
KINDS = {"RS256": "RSA", "ES256": "EC"}


def keys_for(server: IdentityServer, algorithm: str, key_id: str | None) -> list[Any]:
	"""The public keys that may have signed a token.

	:param algorithm: "RS256" or "ES256".
	:param key_id: the token's `kid`; None: it has none.
	:raises IntegrationError: there are no keys, and the server gives none.
	:raises Busy: see `outgoing.take_room`.
	"""
	stored = frappe.cache.get(_key(server))
	if stored is None:
		return _fitting(_fetch(server), algorithm, key_id)
	found = _fitting(json.loads(stored), algorithm, key_id)
	if found or frappe.cache.get(_key(server, "again")):
		return found
	# Before the mark is set: a request that finds no room does not keep others from fetching.
	take_room()
	if not frappe.cache.set(_key(server, "again"), "1", nx=True, ex=AGAIN_SECONDS):
		return found
	try:
		return _fitting(_fetch(server), algorithm, key_id)
	except IntegrationError:
		# The keys that are kept are good; this token's is not among them.
		return []


def test(server: IdentityServer) -> int:
	"""Fetches the keys now, whether they are kept or not.

	:returns: how many of them may sign a token.
	:raises IntegrationError: the server gives none.
	:raises Busy: see `outgoing.take_room`.
	"""
	keys = _fetch(server)
	return sum(bool(_fitting([key], algorithm, None)) for key in keys for algorithm in KINDS)


def _fetch(server: IdentityServer) -> list[dict[str, Any]]:
	take_room()
	parts = urlsplit(server.jwks_url)
	path = parts.path + (f"?{parts.query}" if parts.query else "")
	escaped = (path or "/").replace("{", "{{").replace("}", "}}")
	request = Request("GET", escaped, deadline=time.monotonic() + FETCH_SECONDS, repeatable=True)
	answer = None
	# What makes no sense helps a caller as little as no answer.
	with (
		suppress(UnexpectedResponse),
		Transport(
			f"{parts.scheme}://{parts.netloc}",
			service=IDENTITY,
			observer=log_exchange,
			exchange_seconds=FETCH_SECONDS,
			limits=JsonLimits(max_bytes=MAX_BYTES),
		) as transport,
	):
		answer = transport.send(request)
	keys = answer.content.get("keys") if answer and isinstance(answer.content, dict) else None
	if answer is None or answer.status != 200 or not isinstance(keys, list):
		raise ServiceUnavailable("not a set of keys", service=IDENTITY)
	found = [key for key in keys[:MAX_KEYS] if isinstance(key, dict)]
	frappe.cache.set(_key(server), json.dumps(found), ex=KEPT_SECONDS)
	return found


def _fitting(keys: list[dict[str, Any]], algorithm: str, key_id: str | None) -> list[Any]:
	return [
		made
		for key in keys
		if key.get("kty") == KINDS[algorithm]
		and key.get("use") in (None, "sig")
		and key.get("alg") in (None, algorithm)
		and (key_id is None or key.get("kid") == key_id)
		and (made := _made(key, algorithm)) is not None
	]


def _made(key: dict[str, Any], algorithm: str) -> Any:
	try:
		return jwt.PyJWK(key, algorithm).key
	except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
		return None


def _key(server: IdentityServer, *parts: str) -> str:
	return redis_key("identity", frappe.conf.db_name, *parts, hashed=server.jwks_url)
