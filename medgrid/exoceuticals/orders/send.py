"""Sending a Sales Order to the Exoceuticals store, exactly once. Contract: "sync_to_exoceuticals".

Data flow: claim (prerequisites, lines, payload) → orderCreate → record. If the outcome of an earlier attempt
is unknown, MedGrid searches Shopify for its order before it creates one.
"""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.order_results import OrderSummary
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Conflict
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.orders import cancellations, order_records
from medgrid.exoceuticals.orders.changes import events as changes
from medgrid.exoceuticals.orders.changes.takeover import take_over
from medgrid.exoceuticals.orders.destination import (
	OriginalSent,
	SecondOrder,
	StoreOrders,
	already_sent,
	being_sent,
	check_may_go,
)
from medgrid.exoceuticals.orders.not_sent import note_store_failure
from medgrid.exoceuticals.orders.preparation import Prepared, items_not_sold
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue
from medgrid.outbox import attempts
from medgrid.outbox.delivery import call, look_up
from medgrid.outbox.destinations import Claim, Record
from medgrid.outbox.failures import FailuresInARow, is_of_document
from medgrid.services.failure_texts import failure_text
from medgrid.services.outgoing import take_slot

# Shorter than `claim_seconds`, since one read may begin just before this deadline.
CALL_SECONDS = 20
# The seconds after which one of several calls for the same order has claimed it.
CLAIM_SECONDS = 2


@dataclass(frozen=True)
class SentOrder:
	"""A sent order.

	:param order_id: the GID of the order in Shopify.
	:param order_name: its name in Shopify, e.g. "#1042".
	:param left_out: the Items that were not sent, because Exoceuticals does not sell them.
	"""

	order_id: str
	order_name: str
	left_out: list[str] = field(default_factory=list)


def send(sales_order: str, rows: Collection[str] | None) -> SentOrder:
	"""Sends a Sales Order. Commits.

	:param sales_order: the name of an existing Sales Order.
	:param rows: the names of the rows to send; None: all that Exoceuticals sells.
	:raises RuleViolated: it cannot be sent as it is; the message says why (417).
	:raises IntegrationError: Shopify rejected it, or the request failed; certainly no order was created.
	:raises Conflict: it was sent already, or the outcome of an attempt is unknown (409).
	:raises InvalidInput: `rows` is empty or names a row that the order does not have (400).
	:raises TooManyRequests: see `outgoing.take_slot`.
	:raises Busy: see `outgoing.take_slot`.
	"""
	_check_may_go(sales_order)
	order_records.make_due(sales_order)
	take_slot(meanwhile=lambda: _check_free(sales_order), known_within=CLAIM_SECONDS)
	store = settings.load()
	with ExitStack() as stack:

		def connect() -> ShopifyClient:
			return stack.enter_context(store_client(store, seconds=CALL_SECONDS))

		try:
			return _send(StoreOrders(store, connect, rows), sales_order)
		except SecondOrder as error:
			in_transaction(partial(open_second_order, error))
			raise
		except OriginalSent:
			# The job that the amendment queued has not done it yet.
			pass
	take_over(sales_order)
	raise already_sent(sales_order, order_records.order_name_of(sales_order))


def _check_free(sales_order: str) -> None:
	"""What must be said before the caller waits for a slot.

	:raises Conflict: it was sent already, or is being sent (409).
	:raises RuleViolated: it may not be sent (417).
	"""
	_check_may_go(sales_order)
	if order_records.has_open_attempt(sales_order):
		raise being_sent(sales_order)


def _check_may_go(sales_order: str) -> None:
	fields = ["name", "docstatus", "status", "exoceuticals_order_id", "exoceuticals_order_name"]
	check_may_go(frappe.db.get_value("Sales Order", sales_order, fields, as_dict=True))


def _send(destination: StoreOrders, sales_order: str) -> SentOrder:
	claim = attempts.claim(destination, sales_order)
	if isinstance(claim, Record):
		if found := _look_up_earlier(destination, claim):
			return found
		claim = attempts.claim(destination, sales_order)
	if isinstance(claim, Record):
		raise being_sent(sales_order)
	summary = _call(destination, claim)
	return SentOrder(summary.id, summary.shown_name, claim.payload.left_out)


def _look_up_earlier(destination: StoreOrders, attempt: Record) -> SentOrder | None:
	"""Searches Shopify for the order of an earlier attempt; None if there is none, or if that is not certain
	yet."""
	order = frappe.get_doc("Sales Order", attempt.document)
	check_may_go(order)
	if not attempt.is_open():
		raise already_sent(order.name, order_records.order_name_of(order.name))
	summary = look_up(destination, attempt)
	if not summary:
		return None
	left_out = items_not_sold(order) if destination.rows is None else []
	return SentOrder(summary.id, summary.shown_name, left_out)


def _call(destination: StoreOrders, claim: Claim[Prepared]) -> OrderSummary:
	try:
		return call(destination, claim)
	except IntegrationError as error:
		if destination.is_not_made(error):
			if not is_of_document(error) and not isinstance(error, DeadlineExceeded):
				in_transaction(partial(note_store_failure, destination.reason_of(error)))
			raise
	raise being_sent(claim.document)


@dataclass
class Resolution:
	"""The number of attempts whose outcome was unknown and is known now.

	:param orders_found: attempts that created an order, which is now recorded.
	:param attempts_dropped: attempts that created no order; the Sales Order waits to be sent again.
	"""

	orders_found: int = 0
	attempts_dropped: int = 0


def look_up_attempts(client: ShopifyClient, counts: Resolution) -> None:
	"""Searches Shopify for the orders of attempts whose outcome is unknown. It records the orders that it
	finds; Sales Orders without one wait to be sent again. Commits after each attempt.

	:param counts: is increased for each attempt, so that it is correct after a failure, too.
	:raises IntegrationError: a failure that affects all orders.
	"""
	cancellations.record_missed()
	changes.catch_up()
	look_up_each(client, order_records.conclusive_attempts(), counts, FailuresInARow())


def look_up_each(
	client: ShopifyClient, unresolved: Collection[Record], counts: Resolution, in_a_row: FailuresInARow
) -> None:
	"""As `look_up_attempts`, for some attempts.

	:param in_a_row: counts the failures that concern one order.
	"""
	destination = StoreOrders(settings.load(), lambda: client)
	for attempt in unresolved:
		try:
			found = look_up(destination, attempt)
		except (IntegrationError, Conflict) as error:
			# A failed search for one order must not prevent the others.
			if isinstance(error, SecondOrder):
				in_transaction(partial(open_second_order, error))
			elif isinstance(error, IntegrationError):
				in_a_row.note(error)
				attempts.note_failed_search(attempt, destination.reason_of(error))
			frappe.logger("medgrid").warning(
				f"Exoceuticals: the outcome of {attempt.document} is still unknown: {failure_text(error)}"
			)
			continue
		in_a_row.note_answer()
		counts.orders_found += bool(found)
		counts.attempts_dropped += not found


def open_second_order(error: SecondOrder) -> None:
	"""Opens the issue of two orders for one Sales Order. The caller commits."""
	open_issue(
		Subject("exoceuticals", "second_order", related_to=str(error)),
		title=_("Exoceuticals: two orders for one Sales Order"),
		detail=str(error),
		who_acts=ADMINISTRATOR,
		what_to_do=_("Cancel one of the two orders in Shopify."),
	)
