"""Accounts: a key pair, the numbers that may send, and how many requests are accepted in a second."""

import hmac
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.simulators.common import accounts, passing
from sandbox.simulators.common.messages import Request
from sandbox.simulators.sendblue.errors import TooManyRequests, Unauthorized

DEFAULT_NUMBER = "+15122164639"


@dataclass
class Account:
	"""
	:param limit: requests in any `window_seconds`.
	:param opted_out: phones that Sendblue sends nothing to any more.
	:param sent: what was accepted, as it was answered, oldest first.
	"""

	key_id: str
	secret_key: str = field(repr=False)
	numbers: list[str]
	limit: int
	window_seconds: float
	opted_out: set[str] = field(default_factory=set)
	sent: list[dict[str, Any]] = field(default_factory=list)
	_times: deque[float] = field(default_factory=deque)

	def admit(self) -> None:
		"""
		:raises TooManyRequests: says when there is room again.
		"""
		now = passing.now()
		while self._times and self._times[0] <= now - self.window_seconds:
			self._times.popleft()
		if len(self._times) >= self.limit:
			raise TooManyRequests(round(self._times[0] + self.window_seconds - now, 2))
		self._times.append(now)


class Accounts(accounts.Accounts[Account]):
	def add(self, account: Account) -> None:
		self._accounts[account.key_id] = account

	def identify(self, request: Request) -> Account:
		"""
		:raises Unauthorized: no account has these keys.
		"""
		account = self._accounts.get(key_id(request))
		secret_key = request.headers.get("sb-api-secret-key", "")
		if not account or not hmac.compare_digest(account.secret_key.encode(), secret_key.encode()):
			raise Unauthorized()
		return account


def key_id(request: Request) -> str:
	return request.headers.get("sb-api-key-id", "")
