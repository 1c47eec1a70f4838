"""Stores on the ShipStation Orders of earlier releases what their Sales Orders say now, so that later changes
are sent. What has changed before this release cannot be known."""

import json
from dataclasses import replace
from datetime import timedelta

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.core.faults.borders import report_within
from medgrid.core.transactions import is_conflict
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.changes.comparison import rows_of
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.integrations.shipstation.parcels.open_pushes import OPEN_DAYS_AFTER_PUSH
from medgrid.integrations.shipstation.preparation import read_content
from medgrid.outbox.modified import compared_until
from medgrid.outbox.states import State

FIELDS = ["name", "sales_order", "supplier", "lines"]
# Of these, tracking is still requested.
OPEN = frozenset({State.SENT, State.SHIPPED})


def execute() -> None:
	since = stored_utc_now() - timedelta(days=OPEN_DAYS_AFTER_PUSH)
	filters = {
		"status": ("in", OUTBOX.labels_of(OPEN)),
		"sent_content": ("is", "not set"),
		"pushed_at": (">=", since),
	}
	for record in frappe.get_all(DOCTYPE, filters, FIELDS, order_by="creation asc"):
		_store(record)


def _store(record) -> None:
	document = frappe.get_doc("Sales Order", record.sales_order)
	if document.docstatus != 1:
		return
	rows = rows_of(document, record.supplier, record.lines)
	try:
		content = read_content(document, record.supplier, rows.taken, rows.kept)
	except RequestRejected:
		return
	except Exception as error:
		# An order that nobody can read any more must not prevent the update.
		if is_conflict(error):
			raise
		report_within(error, f"what was sent of {record.sales_order} was not stored", goes_on=True)
		return
	# What had been delivered before it was sent, nobody knows.
	sent = replace(content, sent_rows=tuple(json.loads(record.lines or "[]")), delivered={})
	values = {"sent_content": sent.as_json(), "compared_at": compared_until()}
	frappe.db.set_value(DOCTYPE, record.name, values, update_modified=False)
