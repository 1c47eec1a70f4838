"""Parks the Sales Orders that an earlier release did not succeed in sending to the Exoceuticals store: each
gets an issue. They may have been shipped otherwise since, so MedGrid does not send them by itself."""

import frappe

from medgrid.exoceuticals.orders.order_records import OUTBOX
from medgrid.outbox import due_documents
from medgrid.outbox.states import State


def execute() -> None:
	record, order = frappe.qb.DocType(OUTBOX.doctype), frappe.qb.DocType("Sales Order")
	names = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(record.name)
		.where((record.status == OUTBOX.labels[State.WAITING]) & (order.docstatus == 1))
		.where(record.first_failed_at.isnull())
		.run(pluck=True)
	)
	for name in names:
		due_documents.park(OUTBOX, name)
