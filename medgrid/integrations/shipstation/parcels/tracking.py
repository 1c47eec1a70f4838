"""Pulls tracking for pushed orders, with as few requests as possible. Contract: "Tracking Number Pull".

It requests the shipments of each order or, if that needs fewer requests, pages through all shipments since
the oldest open push. `shipments` compares them with the stored ones and writes the changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.limits import MAX_PAGES
from medgrid.clients.shipstation.shipments import to_pacific
from medgrid.core.clock import from_stored_utc, stored_utc_now
from medgrid.core.transactions import in_transaction
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.integrations.shipstation.changes import restoring
from medgrid.integrations.shipstation.changes.cancelled_parts import note_cancelled_parts, shipped_in_part
from medgrid.integrations.shipstation.changes.cancelling import cancelled_there, record_cancelled_there
from medgrid.integrations.shipstation.changes.splits import parts_elsewhere
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, PushContext
from medgrid.integrations.shipstation.parcels.catching_up import catch_up
from medgrid.integrations.shipstation.parcels.matching import covers
from medgrid.integrations.shipstation.parcels.open_pushes import (
	OpenPush,
	by_push,
	leaving_pushes,
	note_answer,
	note_failure,
	open_pushes,
)
from medgrid.integrations.shipstation.parcels.shipments import apply_shipments
from medgrid.orders.content import from_json
from medgrid.outbox.failures import FailuresInARow, is_of_document
from medgrid.outbox.states import State
from medgrid.services.failure_texts import failure_text
from medgrid.services.support import us

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
	began = began or stored_utc_now()
	try:
		if _note_changes_there(client, context, pushes, report, began):
			pushes = open_pushes(context, by_person=by_person)
		remaining = _pull_by_pages(client, pushes, report) if len(pushes) > 1 else pushes
		missing = _pull_by_order(client, remaining, report)
		if missing and len(pushes) == 1 and missing[0].pushed_at < began:
			# It may be merged with an order that is not open, or not MedGrid's. What cannot be read is told.
			by_pages = PullReport()
			_pull_by_pages(client, missing, by_pages)
			report.pulled += by_pages.pulled
		_pull_leaving(client, leaving_pushes(context), report)
	except DeadlineExceeded:
		report.deferred = report.deferred or len(pushes)
	catch_up(context.supplier)


def _note_changes_there(
	client: ShipStationClient,
	context: PushContext,
	pushes: list[OpenPush],
	report: PullReport,
	began: datetime,
) -> bool:
	"""Notes the orders that the vendor has cancelled in ShipStation, whole or in part, and those that were
	cancelled and that the vendor has restored there.

	:returns: whether other orders are open now.
	"""
	sent = [push for push in pushes if push.status == LABELS[State.SENT] and push.pushed_at < began]
	in_part = shipped_in_part(pushes)
	known = restoring.cancelled_pushes(context)
	if not sent and not in_part and not known:
		return False
	moments = [push.pushed_at for push in (*sent, *in_part)] + [push.pushed_at for push in known]
	cancelled = cancelled_there(client, min(moments) - OVERLAP, report.add_error)
	if cancelled is None:
		return False
	back = [push for push in known if push.order_id not in cancelled]
	try:
		gone = [push for push in sent if push.order_id in cancelled and not _is_split(client, push)]
		for push in gone:
			record_cancelled_there(push.name)
		note_cancelled_parts(client, [push for push in (*sent, *in_part) if push not in gone], cancelled)
		return bool(restoring.note_restored(client, context, back) or gone)
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		report.add_error(failure_text(error))
		return True


def _is_split(client: ShipStationClient, push: OpenPush) -> bool:
	"""Whether the vendor may still ship a part of an order of which another part is cancelled."""
	return bool(parts_elsewhere(client, push.sales_order, push.order_id, push.lines))


def _pull_by_order(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> list[OpenPush]:
	"""
	:returns: the orders of which ShipStation has no label.
	"""
	if pushes:
		report.method = BY_ORDER
	in_a_row, missing = FailuresInARow(), []
	for number, push in enumerate(pushes):
		report.deferred = len(pushes) - number
		if _pull_one(client, push, pushes, report, in_a_row) is False:
			missing.append(push)
	report.deferred = 0
	return missing


def _pull_one(
	client: ShipStationClient,
	push: OpenPush,
	pushes: list[OpenPush],
	report: PullReport,
	in_a_row: FailuresInARow,
	*,
	is_last: bool = False,
) -> bool | None:
	"""Requests the shipments of one order by its ID. If they hold a part of it, the order may be split in
	ShipStation, and is requested by its number, too.

	:param pushes: the orders to which its shipments may belong, too.
	:param is_last: whether the order leaves the list then. It is requested by its number in any case, because
		it may be merged with an order that is not MedGrid's.
	:returns: whether ShipStation has a label of it; None: it did not answer.
	"""
	try:
		answers = [client.shipments_of_order(push.order_id)]
		shipments = answers[0].shipments
		if (shipments or is_last) and not covers(shipments, _ordered(push)):
			answers.append(client.shipments_with_number(push.sales_order))
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		report.add_error(f"{push.sales_order}: {failure_text(error)}")
		note_failure(push)
		in_a_row.note(error)
		return None
	in_a_row.note_answer()
	if push.failures:
		note_answer(push)
	for sentence in _problems(max(answer.unreadable for answer in answers), answers[0].incomplete):
		report.add_error(f"{push.sales_order}: {sentence}")
	if not answers[0].is_complete:
		sentence = _("{0}: ShipStation has more pages of shipments than MedGrid reads.")
		report.add_error(sentence.format(push.sales_order))
	all_of_it = {each.shipmentId: each for answer in answers for each in answer.shipments}
	found = by_push(all_of_it.values(), pushes)
	report.pulled += apply_shipments(found, report.add_error)
	return any(other is push for other, _own in found)


def _pull_leaving(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> None:
	"""Requests orders for the last time: paging may have missed them."""
	in_a_row = FailuresInARow()
	for push in pushes:
		client.keep_alive()
		if _pull_one(client, push, [push], report, in_a_row, is_last=True) is not None:
			values = {"tracking_asked_at": stored_utc_now()}
			in_transaction(partial(frappe.db.set_value, DOCTYPE, push.name, values, update_modified=False))


def _ordered(push: OpenPush) -> dict[str, Decimal]:
	"""The quantities that were sent, by row; empty if nobody knows them."""
	sent = from_json(frappe.db.get_value(DOCTYPE, push.name, "sent_content"))
	return sent.sent_quantities if sent else {}


def _pull_by_pages(client: ShipStationClient, pushes: list[OpenPush], report: PullReport) -> list[OpenPush]:
	"""Pages through all shipments since the oldest open push, unless the first page reports more pages than
	there are orders, or than MedGrid reads. If a page cannot be requested or read, the orders are requested
	one by one, so it costs only the orders that are on it.

	:returns: the orders that must still be checked one by one.
	"""
	report.method = BY_PAGES
	# Not the first one: those whose last request failed come last, whenever they were pushed.
	oldest = min(pushes, key=lambda push: push.pushed_at)
	try:
		for number, page in enumerate(client.shipment_pages(_since(oldest))):
			if number == 0 and page.pages > min(len(pushes), MAX_PAGES):
				return pushes
			for sentence in _problems(page.unreadable, page.incomplete):
				report.add_error(sentence)
			report.pulled += apply_shipments(by_push(page.shipments, pushes), report.add_error)
			client.keep_alive()
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		return pushes
	for push in pushes:
		if push.failures:
			note_answer(push)
	return []


def _problems(unreadable: int, incomplete: int) -> Iterator[str]:
	if unreadable:
		sentence = _("MedGrid cannot read {0} shipments from ShipStation. If this persists, contact {1}.")
		yield sentence.format(unreadable, us())
	if incomplete:
		sentence = _("MedGrid takes the numbers of {0} shipments, but cannot read their carrier or date.")
		yield sentence.format(incomplete)


def _since(oldest: OpenPush) -> str:
	return to_pacific(from_stored_utc(oldest.pushed_at) - OVERLAP)
