"""Asking Shopify about one order. Contract: "poll_exoceuticals_status"."""

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import ORDER_STATUS
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import RuleViolated
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment import updates
from medgrid.exoceuticals.fulfillment.changes import DOCTYPE, ORDER_ID
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot, snapshot_from_graphql
from medgrid.exoceuticals.fulfillment.updates import Outcome

# A caller waits for it.
SECONDS = 30


def poll(sales_order: str) -> str:
	"""Asks Shopify for the state of an order and writes it to the Sales Order. Commits.

	:param sales_order: the name of one that exists.
	:returns: its `exoceuticals_status` now.
	:raises RuleViolated: it was never sent, it is gone at Shopify, or the store is not set up.
	:raises IntegrationError: Shopify cannot be asked.
	"""
	order_id = frappe.db.get_value(DOCTYPE, sales_order, ORDER_ID)
	if not order_id:
		raise not_sent(sales_order)
	with store_client(settings.load(), seconds=SECONDS) as client:
		snapshot = fetch(client, order_id)
	if not snapshot:
		raise gone(sales_order)
	result = in_transaction(lambda: updates.apply(snapshot, sales_order))
	if result.outcome is Outcome.UNKNOWN_ORDER:
		raise gone(sales_order)
	return result.status


def fetch(client: ShopifyClient, order_id: str) -> OrderSnapshot | None:
	"""
	:param order_id: the GID.
	:returns: None if Shopify has no such order.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	order = client.find(ORDER_STATUS, {"id": order_id})
	return snapshot_from_graphql(order) if order else None


def not_sent(sales_order: str) -> RuleViolated:
	return RuleViolated(
		_(
			"Sales Order {0} is not in the Exoceuticals store. Send it first, with sync_to_exoceuticals."
		).format(sales_order)
	)


def gone(sales_order: str) -> RuleViolated:
	return RuleViolated(
		_(
			"Shopify does not show the order of Sales Order {0} any more: "
			"it was deleted there, or it is older than the app may see."
		).format(sales_order)
	)
