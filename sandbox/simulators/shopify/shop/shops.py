"""One shop: its settings, what it sells, its orders, who may call it and whom it tells."""

from dataclasses import dataclass, field, fields
from typing import ClassVar

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.shop.bucket import DEFAULT_RATE, DEFAULT_SIZE, Bucket
from sandbox.simulators.shopify.shop.catalog import Catalog
from sandbox.simulators.shopify.shop.orders import OrderBook
from sandbox.simulators.shopify.shop.subscriptions import Subscriptions
from sandbox.simulators.shopify.shop.tokens import Tokens

# What the custom app is called whose tokens control issues without naming an app.
CUSTOM_APP = "custom-app"
STATES = {"open": None, "frozen": (402, "Unavailable Shop"), "locked": (423, "Locked")}


@dataclass
class Settings:
	"""
	:param state: open, frozen (402: the merchant has not paid) or locked (423).
	:param orders_per_minute: 5 for a development store; None is no limit.
	:param search_lag: seconds until `orders(query:)` knows a new order.
	:param admin_secret: signs webhooks that were made in Shopify's Admin.
	"""

	name: str = ""
	email: str = "owner@example.com"
	currency: str = "USD"
	timezone: str = "America/New_York"
	state: str = "open"
	orders_per_minute: int | None = None
	search_lag: float = 0
	admin_secret: str = field(default="admin-webhook-secret", repr=False)
	bucket_size: float = DEFAULT_SIZE
	restore_rate: float = DEFAULT_RATE
	api_versions: tuple[str, ...] = ("2026-01", "2026-04", "2026-07", "unstable")

	def change(self, changes: dict) -> None:
		known = {setting.name for setting in fields(self)}
		for name, value in changes.items():
			if name not in known:
				raise ControlRefused(f"Unknown setting {name!r}: one of {', '.join(sorted(known))}.")
			if name == "state" and value not in STATES:
				raise ControlRefused(f"Unknown state {value!r}: one of {', '.join(STATES)}.")
			setattr(self, name, value)


class Shop:
	typename: ClassVar = "Shop"

	def __init__(self, domain: str, settings: Settings):
		self.number = gid.next_number("Shop")
		self.domain = domain
		self.settings = settings
		self.settings.name = settings.name or domain.partition(".")[0].replace("-", " ").title()
		self.catalog = Catalog()
		self.orders = OrderBook()
		self.tokens = Tokens()
		self.subscriptions = Subscriptions()
		self.next_order_number = 1001
		self._buckets: dict[str, Bucket] = {}

	@property
	def handle(self) -> str:
		return self.domain.partition(".")[0]

	def bucket(self, client_id: str) -> Bucket:
		"""The one that this app's queries are taken from."""
		if client_id not in self._buckets:
			self._buckets[client_id] = Bucket(self.settings.bucket_size, self.settings.restore_rate)
		return self._buckets[client_id]

	def new_buckets(self) -> None:
		"""Full ones, with the size and rate of the settings."""
		self._buckets.clear()


class Shops:
	def __init__(self):
		self._shops: dict[str, Shop] = {}

	def add(self, domain: str, changes: dict) -> Shop:
		"""A shop that exists keeps all but these settings."""
		domain = domain.lower()
		if not domain.endswith(".myshopify.com"):
			raise ControlRefused(f"A shop's domain ends with .myshopify.com, unlike {domain!r}.")
		shop = self._shops.get(domain)
		settings = shop.settings if shop else Settings()
		settings.change(changes)
		if not shop:
			shop = self._shops[domain] = Shop(domain, settings)
		elif {"bucket_size", "restore_rate"} & changes.keys():
			shop.new_buckets()
		return shop

	def find(self, domain: str) -> Shop | None:
		return self._shops.get(domain.lower())

	def all(self) -> list[Shop]:
		return list(self._shops.values())

	def get(self, domain: str) -> Shop:
		if not (shop := self.find(domain)):
			raise ControlRefused(f"There is no shop {domain!r}.")
		return shop
