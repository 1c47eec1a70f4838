"""Pushing a vendor's due orders, oldest first. No order is lost and none is sent twice: see `outbox/`."""

from dataclasses import dataclass, field
from itertools import islice

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.exceptions import NotFound
from medgrid.http_client.errors import DeadlineExceeded, RequestRejected
from medgrid.integrations.shipstation import order_records, sales_order_events
from medgrid.integrations.shipstation.destination import NotDue, ShipStationOrders, reason_to_wait
from medgrid.integrations.shipstation.eligibility import due_orders
from medgrid.integrations.shipstation.order_records import PushContext
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.outbox import records
from medgrid.outbox.delivery import call, look_up
from medgrid.outbox.destinations import Record
from medgrid.services.failure_texts import failure_text

# How long a vendor reads of an order that was cancelled after it was sent.
CANCELLATION_DAYS = 7
# More problems than a vendor will read; the orders themselves stay due.
MAX_ERRORS = 50


@dataclass
class PushReport:
	"""
	:param errors: a sentence for each order that was not sent.
	:param deferred: how many of the orders allowed now are left for later, for want of time.
	"""

	pushed: int = 0
	errors: list[str] = field(default_factory=list)
	deferred: int = 0

	def complain(self, sales_order: str, reason: str) -> None:
		if len(self.errors) < MAX_ERRORS:
			self.errors.append(f"{sales_order}: {reason}")


def push_due_orders(
	client: ShipStationClient, context: PushContext, limit: int | None, report: PushReport
) -> None:
	"""Pushes up to `limit` due orders, oldest first; one that cannot be sent does not stop the others.

	:param report: is filled as the work goes on, so that what was done is known whatever happens then.
	:raises IntegrationError: what would stop every order: rejected credentials, ShipStation down, and so on.
	"""
	destination = ShipStationOrders(client, context)
	due = due_orders(context.supplier)
	try:
		for attempt in order_records.open_attempts(context):
			report.pushed += look_up(destination, attempt) is not None
		_report_cancellations(context.supplier, report)
		for name in due:
			if limit is not None and report.pushed >= limit:
				break
			client.keep_alive()
			_push_reporting(destination, name, report)
	except DeadlineExceeded:
		rest = None if limit is None else max(0, limit - report.pushed - 1)
		report.deferred = 1 + sum(1 for _name in islice(due, rest))


def _report_cancellations(supplier: str, report: PushReport) -> None:
	# A job records each cancellation when it happens; if the queue lost it, this is the next chance.
	for sales_order in order_records.cancelled_without_record(supplier, CANCELLATION_DAYS):
		sales_order_events.record_cancellation(sales_order)
	for row in order_records.cancellations_since(supplier, CANCELLATION_DAYS):
		report.complain(row.sales_order, row.reason)


def _push_reporting(destination: ShipStationOrders, name: str, report: PushReport) -> None:
	try:
		report.pushed += push_order(destination, name)
	except RequestRejected as error:
		report.complain(name, failure_text(error))


def push_order(destination: ShipStationOrders, name: str) -> bool:
	"""Sends one order, unless that was done already, is being done, or there is nothing to send.

	:returns: whether ShipStation has it now because of us.
	:raises RequestRejected: it cannot be sent as it is, or ShipStation rejects it; it waits with the reason.
	:raises IntegrationError: what would stop every order.
	"""
	try:
		claim = records.claim(destination, name)
	except (NotDue, NotFound):
		return False
	except NothingToSend:
		records.note_not_ours(destination, name)
		return False
	except RequestRejected as error:
		records.postpone(destination, name, reason_to_wait(error))
		raise
	if isinstance(claim, Record):
		return False
	call(destination, claim)
	return True
