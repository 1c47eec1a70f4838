"""Bearer tokens that nobody may accept, by what is wrong with them."""

import time
from collections.abc import Callable
from typing import Any

from sandbox.simulators.vertex.access.identity import (
	IdentityServer,
	Key,
	signed,
	signed_by_secret,
	unsigned,
)
from sandbox.simulators.vertex.access.issuer import SHOP_CLAIM

DAY = 86_400
# More than the 8 KiB that a token may have.
LONG = 9000

Claims = dict[str, Any]
Forge = Callable[[IdentityServer, Claims], str]


def _with(**changes: Any) -> Forge:
	"""Honestly signed, with other claims; None leaves one out."""

	def forge(server: IdentityServer, claims: Claims) -> str:
		changed = {**claims, **changes}
		return signed({name: value for name, value in changed.items() if value is not None}, server.key)

	return forge


def _expired(server: IdentityServer, claims: Claims) -> str:
	now = int(time.time())
	return _with(iat=now - 2 * DAY, nbf=now - 2 * DAY, exp=now - DAY)(server, claims)


def _not_yet(server: IdentityServer, claims: Claims) -> str:
	now = int(time.time())
	return _with(nbf=now + DAY, exp=now + 2 * DAY)(server, claims)


def _changed(server: IdentityServer, claims: Claims) -> str:
	"""The signature of one token under the claims of another."""
	header, _claims, signature = signed(claims, server.key).split(".")
	other = signed({**claims, SHOP_CLAIM: "somebody-else.myshopify.com"}, server.key).split(".")[1]
	return f"{header}.{other}.{signature}"


def _without_signature(server: IdentityServer, claims: Claims) -> str:
	return signed(claims, server.key).rpartition(".")[0] + "."


FORGERIES: dict[str, Forge] = {
	"expired": _expired,
	"not_yet": _not_yet,
	"no_expiry": _with(exp=None),
	"other_issuer": _with(iss="https://identity.elsewhere.example"),
	"no_issuer": _with(iss=None),
	"other_audience": _with(aud="somebody-else"),
	"no_audience": _with(aud=None),
	"no_shop": _with(**{SHOP_CLAIM: None}),
	"unsigned": lambda server, claims: unsigned(claims),
	"no_signature": _without_signature,
	"changed": _changed,
	"other_key": lambda server, claims: signed(claims, Key("RS256"), key_id=server.key.id),
	"unknown_key": lambda server, claims: signed(claims, Key("RS256")),
	"hs256_with_public_key": lambda server, claims: signed_by_secret(
		claims, server.key.public_pem(), key_id=server.key.id
	),
	"hs256_with_other_secret": lambda server, claims: signed_by_secret(claims, b"x" * 32),
	"two_parts": lambda server, claims: signed(claims, server.key).rpartition(".")[0],
	"four_parts": lambda server, claims: signed(claims, server.key) + ".AAAA",
	"no_json": lambda server, claims: "AAAA.AAAA.AAAA",
	"too_long": _with(padding="x" * LONG),
}
