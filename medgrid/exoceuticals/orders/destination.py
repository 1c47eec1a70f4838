"""The Exoceuticals store as a destination of Sales Orders.

Contract: "sync_to_exoceuticals".
"""

import json
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import cached_property
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import ORDER_BY_SOURCE, ORDER_CREATE
from medgrid.clients.shopify.errors import ScopeMissing, ShopNotFound, StoreLocked
from medgrid.clients.shopify.order_results import OrderSummary
from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import Conflict, MedgridError, RuleViolated
from medgrid.exoceuticals.fulfillment.status import CANCELLED, order_status
from medgrid.exoceuticals.orders import cancellations, order_records
from medgrid.exoceuticals.orders.not_sent import settle_not_sent, settle_store_failure
from medgrid.exoceuticals.orders.order_records import OUTBOX
from medgrid.exoceuticals.orders.preparation import Prepared, prepare
from medgrid.exoceuticals.settings import StoreSettings
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	InvalidRecord,
	PaymentRequired,
)
from medgrid.orders.amendments import originals
from medgrid.orders.sales_order import AT_STORE, STOPPED, is_free_at_store
from medgrid.outbox.destinations import Outcome, Reason, Record
from medgrid.outbox.failures import is_of_document
from medgrid.outbox.modified import compared_until
from medgrid.outbox.states import State, WhoActs
from medgrid.services.failure_texts import failure_text

# Shopify's statuses of orders of which goods were shipped.
SHIPPED = ("FULFILLED", "PARTIALLY_FULFILLED")
# Failures that only an administrator can correct.
BY_ADMINISTRATOR = (CredentialsRejected, PaymentRequired, ScopeMissing, ShopNotFound, StoreLocked)


class SecondOrder(Conflict):
	"""Shopify has two orders for one Sales Order; an administrator must cancel one of them."""


class OriginalSent(Conflict):
	"""Exoceuticals has an order that this Sales Order amends. The Sales Order takes it over."""


class StoreOrders:
	"""The store as a `medgrid.outbox.destinations.Destination`. A Sales Order has at most one record; the
	receipt is Shopify's summary of the order.

	:param store: the settings of the store.
	:param connect: creates the client; it is called at the first request.
	:param rows: the names of the Sales Order's rows to send; None: all that Exoceuticals sells.
	"""

	outbox = OUTBOX

	def __init__(
		self,
		store: StoreSettings,
		connect: Callable[[], ShopifyClient],
		rows: Collection[str] | None = None,
	):
		self.store, self.connect, self.rows = store, connect, rows

	@cached_property
	def client(self) -> ShopifyClient:
		return self.connect()

	def key(self, document: str) -> dict[str, str]:
		return {"sales_order": document}

	def prepare(self, document: Any) -> Prepared:
		"""Builds the payload; see `Destination.prepare`.

		:param document: a Sales Order document.
		:raises Conflict: it was sent already, or it amends an order whose outcome is unknown (409).
		:raises OriginalSent: it amends an order that Exoceuticals has.
		:raises InvalidInput: `rows` is empty or names a row that the order does not have (400).
		:raises RuleViolated: it cannot be sent as it is; the message says why (417).
		"""
		check_may_go(document)
		prepared = prepare(document, self.rows, self.store.order_tag, with_taxes=self.store.send_tax_lines)
		_check_originals(document.name)
		self.store.require("shop_domain", "api_token")
		return prepared

	def content(self, payload: Prepared) -> dict[str, Any]:
		return {
			"asked_rows": None if self.rows is None else json.dumps(list(self.rows)),
			"lines": json.dumps(payload.rows),
			"rows_known": json.dumps(payload.known),
			"sent_content": payload.content.as_json(),
			"compared_at": compared_until(),
			"is_changed": 0,
			"difference": None,
		}

	def check(self, payload: Prepared) -> None:
		"""Does nothing: Shopify checks an order when it creates it."""

	def make_way(self, payload: Prepared) -> None:
		"""Does nothing: an amended order takes over the order that it amends; see `OriginalSent`."""

	def send(self, payload: Prepared) -> OrderSummary:
		content = payload.variables.model_dump(mode="json", exclude_none=True)
		return self.client.mutate(ORDER_CREATE, content)

	def is_not_made(self, error: Exception) -> bool:
		return isinstance(error, IntegrationError) and error.was_sent is not None

	def is_refused(self, error: Exception) -> bool:
		"""None is parked at once: the schedule repeats it, since people may correct it meanwhile."""
		return False

	def pause_after(self, error: Exception, attempts: int) -> timedelta | None:
		return None

	def find(self, document: str) -> OrderSummary | None:
		"""See `Destination.find`. Shopify's search ignores case, so this compares the names exactly."""
		quoted = document.replace("\\", "\\\\").replace("'", "\\'")
		answer = self.client.query(ORDER_BY_SOURCE, {"query": f"source_identifier:'{quoted}'"})
		found = next((order for order in answer.nodes if order and order.sourceIdentifier == document), None)
		if not found and answer.unreadable:
			# One of these may be the order; sending it again would create a second one.
			raise InvalidRecord("an order that is not valid", service=self.client.service)
		return found

	def outcome(self, document: str, record: Record | None, receipt: OrderSummary) -> Outcome:
		"""Writes the contract's fields to the Sales Order. Opens an issue if the Sales Order, or its order in
		Shopify, was cancelled in the meantime. See `Destination.outcome`.

		:raises SecondOrder: the Sales Order has another order in Shopify.
		"""
		fields = ["docstatus", "exoceuticals_order_id"]
		order = frappe.db.get_value("Sales Order", document, fields, as_dict=True)
		known = order.exoceuticals_order_id
		if known and known != receipt.id:
			raise SecondOrder(
				_("Shopify has two orders for {0}: {1} and {2}. Cancel one of them in Shopify.").format(
					document, known, receipt.id
				)
			)
		# What was shipped before it was cancelled, the reconciliation reads; until then it is not cancelled.
		cancelled = bool(receipt.cancelledAt) and receipt.displayFulfillmentStatus not in SHIPPED
		status = order_status(receipt.displayFulfillmentStatus, cancelled=cancelled)
		# Contract, "Dates & Times": in UTC, to the second.
		moment = stored_utc_now().replace(microsecond=0)
		if not known:
			values = {
				"exoceuticals_order_id": receipt.id,
				"exoceuticals_order_name": receipt.shown_name,
				"exoceuticals_status": status,
				"exoceuticals_sync_date": moment,
			}
			frappe.db.set_value("Sales Order", document, values)
			settle_not_sent(document)
			settle_store_failure()
			cancellations.notify_late_order(document, receipt.shown_name, status)
		sent = {"order_id": receipt.id, "order_name": receipt.shown_name, "sent_at": moment}
		if order.docstatus == 2:
			return Outcome(
				sent, State.CANCELLED, cancellations.reason_of_cancelled(receipt.shown_name, status)
			)
		if status == CANCELLED:
			# The answer was lost, and Exoceuticals has cancelled the order before MedGrid found it.
			reason = cancellations.note_cancelled_there(document, receipt.shown_name)
			return Outcome(sent, State.CANCELLED, reason)
		return Outcome(sent)

	def reason_of(self, error: Exception) -> Reason:
		if not isinstance(error, MedgridError):
			return Reason(
				_("MedGrid was stopped while it sent the order. The next reconciliation checks the outcome.")
			)
		if not self.is_not_made(error):
			return Reason(failure_text(error))
		return Reason(failure_text(error), _who_acts(error), counts=is_of_document(error))

	def reason_of_nothing(self) -> Reason:
		return Reason(_("The last attempt created no order in Shopify."))


