"""The calls below `/_control/`: what merchants do in Shopify's Admin, and what tests do to Shopify.

`remote.py` has a method for each and says what they mean; `common/control.py` says how they travel.
"""

from datetime import timedelta

from sandbox.simulators.common import control
from sandbox.simulators.common.messages import Answer, Request
from sandbox.simulators.shopify.control import seeding
from sandbox.simulators.shopify.control.lookup import Lookup
from sandbox.simulators.shopify.control.orders import OrderCommands
from sandbox.simulators.shopify.control.webhooks import WebhookCommands
from sandbox.simulators.shopify.errors import ApiError
from sandbox.simulators.shopify.faults import Fault
from sandbox.simulators.shopify.oauth.apps import App
from sandbox.simulators.shopify.shop.shops import CUSTOM_APP
from sandbox.simulators.shopify.simulator import Simulator
from sandbox.simulators.shopify.webhooks import payloads


class Control(OrderCommands, WebhookCommands, Lookup, control.Control):
	_fault_type = Fault

	def add_app(self, client_id: str, client_secret: str, redirect_uris: list[str] | None = None) -> None:
		app = self._simulator.apps.setdefault(client_id, App(client_id, client_secret))
		app.client_secret = client_secret
		app.redirect_uris = tuple(redirect_uris or ())

	def extra_parameters(self, client_id: str, parameters: dict[str, str]) -> None:
		self._simulator.app(client_id).extra_parameters = parameters

	def set_lifetimes(self, token_seconds: float | None = None, code_seconds: float | None = None) -> None:
		oauth = self._simulator.oauth
		oauth.token_seconds = oauth.token_seconds if token_seconds is None else token_seconds
		oauth.code_seconds = oauth.code_seconds if code_seconds is None else code_seconds

	def add_shop(self, domain: str, **settings) -> dict:
		shop = self._simulator.shops.add(domain, settings)
		return {"domain": shop.domain, "location_id": seeding.location(shop.catalog.locations[0])["id"]}

	def fill_bucket(self, domain: str, points: float) -> None:
		shop = self._shop(domain)
		for client_id in shop.tokens.apps():
			shop.bucket(client_id).fill(points)

	def issue_token(
		self, domain: str, scopes: list[str], client_id: str = CUSTOM_APP, expires_in: float | None = None
	) -> dict:
		return self._shop(domain).tokens.issue(client_id, tuple(scopes), expires_in=expires_in).as_answer()

	def revoke_token(self, domain: str, access_token: str | None = None) -> int:
		return self._shop(domain).tokens.revoke(access_token)

	def expire_tokens(self, domain: str, access_token: str | None = None) -> None:
		self._shop(domain).tokens.expire(access_token)

	def uninstall(self, domain: str, client_id: str = CUSTOM_APP) -> None:
		"""Tells the app first: afterwards it has no subscriptions any more."""
		shop = self._shop(domain)
		self._tell(shop, "APP_UNINSTALLED", payloads.shop(shop), client_id)
		shop.tokens.revoke_app(client_id)
		shop.subscriptions.remove_app(client_id)

	def seed_products(self, domain: str, rows: list[dict]) -> list[dict]:
		with seeding.without_collections():
			return [seeding.product(self._shop(domain).catalog.add_product(row)) for row in rows]

	def make_products(self, domain: str, count: int, variants_each: int = 1, prefix: str = "BULK") -> dict:
		with seeding.without_collections():
			seeding.make(self._shop(domain).catalog, count, variants_each, prefix)
		return {"products": count, "variants": count * variants_each}

	def add_variant(self, domain: str, product_id: str, **content) -> dict:
		product = self._product(domain, product_id)
		return seeding.variant(self._shop(domain).catalog.add_variant(product, content))

	def remove_product(self, domain: str, product_id: str) -> None:
		self._shop(domain).catalog.remove_product(self._product(domain, product_id))

	def remove_variant(self, domain: str, variant_id: str) -> None:
		self._shop(domain).catalog.remove_variant(self._variant(domain, variant_id))

	def change_product(self, domain: str, product_id: str, **changes) -> dict:
		return seeding.product(seeding.change_product(self._product(domain, product_id), changes))

	def change_variant(self, domain: str, variant_id: str, **changes) -> dict:
		return seeding.variant(seeding.change_variant(self._variant(domain, variant_id), changes))

	def products(self, domain: str) -> list[dict]:
		return [seeding.product(product) for product in self._shop(domain).catalog.products]

	def add_location(self, domain: str, name: str) -> dict:
		return seeding.location(self._shop(domain).catalog.add_location(name))

	def locations(self, domain: str) -> list[dict]:
		return [seeding.location(location) for location in self._shop(domain).catalog.locations]

	def set_inventory(
		self, domain: str, variant_id: str, quantity: int | None, location_id: str | None = None
	) -> dict:
		variant, location = self._variant(domain, variant_id), self._location(domain, location_id)
		return seeding.variant(seeding.stock(variant, location, quantity))

	def age_order(self, domain: str, order_id: str, days: float) -> None:
		order = self._order(domain, order_id)
		order.created_at -= timedelta(days=days)
		order.updated_at -= timedelta(days=days)

	def received(self, domain: str | None = None, operation: str | None = None) -> list[dict]:
		return self._simulator.journal.entries(domain=domain, operation=operation)


def answer(simulator: Simulator, request: Request) -> Answer:
	"""Runs one command."""
	return control.answer(Control(simulator), simulator.lock, request, refusals=(ApiError,))
