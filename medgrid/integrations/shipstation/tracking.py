"""Pulls tracking for pushed orders, with as few requests as possible. Contract: "Tracking Number Pull".

It requests the shipments of each order or, if that needs fewer requests, pages through all shipments since
the oldest open push. `shipments` compares them with the stored ones and writes the changes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.models import MAX_PAGES, Shipment, to_pacific
from medgrid.core.clock import from_stored_utc, stored_utc, stored_utc_now, utc_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.integrations.shipstation import delivery_notes
from medgrid.integrations.shipstation.changes.cancelling import note_cancelled_there
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, PushContext, is_of
from medgrid.integrations.shipstation.shipments import OpenPush, apply_shipments
from medgrid.outbox.failures import FailuresInARow, is_of_document
from medgrid.outbox.schedule import WITHOUT_END
from medgrid.outbox.states import State
from medgrid.services.failure_texts import failure_text
from medgrid.services.support import us

# A shipped order stays open this long: its label may still be voided or replaced.
OPEN_DAYS_AFTER_SHIPPING = 14
# A pushed order is not checked any more after this many days.
OPEN_DAYS_AFTER_PUSH = 180
# The requested period begins this much earlier: clocks differ, and one hour a year occurs twice.
OVERLAP = timedelta(hours=2)
BY_ORDER, BY_PAGES = "by_order", "by_pages"
MAX_ERRORS = 50


@dataclass
class PullReport:
	"""The outcome of a pull.

	:param pulled: the number of orders whose tracking number is new or has changed.
	:param errors: a sentence for each problem.
	:param method: "by_order" or "by_pages".
	:param deferred: the number of orders that were not checked because time ran out.
	"""

	pulled: int = 0
	errors: list[str] = field(default_factory=list)
	method: str = BY_ORDER
	deferred: int = 0

	def add_error(self, sentence: str) -> None:
		"""Adds a problem, up to MAX_ERRORS."""
		if len(self.errors) < MAX_ERRORS:
			self.errors.append(sentence)


def pull_tracking(
	client: ShipStationClient,
	context: PushContext,
	report: PullReport,
	*,
	by_person: bool = False,
	began: datetime | None = None,
) -> None:
	"""Checks every open order of a vendor's account once. An order whose shipments cannot be requested or
	read does not stop the others; it is requested again after growing pauses, behind the others.

	:param report: is filled during the work, so that it is complete even if an exception ends the pull.
	:param by_person: whether a person asks for it: then orders within such a pause are checked, too.
	:param began: when the sync began, in UTC without a zone: what it has sent itself is not cancelled.
	:raises IntegrationError: a failure that affects all orders.
	"""
	pushes = open_pushes(context, by_person=by_person)
	try:
		pushes = _without_cancelled(client, pushes, report, began or stored_utc_now())
		remaining = _pull_by_pages(client, pushes, report) if len(pushes) > 1 else pushes
		_pull_by_order(client, remaining, report)
	except DeadlineExceeded:
		report.deferred = report.deferred or len(pushes)
	delivery_notes.catch_up(context.supplier)


def open_pushes(context: PushContext, *, by_person: bool = True) -> list[OpenPush]:
	"""Lists the pushed orders of an account whose tracking may still change, oldest first; behind them those
	whose last requests failed. The account that sends has those of connections that are gone, too.

	:param by_person: False: without those whose pause after a failed request is not over.
	"""
	record, order = frappe.qb.DocType("ShipStation Order"), frappe.qb.DocType("Sales Order")
	now = stored_utc_now()
	shipped_since = now - timedelta(days=OPEN_DAYS_AFTER_SHIPPING)
	pushed_since = now - timedelta(days=OPEN_DAYS_AFTER_PUSH)
	is_shipped = record.status.isin([LABELS[State.SHIPPED], LABELS[State.DELIVERED]])
	is_open = (record.status == LABELS[State.SENT]) | (is_shipped & (record.shipped_at >= shipped_since))
	if not by_person:
		is_open &= record.next_attempt_at.isnull() | (record.next_attempt_at <= now)
	rows = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(
			record.name,
			record.sales_order,
			record.shipstation_order_id,
			record.pushed_at,
			record.tracking_failures,
			record.status,
		)
		.where(
			(record.supplier == context.supplier)
			& is_of(record, context)
			& is_open
			& (record.pushed_at >= pushed_since)
		)
		.where(order.docstatus == 1)
		.orderby(record.tracking_failures)
		.orderby(record.pushed_at)
		.run()
	)
	return [OpenPush(*row) for row in rows]


def _without_cancelled(
	client: ShipStationClient, pushes: list[OpenPush], report: PullReport, began: datetime
) -> list[OpenPush]:
	"""Notes the orders that the vendor has cancelled in ShipStation, and leaves them out."""
	unshipped = [push for push in pushes if push.status == LABELS[State.SENT] and push.pushed_at < began]
	if not unshipped:
		return pushes
	oldest = min(push.pushed_at for push in unshipped) - OVERLAP
	by_order_id = {push.order_id: push.name for push in unshipped}
	cancelled = note_cancelled_there(client, by_order_id, oldest, report.add_error)
	return [push for push in pushes if push.name not in cancelled]


def _pull_by_order(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> None:
	if pushes:
		report.method = BY_ORDER
	in_a_row = FailuresInARow()
	for number, push in enumerate(pushes):
		report.deferred = len(pushes) - number
		try:
			answer = client.shipments_of_order(push.order_id)
		except IntegrationError as error:
			if not is_of_document(error):
				raise
			report.add_error(f"{push.sales_order}: {failure_text(error)}")
			_note_failure(push)
			in_a_row.note(error)
			continue
		in_a_row.note_answer()
		if push.failures:
			_note_answer(push)
		if answer.unreadable:
			report.add_error(f"{push.sales_order}: {_unreadable(answer.unreadable)}")
		if not answer.is_complete:
			sentence = _("{0}: ShipStation has more pages of shipments than MedGrid reads.")
			report.add_error(sentence.format(push.sales_order))
		report.pulled += apply_shipments([(push, answer.shipments)], report.add_error)
	report.deferred = 0


def _pull_by_pages(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> list[OpenPush]:
	"""Pages through all shipments since the oldest open push, unless the first page reports more pages than
	there are orders, or than MedGrid reads. If a page cannot be requested or read, the orders are requested
	one by one, so it costs only the orders that are on it.

	:returns: the orders that must still be checked one by one.
	"""
	report.method = BY_PAGES
	by_order_id = {push.order_id: push for push in pushes}
	# Not the first one: those whose last request failed come last, whenever they were pushed.
	oldest = min(pushes, key=lambda push: push.pushed_at)
	try:
		for number, page in enumerate(client.shipment_pages(_since(oldest))):
			if number == 0 and page.pages > min(len(pushes), MAX_PAGES):
				return pushes
			if page.unreadable:
				report.add_error(_unreadable(page.unreadable))
			report.pulled += apply_shipments(_by_push(page.shipments, by_order_id), report.add_error)
			client.keep_alive()
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		return pushes
	for push in pushes:
		if push.failures:
			_note_answer(push)
	return []


def _note_failure(push: OpenPush) -> None:
	"""Records that the shipments of an order could not be requested or read: it is requested again after a
	pause. Commits."""

	def work() -> None:
		row = locked_row(DOCTYPE, push.name, ["tracking_failures"])
		if row:
			failures = row.tracking_failures + 1
			moment = utc_now() + WITHOUT_END.pause_after(failures)
			values = {"tracking_failures": failures, "next_attempt_at": stored_utc(moment)}
			frappe.db.set_value(DOCTYPE, push.name, values)

	in_transaction(work)


def _note_answer(push: OpenPush) -> None:
	"""Records that the shipments of an order could be read again. Commits."""

	def work() -> None:
		if locked_row(DOCTYPE, push.name, ["name"]):
			values = {"tracking_failures": 0, "next_attempt_at": None}
			frappe.db.set_value(DOCTYPE, push.name, values)

	in_transaction(work)


def _unreadable(count: int) -> str:
	sentence = _("MedGrid cannot read {0} shipments from ShipStation. If this persists, contact {1}.")
	return sentence.format(count, us())


def _by_push(shipments: list[Shipment], pushes: dict[str, OpenPush]) -> list[tuple[OpenPush, list[Shipment]]]:
	found: dict[str, list[Shipment]] = defaultdict(list)
	for shipment in shipments:
		if shipment.orderId in pushes:
			found[shipment.orderId].append(shipment)
	return [(pushes[order_id], own) for order_id, own in found.items()]


def _since(oldest: OpenPush) -> str:
	return to_pacific(from_stored_utc(oldest.pushed_at) - OVERLAP)
