"""The identity server: it signs JSON Web Tokens for the connector's callers, and publishes its keys.

It is no part of Vertex: merchants' programs get their bearer tokens from it. The tokens are put together by
hand, so that there are also those which no library makes. Their times are by the real clock.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.vertex.access.issuer import AUDIENCE, ISSUER, SHOP_CLAIM

LIFE_SECONDS = 3600
# 32 bytes for each number of a P-256 signature.
EC_BYTES = 32

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class Key:
	"""A key pair; `algorithm` is RS256 or ES256."""

	algorithm: str
	id: str = field(default_factory=lambda: secrets.token_hex(8))

	def __post_init__(self) -> None:
		self.private: PrivateKey = (
			rsa.generate_private_key(public_exponent=65537, key_size=2048)
			if self.algorithm == "RS256"
			else ec.generate_private_key(ec.SECP256R1())
		)

	def __getstate__(self) -> dict[str, Any]:
		pem = self.private.private_bytes(
			serialization.Encoding.PEM,
			serialization.PrivateFormat.PKCS8,
			serialization.NoEncryption(),
		)
		return {**vars(self), "private": pem}

	def __setstate__(self, state: dict[str, Any]) -> None:
		private = serialization.load_pem_private_key(state["private"], password=None)
		vars(self).update({**state, "private": private})

	def published(self) -> dict[str, str]:
		"""The public half, as a JSON Web Key."""
		common = {"kid": self.id, "use": "sig", "alg": self.algorithm}
		if isinstance(self.private, rsa.RSAPrivateKey):
			numbers = self.private.public_key().public_numbers()
			return {**common, "kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
		point = self.private.public_key().public_numbers()
		x, y = (_encoded(number.to_bytes(EC_BYTES, "big")) for number in (point.x, point.y))
		return {**common, "kty": "EC", "crv": "P-256", "x": x, "y": y}

	def public_pem(self) -> bytes:
		return self.private.public_key().public_bytes(
			serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
		)

	def sign(self, data: bytes) -> bytes:
		if isinstance(self.private, rsa.RSAPrivateKey):
			return self.private.sign(data, padding.PKCS1v15(), hashes.SHA256())
		r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA256())))
		return r.to_bytes(EC_BYTES, "big") + s.to_bytes(EC_BYTES, "big")


class IdentityServer:
	"""One key at a time. It survives a reset: who has fetched it keeps it for a while."""

	def __init__(self) -> None:
		self._key: Key | None = None

	@property
	def key(self) -> Key:
		"""Made when it is first needed: it takes a moment."""
		if not self._key:
			self._key = Key("RS256")
		return self._key

	def rotate(self, algorithm: str) -> None:
		"""
		:raises ControlRefused: for other algorithms than RS256 and ES256.
		"""
		if algorithm not in ("RS256", "ES256"):
			raise ControlRefused(f"The identity server has keys for RS256 and ES256, not {algorithm!r}.")
		self._key = Key(algorithm)

	def published(self) -> dict[str, Any]:
		return {"keys": [self.key.published()]}


def honest_claims(shop: str | None, claims: dict[str, Any] | None) -> dict[str, Any]:
	"""
	:param shop: None: none is named.
	:param claims: more of them, or others; None as a value leaves one out.
	"""
	now = int(time.time())
	all_claims = {
		"iss": ISSUER,
		"aud": AUDIENCE,
		"sub": "identity-user-1",
		"iat": now,
		"nbf": now,
		"exp": now + LIFE_SECONDS,
		SHOP_CLAIM: shop,
		**(claims or {}),
	}
	return {name: value for name, value in all_claims.items() if value is not None}


def signed(claims: dict[str, Any], key: Key, *, key_id: str | None = None) -> str:
	"""
	:param key_id: what the header says, instead of the key's own.
	"""
	return _token({"alg": key.algorithm, "typ": "JWT", "kid": key_id or key.id}, claims, key.sign)


def signed_by_secret(claims: dict[str, Any], secret: bytes, *, key_id: str | None = None) -> str:
	"""HS256."""
	header = {"alg": "HS256", "typ": "JWT", **({"kid": key_id} if key_id else {})}
	return _token(header, claims, lambda data: hmac.new(secret, data, hashlib.sha256).digest())


def unsigned(claims: dict[str, Any]) -> str:
	"""`alg: none`."""
	return _token({"alg": "none", "typ": "JWT"}, claims, lambda data: b"")


def _token(header: dict[str, Any], claims: dict[str, Any], sign: Any) -> str:
	parts = [_encoded(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims)]
	data = ".".join(parts)
	return f"{data}.{_encoded(sign(data.encode()))}"


def _encoded(data: bytes) -> str:
	return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _number(number: int) -> str:
	return _encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))
