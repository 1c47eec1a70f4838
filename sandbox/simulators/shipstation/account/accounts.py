"""Who may call: key pairs, each with its own orders, shipments and rate limit window."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.simulators.common import accounts, passing
from sandbox.simulators.shipstation.account.orders import OrderBook
from sandbox.simulators.shipstation.account.shipments import ShipmentBook
from sandbox.simulators.shipstation.account.stores import Stores
from sandbox.simulators.shipstation.account.webhooks import Subscriptions
from sandbox.simulators.shipstation.credentials import Credentials

DEFAULT_LIMIT = 40
DEFAULT_WINDOW_SECONDS = 60


class RateWindow:
	"""At most `limit` requests per window; a window begins with the first request in it.

	:param now: a clock in seconds.
	"""

	def __init__(
		self,
		limit: int = DEFAULT_LIMIT,
		seconds: float = DEFAULT_WINDOW_SECONDS,
		now: Callable[[], float] = passing.now,
	):
		self.limit = limit
		self.seconds = seconds
		self._now = now
		self._ends = -math.inf
		self._used = 0

	def count(self) -> None:
		"""Counts a request."""
		if self._now() >= self._ends:
			self._ends = self._now() + self.seconds
			self._used = 0
		self._used += 1

	def is_exceeded(self) -> bool:
		"""Whether more was counted in this window than is allowed."""
		return self._used > self.limit

	def headers(self) -> dict[str, str]:
		seconds = math.ceil(self._ends - self._now())
		return {
			"X-Rate-Limit-Limit": str(self.limit),
			"X-Rate-Limit-Remaining": str(max(0, self.limit - self._used)),
			"X-Rate-Limit-Reset": str(max(1, seconds)),
		}


@dataclass
class Account:
	api_key: str
	api_secret: str = field(repr=False)
	window: RateWindow
	stores: Stores = field(default_factory=Stores)
	orders: OrderBook = field(init=False)
	shipments: ShipmentBook = field(default_factory=ShipmentBook)
	webhooks: Subscriptions = field(default_factory=Subscriptions)

	def __post_init__(self) -> None:
		self.orders = OrderBook(self.stores)


@dataclass(frozen=True)
class Caller:
	"""Whoever sent a request; the account is None when the credentials are wrong."""

	api_key: str
	window: RateWindow
	account: Account | None


class Accounts(accounts.Accounts[Account]):
	def __init__(self) -> None:
		super().__init__()
		# Wrong credentials get rate limit headers too, from a window that is not the account's.
		self._strangers: dict[str, RateWindow] = {}

	def add(self, api_key: str, api_secret: str, window: RateWindow) -> None:
		"""A known key gets the new secret and window and keeps its orders, as after regenerating keys."""
		account = self._accounts.setdefault(api_key, Account(api_key, api_secret, window))
		account.api_secret = api_secret
		account.window = window

	def identify(self, credentials: Credentials) -> Caller:
		account = self._accounts.get(credentials.api_key)
		if account and account.api_secret == credentials.api_secret:
			return Caller(account.api_key, account.window, account)
		window = self._strangers.setdefault(credentials.api_key, RateWindow())
		return Caller(credentials.api_key, window, None)
