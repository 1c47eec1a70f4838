"""Pushes a vendor's due orders, oldest first. The outbox ensures that no order is lost or sent twice."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.orders import FoundOrders
from medgrid.core.faults.borders import report as log_fault
from medgrid.core.waiting.request_time import in_request
from medgrid.exceptions import Busy, NotFound
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, RequestRejected
from medgrid.integrations.notices import do_not_ship
from medgrid.integrations.shipstation import order_records, sales_order_events
from medgrid.integrations.shipstation.changes.cancelling import CancelledThere, cancel_there
from medgrid.integrations.shipstation.changes.remote_lines import has_other_lines
from medgrid.integrations.shipstation.changes.resending import changed_orders, resend
from medgrid.integrations.shipstation.changes.restoring import note_released
from medgrid.integrations.shipstation.changes.shipped import shipped_since_change, tell_difference
from medgrid.integrations.shipstation.changes.takeover import take_over
from medgrid.integrations.shipstation.destination import ShipStationOrders
from medgrid.integrations.shipstation.eligibility import due_orders
from medgrid.integrations.shipstation.order_records import OUTBOX, ParkedOrder, PushContext
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.integrations.shipstation.reasons import (
	NotDue,
	OriginalShipped,
	fault_reason,
	is_fault,
	reason_of_lost_account,
	reason_to_wait,
)
from medgrid.orders.amendments import amended_order_of
from medgrid.outbox import attempts, due_documents
from medgrid.outbox.delivery import call, look_up
from medgrid.outbox.destinations import Record
from medgrid.outbox.failures import FailuresInARow, is_of_document
from medgrid.services.failure_texts import failure_text

# For how many days each sync reports an order that was cancelled after it was sent, until somebody
# acknowledges it.
CANCELLATION_DAYS = 7
# The maximum number of reported problems: a vendor will not read more. The orders themselves stay due.
MAX_ERRORS = 50
# So many orders are looked up in ShipStation before they are sent, at most: what is found gets old.
LOOK_AHEAD = 50


@dataclass
class PushReport:
	"""The outcome of a push.

	:param errors: a sentence for each order that was not sent, or was cancelled after it was sent.
	:param deferred: the number of orders within the limit that were not processed because time ran out, or
		because others had them locked for longer than a caller waits.
	"""

	pushed: int = 0
	errors: list[str] = field(default_factory=list)
	deferred: int = 0

	def add_error(self, sales_order: str, reason: str) -> None:
		"""Adds the problem of an order, up to MAX_ERRORS."""
		if len(self.errors) < MAX_ERRORS:
			self.errors.append(f"{sales_order}: {reason}")


def push_due_orders(
	client: ShipStationClient,
	context: PushContext,
	limit: int | None,
	report: PushReport,
	*,
	by_person: bool = False,
) -> None:
	"""Pushes up to `limit` due orders: new ones first, oldest first. An order that cannot be sent does not
	stop the others.

	:param limit: None: all due orders.
	:param report: is filled during the work, so that it is complete even if an exception ends the push.
	:param by_person: whether a person asks for it: then orders that wait for a later attempt are due, too.
	:raises IntegrationError: a failure that affects all orders: rejected credentials, ShipStation is down,
		etc.
	"""
	destination, in_a_row = ShipStationOrders(client, context), FailuresInARow()
	due, next_ones = due_orders(context, by_person=by_person), deque[str]()
	try:
		for attempt in order_records.open_attempts(context, by_person=by_person):
			_look_up(destination, attempt, report, in_a_row)
		_resend_changed(client, context, report, in_a_row)
		_cancel_there(client, context, report, in_a_row)
		_recheck_parked(client, context, report)
		while limit is None or report.pushed < limit:
			if not next_ones:
				next_ones.extend(islice(due, LOOK_AHEAD if limit is None else limit - report.pushed))
				destination.look_ahead(next_ones)
			if not next_ones:
				break
			client.keep_alive()
			_push_reporting(destination, next_ones[0], report, in_a_row)
			next_ones.popleft()
	except DeadlineExceeded:
		rest = None if limit is None else max(0, limit - report.pushed)
		report.deferred += max(1, sum(1 for _name in islice(chain(next_ones, due), rest)))


def _recheck_parked(client: ShipStationClient, context: PushContext, report: PushReport) -> None:
	"""Makes orders due again that were parked because of another order under their key, if ShipStation has
	nothing under it any more, or only their own lines. Reports the other parked orders, which wait for
	somebody to retry them."""
	parked = order_records.parked_orders(context, MAX_ERRORS)
	found: FoundOrders | None = None
	with _suppressing_failures_of_orders():
		found = client.find_orders([order.sales_order for order in parked if order.is_key_taken])
	for order in parked:
		if found and order.is_key_taken and _is_free(found, order):
			due_documents.retry(OUTBOX, order.name)
		else:
			report.add_error(order.sales_order, order.reason)


@contextmanager
def _suppressing_failures_of_orders() -> Iterator[None]:
	try:
		yield
	except IntegrationError as error:
		if not is_of_document(error):
			raise


def _is_free(found: FoundOrders, order: ParkedOrder) -> bool:
	key = order.sales_order
	return key not in found.unreadable and not has_other_lines(found.orders.get(key), order.lines)


def _look_up(
	destination: ShipStationOrders, attempt: Record, report: PushReport, in_a_row: FailuresInARow
) -> None:
	"""Looks up an attempt whose outcome is unknown. If ShipStation's answer about this order cannot be used,
	the others go on."""
	try:
		is_elsewhere = order_records.is_at_another_account(attempt, destination.context)
		reason = reason_of_lost_account() if is_elsewhere else None
		report.pushed += look_up(destination, attempt, if_elsewhere=reason) is not None
		in_a_row.note_answer()
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		report.add_error(attempt.document, failure_text(error))
		attempts.note_failed_search(attempt, destination.reason_of(error))
		in_a_row.note(error)


def _resend_changed(
	client: ShipStationClient, context: PushContext, report: PushReport, in_a_row: FailuresInARow
) -> None:
	"""Sends the orders again that have changed since they were sent, and are open in ShipStation; says of
	those that were shipped meanwhile what differs."""
	with _suppressing_failures_of_orders():
		note_released(client, context)
	for name in changed_orders(context):
		client.keep_alive()
		with _reporting(_sales_order_of(name), report, in_a_row):
			resend(client, name)
			in_a_row.note_answer()
	for name in shipped_since_change(context):
		client.keep_alive()
		with _reporting(_sales_order_of(name), report, in_a_row):
			tell_difference(client, name)
			in_a_row.note_answer()


def _cancel_there(
	client: ShipStationClient, context: PushContext, report: PushReport, in_a_row: FailuresInARow
) -> None:
	"""Cancels orders in ShipStation whose Sales Orders were cancelled after they were sent, and reports those
	that the vendor must cancel there."""
	supplier = context.supplier
	# A job records each cancellation when it happens; this catches up on jobs that the queue lost.
	for sales_order in order_records.cancelled_without_record(supplier, CANCELLATION_DAYS):
		sales_order_events.record_cancellation(sales_order)
	for row in order_records.cancellations_since(context, CANCELLATION_DAYS):
		client.keep_alive()
		with _reporting(row.sales_order, report, in_a_row):
			outcome = cancel_there(client, row.sales_order, supplier)
			in_a_row.note_answer()
			amended = amended_order_of(row.sales_order)
			if outcome is CancelledThere.SHIPPED and amended:
				take_over(amended, row.sales_order, supplier)
	left = order_records.cancellations_since(context, CANCELLATION_DAYS)
	for row in left:
		report.add_error(row.sales_order, row.reason)
	do_not_ship.tell([row.name for row in left])


def _sales_order_of(name: str) -> str:
	return order_records.sales_order_of(name) or name


@contextmanager
def _reporting(sales_order: str, report: PushReport, in_a_row: FailuresInARow) -> Iterator[None]:
	"""Reports what fails at one order that ShipStation has; the others go on."""
	try:
		yield
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		report.add_error(sales_order, failure_text(error))
		in_a_row.note(error)
	except (Busy, NotFound) as error:
		report.add_error(sales_order, failure_text(error))
	except Exception as error:
		if not is_fault(error):
			raise
		report.add_error(sales_order, str(fault_reason().text))
		log_fault(error, f"ShipStation: {sales_order} was not sent again")


def _push_reporting(
	destination: ShipStationOrders, name: str, report: PushReport, in_a_row: FailuresInARow
) -> None:
	try:
		if push_order(destination, name):
			report.pushed += 1
			in_a_row.note_answer()
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		report.add_error(name, failure_text(error))
		in_a_row.note(error)
	except Busy as error:
		# It stays due. A job waits longer for the lock than a caller does.
		if in_request():
			report.deferred += 1
		else:
			report.add_error(name, failure_text(error))
	except Exception as error:
		if not is_fault(error):
			raise
		report.add_error(name, str(destination.reason_of(error).text))
		log_fault(error, f"ShipStation: {name} was not sent")


def push_order(destination: ShipStationOrders, name: str) -> bool:
	"""Sends one order, unless it was sent already, is being sent, or has nothing to send.

	:returns: whether this call sent the order.
	:raises IntegrationError: it failed, and its record has the reason. The order waits for its next attempt,
		is parked, or its outcome is unknown. See `failures.is_of_document`.
	:raises Exception: a fault of MedGrid's (`is_fault`); likewise.
	"""
	try:
		claim = attempts.claim(destination, name)
	except (NotDue, NotFound):
		return False
	except NothingToSend:
		due_documents.note_not_ours(destination, name)
		return False
	except RequestRejected as error:
		attempts.postpone(destination, name, reason_to_wait(error))
		raise
	except Exception as error:
		if is_fault(error):
			attempts.postpone(destination, name, destination.reason_of(error))
		raise
	if isinstance(claim, Record):
		return False
	try:
		call(destination, claim)
	except OriginalShipped as shipped:
		take_over(name, shipped.original, destination.context.supplier)
		return False
	return True
