"""The `state` of an OAuth flow: a secret that comes back once, to where it was issued for.

Contract: "OAuth state expired or invalid" ("10-minute window", "already used").
"""

import json
import secrets
from hashlib import sha256

import frappe

SECONDS = 600
BYTES = 32

# Reads and deletes in one go: of two callbacks at once one gets it.
_TAKE = """
local value = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return value
"""


class OAuthStates:
	"""
	:param redis: a connection; it gets to know hashes only.
	"""

	def __init__(self, redis):
		self.redis = redis

	def issue(self, *, purpose: str, shop: str, user: str) -> str:
		"""A new nonce of 256 bits, good for 10 minutes."""
		nonce = secrets.token_urlsafe(BYTES)
		binding = json.dumps({"purpose": purpose, "shop": shop, "user": user})
		self.redis.set(key_of(nonce), binding, ex=SECONDS)
		return nonce

	def consume(self, nonce: str, *, purpose: str, shop: str) -> str | None:
		"""Uses a nonce up, whether it fits or not.

		:returns: the user that it was issued to; None if it is unknown, expired, used, or of another purpose
			or shop.
		"""
		binding = json.loads(self.redis.eval(_TAKE, 1, key_of(nonce)) or "{}")
		if (binding.get("purpose"), binding.get("shop")) != (purpose, shop):
			return None
		return binding["user"]


def key_of(nonce: str) -> str:
	"""Where a nonce is kept: several sites may share one Redis."""
	return f"medgrid:shopify:{frappe.local.site}:nonce:{sha256(nonce.encode()).hexdigest()}"
