"""Control calls about orders: what a merchant's people and their warehouse do with them.

Each returns the order as webhooks show it.
"""

from collections.abc import Iterable
from datetime import timedelta

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify.admin_api.schema import enum_values
from sandbox.simulators.shopify.control.lookup import Lookup
from sandbox.simulators.shopify.shop import order_create
from sandbox.simulators.shopify.shop.orders import Fulfillment, Order
from sandbox.simulators.shopify.shop.shops import Shop
from sandbox.simulators.shopify.webhooks import payloads

REASONS = ("CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF")


class OrderCommands(Lookup):
	def orders(self, domain: str) -> list[dict]:
		"""Oldest first, as in webhooks, with display_fulfillment_status besides."""
		shop = self._shop(domain)
		return [_shown(order, shop) for order in shop.orders.all]

	def order(self, domain: str, order_id: str) -> dict:
		return _shown(self._order(domain, order_id), self._shop(domain))

	def make_orders(self, domain: str, orders: Iterable[dict]) -> list[dict]:
		"""Each is an OrderCreateOrderInput; no webhook tells of them."""
		shop, made = self._shop(domain), []
		for content in orders:
			order, errors = order_create.create(shop, content, {})
			if not order:
				raise ControlRefused(f"orderCreate: {errors}")
			made.append(_shown(order, shop))
		return made

	def fulfill(
		self,
		domain: str,
		order_id: str,
		tracking_number: str | None = None,
		company: str | None = None,
		url: str | None = None,
		*,
		tracking: Iterable[dict] | None = None,
		quantities: dict[str, int] | None = None,
		silent: bool = False,
	) -> dict:
		"""Ships what is open. Sends orders/fulfilled if nothing is open afterwards, and orders/updated.

		:param tracking: several labels, each number, company and url, instead of the one.
		:param quantities: SKU -> how many, for a part.
		:param silent: without a webhook, as if it were lost.
		"""
		if tracking is None and (tracking_number or company or url):
			tracking = [{"number": tracking_number, "company": company, "url": url}]
		order = self._order(domain, order_id)
		by_line = _quantities(order, quantities) if quantities else None
		fulfillment = order.fulfill(_tracking(tracking), by_line)
		if not silent:
			self._tell_fulfilled(self._shop(domain), order)
		return {"fulfillment_id": fulfillment.number, **_shown(order, self._shop(domain))}

	def change_tracking(
		self, domain: str, order_id: str, tracking: Iterable[dict], fulfillment_id: int | None = None
	) -> dict:
		"""Of the last fulfillment, or of this one."""
		order = self._order(domain, order_id)
		order.change_tracking(_fulfillment(order, fulfillment_id), _tracking(tracking))
		return self._updated(domain, order)

	def cancel_fulfillment(self, domain: str, order_id: str, fulfillment_id: int | None = None) -> dict:
		order = self._order(domain, order_id)
		order.cancel_fulfillment(_fulfillment(order, fulfillment_id))
		return self._updated(domain, order)

	def cancel(self, domain: str, order_id: str, reason: str = "CUSTOMER", silent: bool = False) -> dict:
		"""Sends orders/cancelled and orders/updated."""
		if reason not in REASONS:
			raise ControlRefused(f"Unknown reason {reason!r}: one of {', '.join(REASONS)}.")
		order = self._order(domain, order_id)
		order.cancel(reason)
		if not silent:
			self._tell_order(domain, order, "ORDERS_CANCELLED")
		return self._updated(domain, order, silent)

	def set_status(self, domain: str, order_id: str, status: str | None, silent: bool = False) -> dict:
		"""Any display status; None: what the shipments say. Sends orders/updated."""
		known = enum_values("OrderDisplayFulfillmentStatus")
		if status is not None and status not in known:
			raise ControlRefused(f"Unknown status {status!r}: one of {', '.join(known)}.")
		order = self._order(domain, order_id)
		order.forced_status = status
		order.touch()
		return self._updated(domain, order, silent)

	def hold(self, domain: str, order_id: str) -> dict:
		return self.set_status(domain, order_id, "ON_HOLD")

	def release_hold(self, domain: str, order_id: str) -> dict:
		return self.set_status(domain, order_id, None)

	def age_order(self, domain: str, order_id: str, days: float) -> None:
		"""Moves an order into the past; past 60 days it takes read_all_orders to see it."""
		order = self._order(domain, order_id)
		order.created_at -= timedelta(days=days)
		order.updated_at -= timedelta(days=days)

	def _updated(self, domain: str, order: Order, silent: bool = False) -> dict:
		if not silent:
			self._tell_order(domain, order, "ORDERS_UPDATED")
		return _shown(order, self._shop(domain))

	def _tell_fulfilled(self, shop: Shop, order: Order) -> None:
		if order.display_fulfillment_status == "FULFILLED":
			self._tell_order(shop.domain, order, "ORDERS_FULFILLED")
		self._tell_order(shop.domain, order, "ORDERS_UPDATED")

	def _tell_order(self, domain: str, order: Order, topic: str) -> None:
		shop = self._shop(domain)
		self._tell(shop, topic, payloads.order(order, shop))


def _shown(order: Order, shop: Shop) -> dict:
	"""As in a webhook, with the GraphQL status besides."""
	return {**payloads.order(order, shop), "display_fulfillment_status": order.display_fulfillment_status}


def _fulfillment(order: Order, number: int | None) -> Fulfillment:
	for fulfillment in reversed(order.fulfillments):
		if number in (None, fulfillment.number):
			return fulfillment
	raise ControlRefused(f"Order {order.name} has no such fulfillment.")


def _quantities(order: Order, by_sku: dict[str, int]) -> dict[int, int]:
	"""Line item numbers for SKUs; of lines with the same SKU, the first that is open."""
	quantities = {}
	for sku, quantity in by_sku.items():
		lines = [line for line in order.line_items if line.sku == sku and line.unfulfilled_quantity]
		if not lines:
			raise ControlRefused(f"Order {order.name} has no open line with the SKU {sku!r}.")
		quantities[lines[0].number] = quantity
	return quantities


def _tracking(entries: Iterable[dict] | None) -> list[dict]:
	"""Each of number, company and url, null where it was left out."""
	return [{name: entry.get(name) for name in ("number", "company", "url")} for entry in entries or []]
