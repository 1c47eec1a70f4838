"""The `state` of an OAuth flow: a secret that is valid once, for one purpose, shop and user. Pure.

Contract: "OAuth state expired or invalid" ("10-minute window", "already used").
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from medgrid.core.redis_keys import redis_key

SECONDS = 600
BYTES = 32


@dataclass(frozen=True)
class Issued:
	"""To whom a state was issued.

	:param user: the user who began the installation.
	:param account: the account for which they began it; None: they named none.
	"""

	user: str
	account: str | None = None


class OAuthStates:
	"""Issues and consumes states.

	:param redis: a connection. Redis contains only hashes of the states.
	:param site: the site's name, because several sites may share one Redis.
	"""

	def __init__(self, redis: Any, site: str):
		self.redis, self.site = redis, site

	def issue(self, *, purpose: str, shop: str, user: str, account: str | None = None) -> str:
		"""A new state of 256 bits, valid for 10 minutes.

		:param purpose: see `ShopifyApp`.
		:param shop: the shop's domain.
		:param user: the user who began the installation.
		:param account: see `Issued`.
		"""
		state = secrets.token_urlsafe(BYTES)
		binding = {"purpose": purpose, "shop": shop, "user": user, "account": account}
		self.redis.set(self.key_of(state), json.dumps(binding), ex=SECONDS)
		return state

	def issued_to(self, state: str, *, purpose: str, shop: str) -> Issued | None:
		"""Looks a state up. A state that was issued for another purpose or shop is used up; any other state
		stays valid.

		:returns: to whom it was issued; None if it is unknown, expired, used, or was issued for another
			purpose or shop.
		"""
		binding = json.loads(self.redis.get(self.key_of(state)) or "{}")
		if (binding.get("purpose"), binding.get("shop")) != (purpose, shop):
			self.consume(state)
			return None
		return Issued(binding["user"], binding.get("account"))

	def consume(self, state: str) -> bool:
		"""Uses a state up.

		:returns: whether it was still valid; of two simultaneous callers only one gets True.
		"""
		return bool(self.redis.delete(self.key_of(state)))

	def key_of(self, state: str) -> str:
		"""The Redis key of a state."""
		return redis_key("shopify", self.site, "nonce", hashed=state, digits=64)
