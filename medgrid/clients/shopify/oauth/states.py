"""The `state` of an OAuth flow: a secret that is valid once, for one purpose, shop and user. Pure.

Contract: "OAuth state expired or invalid" ("10-minute window", "already used").
"""

import json
import secrets
from typing import Any

from medgrid.core.redis_keys import redis_key

SECONDS = 600
BYTES = 32

# Reads and deletes atomically: of two simultaneous callbacks only one gets the state.
_TAKE = """
local value = redis.call('GET', KEYS[1])
redis.call('DEL', KEYS[1])
return value
"""


class OAuthStates:
	"""Issues and consumes states.

	:param redis: a connection. Redis contains only hashes of the states.
	:param site: the site's name, because several sites may share one Redis.
	"""

	def __init__(self, redis: Any, site: str):
		self.redis, self.site = redis, site

	def issue(self, *, purpose: str, shop: str, user: str) -> str:
		"""A new state of 256 bits, valid for 10 minutes.

		:param purpose: see `ShopifyApp`.
		:param shop: the shop's domain.
		:param user: the user who began the installation.
		"""
		state = secrets.token_urlsafe(BYTES)
		binding = json.dumps({"purpose": purpose, "shop": shop, "user": user})
		self.redis.set(self.key_of(state), binding, ex=SECONDS)
		return state

	def consume(self, state: str, *, purpose: str, shop: str) -> str | None:
		"""Uses a state up, whether it matches or not.

		:returns: the user to whom it was issued; None if it is unknown, expired, used, or was issued for
			another purpose or shop.
		"""
		binding = json.loads(self.redis.eval(_TAKE, 1, self.key_of(state)) or "{}")
		if (binding.get("purpose"), binding.get("shop")) != (purpose, shop):
			return None
		return binding["user"]

	def key_of(self, state: str) -> str:
		"""The Redis key of a state."""
		return redis_key("shopify", self.site, "nonce", hashed=state, digits=64)
