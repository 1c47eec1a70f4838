"""The Exoceuticals store as a destination of Sales Orders: what it gets, and what it says of it.

Contract: "sync_to_exoceuticals".
"""

import json
from collections.abc import Callable, Collection
from functools import cached_property
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import ORDER_BY_SOURCE, ORDER_CREATE
from medgrid.clients.shopify.errors import ScopeMissing, ShopNotFound, StoreLocked
from medgrid.clients.shopify.models import OrderSummary
from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import Conflict, MedgridError, RuleViolated
from medgrid.exoceuticals.fulfillment.status import CANCELLED, order_status
from medgrid.exoceuticals.orders import cancellations, order_records
from medgrid.exoceuticals.orders.order_records import OUTBOX
from medgrid.exoceuticals.orders.preparation import Prepared, prepare
from medgrid.exoceuticals.settings import StoreSettings
from medgrid.http_client.errors import CredentialsRejected, IntegrationError, PaymentRequired
from medgrid.orders.amendments import originals
from medgrid.orders.sales_order import STOPPED
from medgrid.outbox.destinations import Outcome, Reason, Record
from medgrid.outbox.states import State, WhoActs
from medgrid.services.failure_texts import failure_text

# What only an administrator can put right.
BY_ADMINISTRATOR = (CredentialsRejected, PaymentRequired, ScopeMissing, ShopNotFound, StoreLocked)


class SecondOrder(Conflict):
	"""Shopify has two orders of one Sales Order; people have to look at them."""


class StoreOrders:
	"""The store. A document's record is unique by Sales Order; a receipt is Shopify's summary of the order.

	:param connect: makes the client, when it is needed.
	:param rows: names of the Sales Order's rows to send; None: all that Exoceuticals sells.
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
		"""
		:param document: a Sales Order document.
		:raises Conflict: it was sent already, or it amends one whose outcome is unknown (409).
		:raises InvalidInput: a row that is not the order's (400).
		:raises RuleViolated: it cannot be sent as it is; the message says why (417).
		"""
		check_may_go(document)
		prepared = prepare(document, self.rows, self.store.order_tag)
		_check_originals(document.name)
		self.store.require("shop_domain", "api_token")
		return prepared

	def content(self, payload: Prepared) -> dict[str, Any]:
		return {"lines": json.dumps(payload.rows)}

	def check(self, payload: Prepared) -> None:
		"""Shopify checks an order when it makes it."""

	def send(self, payload: Prepared) -> OrderSummary:
		content = payload.variables.model_dump(mode="json", exclude_none=True)
		return self.client.mutate(ORDER_CREATE, content)

	def is_not_made(self, error: Exception) -> bool:
		return isinstance(error, IntegrationError) and error.was_sent is not None

	def find(self, document: str) -> OrderSummary | None:
		"""Shopify's search ignores case: names are compared exactly."""
		quoted = document.replace("\\", "\\\\").replace("'", "\\'")
		found = self.client.query(ORDER_BY_SOURCE, {"query": f"source_identifier:'{quoted}'"}).nodes
		return next((order for order in found if order and order.sourceIdentifier == document), None)

	def outcome(self, document: str, record: Record | None, receipt: OrderSummary) -> Outcome:
		"""The Sales Order gets the contract's fields. Administrators are notified if it was cancelled in the
		meantime."""
		fields = ["docstatus", "exoceuticals_order_id"]
		order = frappe.db.get_value("Sales Order", document, fields, as_dict=True)
		known = order.exoceuticals_order_id
		if known and known != receipt.id:
			raise SecondOrder(
				_("Shopify has two orders of {0}: {1} and {2}. Cancel one of them in Shopify.").format(
					document, known, receipt.id
				)
			)
		status = order_status(receipt.displayFulfillmentStatus, cancelled=bool(receipt.cancelledAt))
		# Contract, "Dates & Times": in UTC, to the second.
		moment = stored_utc_now().replace(microsecond=0)
		if not known:
			values = {
				"exoceuticals_order_id": receipt.id,
				"exoceuticals_order_name": receipt.name,
				"exoceuticals_status": status,
				"exoceuticals_sync_date": moment,
			}
			frappe.db.set_value("Sales Order", document, values)
			cancellations.settle_not_sent(document)
			cancellations.notify_late_order(document, receipt.name, status)
		sent = {"order_id": receipt.id, "order_name": receipt.name, "sent_at": moment}
		if order.docstatus == 2:
			return Outcome(sent, State.CANCELLED, cancellations.reason_of_cancelled(receipt.name, status))
		return Outcome(sent)

	def reason_of(self, error: Exception) -> Reason:
		if not isinstance(error, MedgridError):
			return Reason(_("MedGrid was stopped while it sent the order."))
		if not self.is_not_made(error):
			return Reason(failure_text(error))
		by_administrator = isinstance(error, BY_ADMINISTRATOR)
		return Reason(failure_text(error), WhoActs.ADMINISTRATOR if by_administrator else WhoActs.WHOLESALER)

	def reason_of_nothing(self) -> Reason:
		return Reason(_("The last attempt made no order in Shopify. Send it again."), WhoActs.WHOLESALER)


def check_may_go(order: Any) -> None:
	"""
	:param order: a Sales Order document.
	:raises Conflict: it was sent already.
	:raises RuleViolated: it is not submitted, or nobody is to ship it.
	"""
	if order.docstatus == 2:
		raise RuleViolated(_("{0} is cancelled. Amend it, and send the new order.").format(order.name))
	if order.docstatus != 1:
		raise RuleViolated(_("{0} must be submitted before it can be sent.").format(order.name))
	if order.exoceuticals_order_id:
		raise already_sent(order.name, order.exoceuticals_order_name or order.exoceuticals_order_id)
	if order.status in STOPPED:
		sentence = _("{0} is {1}. Open it again, then send it.")
		raise RuleViolated(sentence.format(order.name, _(order.status)))


def being_sent(sales_order: str) -> Conflict:
	"""What a caller gets while an attempt is open."""
	return Conflict(
		_("{0} is being sent, or the outcome of an earlier attempt is unknown. Try again shortly.").format(
			sales_order
		)
	)


def already_sent(sales_order: str, order: str) -> Conflict:
	"""What a caller gets who sends an order once more.

	:param order: how Shopify names it.
	"""
	sentence = _("{0} was sent to Exoceuticals already, as {1}. Do not send it again.")
	return Conflict(sentence.format(sales_order, order))


def _check_originals(sales_order: str) -> None:
	"""An amended order goes out only when Exoceuticals does not ship the original any more."""
	fields = ["exoceuticals_order_id", "exoceuticals_order_name", "exoceuticals_status"]
	for original in originals(sales_order):
		if order_records.has_open_attempt(original):
			# The reconciliation looks it up, and then it is clear what is to be cancelled.
			raise being_sent(original)
		row = frappe.db.get_value("Sales Order", original, fields, as_dict=True)
		if row.exoceuticals_order_id and row.exoceuticals_status != CANCELLED:
			raise RuleViolated(
				_(
					"{0} amends {1}, which Exoceuticals has as {2}. Cancel that order in Shopify, refresh the"
					" status of {1}, then send this one."
				).format(sales_order, original, row.exoceuticals_order_name)
			)
