"""Control calls about orders, from Python. Each returns the order as webhooks show it."""

from collections.abc import Iterable


class RemoteOrders:
	def orders(self, domain: str) -> list[dict]:
		"""Oldest first, as in webhooks, with display_fulfillment_status besides."""
		return self._call("orders", domain=domain)

	def order(self, domain: str, order_id: str) -> dict:
		return self._call("order", domain=domain, order_id=order_id)

	def make_orders(self, domain: str, orders: Iterable[dict]) -> list[dict]:
		"""
		:param orders: each an OrderCreateOrderInput.
		"""
		return self._call("make_orders", domain=domain, orders=list(orders))

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
		return self._call(
			"fulfill",
			domain=domain,
			order_id=order_id,
			tracking=list(tracking or ()),
			quantities=quantities,
			silent=silent,
		)

	def change_tracking(
		self, domain: str, order_id: str, tracking: Iterable[dict], fulfillment_id: int | None = None
	) -> dict:
		"""Of the last fulfillment, or of this one."""
		return self._call(
			"change_tracking",
			domain=domain,
			order_id=order_id,
			tracking=list(tracking),
			fulfillment_id=fulfillment_id,
		)

	def cancel_fulfillment(self, domain: str, order_id: str, fulfillment_id: int | None = None) -> dict:
		return self._call(
			"cancel_fulfillment", domain=domain, order_id=order_id, fulfillment_id=fulfillment_id
		)

	def cancel(self, domain: str, order_id: str, reason: str = "CUSTOMER", silent: bool = False) -> dict:
		"""Sends orders/cancelled and orders/updated."""
		return self._call("cancel", domain=domain, order_id=order_id, reason=reason, silent=silent)

	def set_status(self, domain: str, order_id: str, status: str | None, silent: bool = False) -> dict:
		"""Any display status; None: what the shipments say. Sends orders/updated."""
		return self._call("set_status", domain=domain, order_id=order_id, status=status, silent=silent)

	def hold(self, domain: str, order_id: str) -> dict:
		return self.set_status(domain, order_id, "ON_HOLD")

	def release_hold(self, domain: str, order_id: str) -> dict:
		return self.set_status(domain, order_id, None)

	def age_order(self, domain: str, order_id: str, days: float) -> None:
		"""Moves an order into the past; past 60 days it takes read_all_orders to see it."""
		self._call("age_order", domain=domain, order_id=order_id, days=days)
