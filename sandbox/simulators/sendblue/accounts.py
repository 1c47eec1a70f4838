"""Accounts: a key pair, the numbers that may send, and how many requests are accepted in a second."""

import hmac
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.simulators.sendblue.errors import ControlRefused, TooManyRequests, Unauthorized
from sandbox.simulators.sendblue.messages import Request

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
		now = time.monotonic()
		while self._times and self._times[0] <= now - self.window_seconds:
			self._times.popleft()
		if len(self._times) >= self.limit:
			raise TooManyRequests(round(self._times[0] + self.window_seconds - now, 2))
		self._times.append(now)


class Accounts:
	def __init__(self):
		self._accounts: dict[str, Account] = {}

	def add(self, account: Account) -> None:
		self._accounts[account.key_id] = account

	def get(self, key_id: str) -> Account:
		if key_id not in self._accounts:
			raise ControlRefused(f"There is no account {key_id!r}.")
		return self._accounts[key_id]

	def all(self) -> list[Account]:
		return list(self._accounts.values())

	def identify(self, request: Request) -> Account:
		"""
		:raises Unauthorized: no account has these keys.
		"""
		account = self._accounts.get(request.key_id)
		if not account or not hmac.compare_digest(account.secret_key.encode(), request.secret_key.encode()):
			raise Unauthorized()
		return account
