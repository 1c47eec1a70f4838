"""Scheduled jobs: they send the bookings that are due, and search Vertex for attempts without an outcome.

See docs/adr/0032-an-invoice-is-booked-once.md.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import frappe
from frappe import _
from rq.timeouts import BaseTimeoutException

from medgrid.clients.vertex.client import BOOKING_SECONDS, VertexClient
from medgrid.core.faults.borders import report
from medgrid.core.redis_keys import redis_key
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import IntegrationError, OutcomeUnknown, RequestRejected
from medgrid.issues.records import ADMINISTRATOR, NOBODY, Subject, settle_issue
from medgrid.outbox import delivery
from medgrid.outbox.destinations import Record
from medgrid.outbox.records import open_attempts
from medgrid.services.failure_texts import failure_text
from medgrid.vertex.booking import records, sales_invoices
from medgrid.vertex.booking.destination import OF_ACCOUNT, BookingNotDue, VertexBookings
from medgrid.vertex.booking.subjects import of_account, of_document
from medgrid.vertex.event_log import record_issue
from medgrid.vertex.merchants.accounts import account_of, note_failure, note_success, vertex_client

# The rows of one run; the next run takes the others.
MAX_ROWS = 200
# So long nothing more of a merchant is sent by jobs after Vertex refused its credentials.
BLOCKED_SECONDS = 6 * 3600


@dataclass
class ReconciliationCounts:
	"""What a run did.

	:param booked: documents that were booked, or that Vertex had.
	:param waiting: documents that certainly were not booked, and wait.
	:param open: attempts whose outcome is still not known.
	:param failed: documents that Vertex refused.
	"""

	booked: int = 0
	waiting: int = 0
	open: int = 0
	failed: int = 0


def book_due() -> ReconciliationCounts:
	"""Sends the documents that are due. A document's failure does not stop the others; one of a merchant's
	account stops that merchant's for 6 hours."""
	run = ReconciliationCounts()
	for name in in_transaction(records.void_needless_reversals):
		in_transaction(partial(sales_invoices.show, name))
	for name, merchant in in_transaction(partial(records.due, MAX_ROWS)):
		if not is_blocked(merchant):
			_reported(run, name, merchant, partial(_book_one, run))
	return run


def book_document(name: str, *, retries: bool = False) -> ReconciliationCounts:
	"""Sends one document, unless its merchant's credentials are refused at this time.

	:param name: of a Vertex Tax Document.
	:param retries: whether it is sent although it waits for a later attempt, or was refused.
	"""
	run, merchant = (
		ReconciliationCounts(),
		in_transaction(lambda: frappe.db.get_value(records.DOCTYPE, name, "merchant")),
	)
	if merchant and (retries or not is_blocked(merchant)):
		_reported(run, name, merchant, partial(_book_one, run, retries=retries))
	return run


def look_up_open() -> ReconciliationCounts:
	"""Asks Vertex for the outcome of each attempt that is not recorded, where that can be known by now, and
	sends again what was not booked."""
	run = ReconciliationCounts()
	for attempt in in_transaction(partial(open_attempts, records.OUTBOX))[:MAX_ROWS]:
		merchant = frappe.db.get_value(records.DOCTYPE, attempt.name, "merchant")
		if attempt.is_conclusive() and not is_blocked(merchant):
			_reported(run, attempt.name, merchant, partial(_look_up_one, run, attempt))
		else:
			run.open += 1
	return run


def _book_one(run: ReconciliationCounts, client: VertexClient, name: str, *, retries: bool = False) -> None:
	outcome = delivery.deliver(VertexBookings(lambda: client, retries=retries), name)
	if isinstance(outcome, Record):
		run.open += outcome.is_open()
	else:
		run.booked += 1


def _look_up_one(run: ReconciliationCounts, attempt: Record, client: VertexClient, name: str) -> None:
	delivery.look_up(VertexBookings(lambda: client, retries=True), attempt)
	if frappe.db.get_value(records.DOCTYPE, name, "status") == records.COMMITTED:
		run.booked += 1
		return
	# It was not booked: it goes on with the same transaction ID.
	_book_one(run, client, name)


def _reported(
	run: ReconciliationCounts, name: str, merchant: str, work: Callable[[VertexClient, str], None]
) -> None:
	failure: MedgridError | None = None
	fault: Exception | None = None
	with ExitStack() as stack:
		try:
			account = account_of(merchant)
			client = stack.enter_context(
				vertex_client(account, seconds=2 * BOOKING_SECONDS, exchange_seconds=BOOKING_SECONDS)
			)
			work(client, name)
		except BookingNotDue:
			return
		except MedgridError as error:
			failure = error
		except BaseTimeoutException:
			raise
		except Exception as error:
			fault = error
	if fault:
		# The other documents are not to blame.
		report(fault, f"{__name__}: {name}")
		run.open += 1
	elif failure is None:
		in_transaction(partial(_note_success, name, merchant))
	else:
		_count(run, failure)
		in_transaction(partial(_note_failure, name, merchant, failure))


def _count(run: ReconciliationCounts, failure: MedgridError) -> None:
	if isinstance(failure, RequestRejected):
		run.failed += 1
	elif isinstance(failure, OutcomeUnknown) or getattr(failure, "was_sent", False):
		run.open += 1
	else:
		run.waiting += 1


def _note_success(name: str, merchant: str) -> None:
	note_success(merchant)
	settle_document(name, merchant)
	settle_issue(of_account(merchant))
	sales_invoices.show(name)


def settle_document(name: str, merchant: str) -> None:
	"""Settles the issue that Vertex refused a document, because it is booked. The caller commits."""
	settle_issue(of_document(name, merchant))


def _note_failure(name: str, merchant: str, failure: MedgridError) -> None:
	sentence = failure_text(failure)
	sales_invoices.show(name)
	if isinstance(failure, OF_ACCOUNT):
		_block(merchant)
		note_failure(merchant, sentence)
		_open(
			of_account(merchant),
			_("Vertex refuses a merchant's credentials"),
			sentence,
			_("Correct the credentials of the Vertex Merchant and test it. Its invoices wait until then."),
			401 if not isinstance(failure, IntegrationError) else failure.status or 401,
		)
	elif isinstance(failure, RequestRejected):
		_open(
			of_document(name, merchant),
			_("Vertex refused an invoice"),
			sentence,
			_("Correct what Vertex names, then retry the Vertex Tax Document."),
			400,
		)


def _open(subject: Subject, title: str, detail: str, what_to_do: str, status: int) -> None:
	record_issue(
		subject,
		title=title,
		detail=detail,
		who_acts=ADMINISTRATOR if what_to_do else NOBODY,
		what_to_do=what_to_do,
		status=status,
	)


# A merchant whose credentials are refused


def _block(merchant: str) -> None:
	frappe.cache.set(_blocked_key(merchant), "1", ex=BLOCKED_SECONDS)


def is_blocked(merchant: str) -> bool:
	"""Whether jobs send nothing of a merchant at this time."""
	return frappe.cache.get(_blocked_key(merchant)) is not None


def release(merchant: str) -> None:
	"""Makes a merchant's pending documents due at once, because its credentials were tested with success. The
	caller commits."""
	frappe.cache.delete(_blocked_key(merchant))
	records.make_due(merchant)


def _blocked_key(merchant: str) -> str:
	return redis_key("vertex", frappe.conf.db_name, "blocked", merchant)
