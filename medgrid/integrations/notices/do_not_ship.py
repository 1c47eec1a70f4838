"""Notifies a vendor, by text message and by mail, that an order was cancelled after it was sent and must not
be shipped.

MedGrid itself cancels the order in ShipStation at the connection's next turn, unless a label was bought. The
vendor is notified at once if MedGrid cannot do that: ShipStation did not permit it, or the connection is
paused, disconnected or fails. Otherwise the vendor is notified after PATIENCE. An Integration Issue records
the notification. It is settled when the order is cancelled or shipped in ShipStation, or the vendor
acknowledges the cancellation.
"""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

import frappe

from medgrid.core.clock import stored_utc, utc_now
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations import turns
from medgrid.integrations.notices.vendor_mails import ask_for_mail, send_mails_soon
from medgrid.integrations.sendblue.alerts import send_do_not_ship
from medgrid.integrations.shipstation.changes import issues
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS
from medgrid.issues.records import open_issue_of
from medgrid.outbox.states import State, WhoActs

CONNECTION, ISSUE = "Vendor Connection", "Integration Issue"
PATIENCE = timedelta(minutes=15)
# Older cancellations are on the page only.
OLDEST = timedelta(days=1)
FIELDS = [
	"name",
	"sales_order",
	"supplier",
	"status",
	"reason",
	"who_acts",
	"acknowledged_at",
	"shipstation_order_id",
]


def note_cancelled(sales_order: str) -> None:
	"""Makes the connections due that have a cancelled order, so that MedGrid cancels it there within minutes;
	tells the vendors whose connection cannot. Commits."""
	filters = {"sales_order": sales_order, "status": LABELS[State.CANCELLED], "who_acts": _VENDOR}
	to_tell = []
	for row in frappe.get_all(DOCTYPE, filters=filters, fields=["name", "connection"]):
		if row.connection and _works(row.connection):
			turns.make_due(row.connection)
		else:
			to_tell.append(row.name)
	tell(to_tell)


def _works(connection: str) -> bool:
	row = frappe.db.get_value(CONNECTION, connection, ["status", "paused_at"], as_dict=True)
	return bool(row) and row.status in ("connected", "syncing") and not row.paused_at


def tell(names: Iterable[str]) -> None:
	"""Tells vendors not to ship orders, each order once, if that is still so. A vendor gets one text message
	and one mail about all of them. A text message that could not be sent is tried again. Commits.

	:param names: of the ShipStation Orders.
	"""
	suppliers: set[str] = set()
	try:
		for name in names:
			if supplier := in_transaction(partial(_tell, name)):
				suppliers.add(supplier)
	finally:
		# Also if one of them is locked: the others are noted, and nobody would come back to them.
		_send_soon(suppliers)


def _send_soon(suppliers: Iterable[str]) -> None:
	for supplier in sorted(suppliers):
		job_id = f"medgrid-do-not-ship-{frappe.generate_hash(length=10)}"
		enqueue(send_do_not_ship, queue=SHORT, job_id=job_id, supplier=supplier)
	if suppliers:
		send_mails_soon()


@job
def tell_overdue() -> None:
	"""Tells vendors of the orders that were cancelled PATIENCE ago and that ShipStation does not have as
	cancelled yet. It runs at every tick of the scheduler. Commits."""
	tell([name for name in overdue() if not open_issue_of(issues.do_not_ship(name))])


def overdue() -> list[str]:
	"""The records that `tell_overdue` looks at."""
	record, now = frappe.qb.DocType(DOCTYPE), utc_now()
	since = (record.since >= stored_utc(now - OLDEST)) & (record.since <= stored_utc(now - PATIENCE))
	return (
		frappe.qb.from_(record)
		.select(record.name)
		.where((record.status == LABELS[State.CANCELLED]) & since)
		.where((record.who_acts == _VENDOR) & record.acknowledged_at.isnull())
		.run(pluck=True)
	)


_VENDOR = WhoActs.VENDOR.value


def _tell(name: str) -> str | None:
	"""
	:returns: the vendor, if there is something to send; the caller queues it.
	"""
	row = locked_row(DOCTYPE, name, FIELDS)
	if not row or not _is_to_be_told(row):
		return None
	known = open_issue_of(issues.do_not_ship(name))
	if not known:
		issue = issues.open_do_not_ship(name, row.sales_order, row.reason or "", row.supplier)
		ask_for_mail(issue.name, row.supplier)
	elif frappe.db.get_value(ISSUE, known, "notified_at"):
		return None
	return row.supplier


def _is_to_be_told(row: Any) -> bool:
	is_sent = row.status == LABELS[State.CANCELLED] and row.shipstation_order_id and row.supplier
	return bool(is_sent and row.who_acts == _VENDOR and not row.acknowledged_at)
