"""The `state` of an OAuth flow: a secret that comes back once, to where it was issued for. Pure.

Contract: "OAuth state expired or invalid" ("10-minute window", "already used").
"""

import json
import secrets
from typing import Any

from medgrid.core.redis_keys import redis_key

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
	:param site: the site's name: several sites may share one Redis.
	"""

	def __init__(self, redis: Any, site: str):
		self.redis, self.site = redis, site

	def issue(self, *, purpose: str, shop: str, user: str) -> str:
		"""A new state of 256 bits, good for 10 minutes."""
		state = secrets.token_urlsafe(BYTES)
		binding = json.dumps({"purpose": purpose, "shop": shop, "user": user})
		self.redis.set(self.key_of(state), binding, ex=SECONDS)
		return state

	def consume(self, state: str, *, purpose: str, shop: str) -> str | None:
		"""Uses a state up, whether it fits or not.

		:returns: the user that it was issued to; None if it is unknown, expired, used, or of another purpose
			or shop.
		"""
		binding = json.loads(self.redis.eval(_TAKE, 1, self.key_of(state)) or "{}")
		if (binding.get("purpose"), binding.get("shop")) != (purpose, shop):
			return None
		return binding["user"]

	def key_of(self, state: str) -> str:
		"""Where a state is kept."""
		return redis_key("shopify", self.site, "nonce", hashed=state, digits=64)
