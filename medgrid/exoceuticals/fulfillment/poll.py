"""Requests the state of one order from Shopify. Contract: "poll_exoceuticals_status"."""

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
from medgrid.exoceuticals.fulfillment.updates import SnapshotOutcome
from medgrid.http_client.errors import UnexpectedResponse
from medgrid.http_client.partial_reading import in_words

# The time limit, since a caller waits.
SECONDS = 20


def poll(sales_order: str) -> str:
	"""Requests the state of an order from Shopify and writes it to the Sales Order. Commits.

	:param sales_order: the name of an existing Sales Order.
	:returns: its new `exoceuticals_status`.
	:raises RuleViolated: it was never sent, Shopify no longer has its order, or the store is not set up.
	:raises IntegrationError: the request to Shopify failed, or the status in its answer cannot be read; the
		rest of the answer is written.
	"""
	order_id = frappe.db.get_value(DOCTYPE, sales_order, ORDER_ID)
	if not order_id:
		raise not_sent(sales_order)
	known = updates.known_version(sales_order)
	with store_client(settings.load(), seconds=SECONDS) as client:
		snapshot = fetch(client, order_id)
		if not snapshot:
			raise gone(sales_order)
		result = in_transaction(lambda: updates.apply(snapshot, sales_order, asked_of=known))
		if result.outcome is SnapshotOutcome.UNKNOWN_ORDER:
			raise gone(sales_order)
		if not snapshot.status:
			raise UnexpectedResponse(in_words(snapshot.problems), service=client.service)
	return result.status


def fetch(client: ShopifyClient, order_id: str) -> OrderSnapshot | None:
	"""Requests the state of one order.

	:param order_id: the order's GID.
	:returns: None if Shopify does not have the order.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	order = client.find(ORDER_STATUS, {"id": order_id})
	return snapshot_from_graphql(order) if order else None


def not_sent(sales_order: str) -> RuleViolated:
	"""Returns the error for a Sales Order that was never sent."""
	return RuleViolated(
		_(
			"Sales Order {0} is not in the Exoceuticals store. Send it first with sync_to_exoceuticals."
		).format(sales_order)
	)


def gone(sales_order: str) -> RuleViolated:
	"""Returns the error for a Sales Order whose order Shopify no longer shows."""
	return RuleViolated(
		_(
			"Shopify no longer shows the order of Sales Order {0}. It was deleted, or it is older than the "
			"app may read. Look for it in Shopify's Admin."
		).format(sales_order)
	)