def _who_acts(error: Exception) -> WhoActs:
	if isinstance(error, BY_ADMINISTRATOR):
		return WhoActs.ADMINISTRATOR
	is_passing = isinstance(error, IntegrationError) and (error.is_passing or error.retry_after is not None)
	return WhoActs.NOBODY if is_passing else WhoActs.WHOLESALER


def check_may_go(order: Any) -> None:
	"""Checks that a Sales Order may be sent.

	:param order: a Sales Order document.
	:raises Conflict: it was sent already.
	:raises RuleViolated: it is not submitted, or it is on hold or closed.
	"""
	if order.docstatus == 2:
		raise RuleViolated(_("{0} is cancelled. Amend it, then send the new order.").format(order.name))
	if order.docstatus != 1:
		raise RuleViolated(_("{0} must be submitted before it can be sent.").format(order.name))
	if order.exoceuticals_order_id:
		raise already_sent(order.name, order.exoceuticals_order_name or order.exoceuticals_order_id)
	if order.status in STOPPED:
		sentence = _("{0} is {1}. Open it again, then send it.")
		raise RuleViolated(sentence.format(order.name, _(order.status)))


def being_sent(sales_order: str) -> Conflict:
	"""Returns the error for a Sales Order that has an open attempt."""
	return Conflict(
		_("{0} is being sent, or the outcome of an earlier attempt is unknown. Try again shortly.").format(
			sales_order
		)
	)


def already_sent(sales_order: str, order: str) -> Conflict:
	"""Returns the error for a Sales Order that was sent already.

	:param order: the order's name in Shopify.
	"""
	sentence = _("{0} was sent to Exoceuticals already, as {1}. Do not send it again.")
	return Conflict(sentence.format(sales_order, order))


def _check_originals(sales_order: str) -> None:
	"""Checks that Exoceuticals does not ship the orders that this Sales Order amends.

	:raises Conflict: the outcome of an original is unknown.
	:raises OriginalSent: Exoceuticals has an original, or has shipped goods of it.
	"""
	fields = ["exoceuticals_order_id", *AT_STORE]
	for original in originals(sales_order):
		if order_records.has_open_attempt(original):
			# After the reconciliation has looked it up, it is known whether there is an order to take over.
			raise being_sent(original)
		row = frappe.db.get_value("Sales Order", original, fields, as_dict=True)
		if row.exoceuticals_order_id and not is_free_at_store(row):
			raise OriginalSent(original)
