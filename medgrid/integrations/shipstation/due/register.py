"""Creates the ShipStation Orders of a Sales Order: one for each vendor who ships rows of it, and one without
a vendor for rows that no vendor ships. Each has the reason why it is not sent, and who must act.

A Sales Order with a ShipStation order id but without a record was sent by another system, or imported: it
counts as sent for every vendor, and gets no record.
"""

from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from medgrid.core.faults.borders import hook, job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.http_client.errors import RequestRejected
from medgrid.integrations.shipstation.destination import SHIPPING_FIELDS
from medgrid.integrations.shipstation.due.holdings import sent_to_vendors
from medgrid.integrations.shipstation.due.vendors import is_too_old, with_shipstation
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.integrations.shipstation.preparation import prepare
from medgrid.integrations.shipstation.reasons import is_fault, reason_to_wait
from medgrid.orders.sales_order import STOPPED, is_to_be_shipped
from medgrid.orders.shippers import items_sold_by_store, left_to_deliver, rows_to_ship, shippers_of
from medgrid.outbox import due_documents
from medgrid.outbox.destinations import NO_REASON, Reason
from medgrid.outbox.rows import names_held_by_others
from medgrid.outbox.states import CLAIMABLE, WhoActs

# The Supplier of the record for the rows that no vendor ships.
NOBODY = ""


@hook
def note_due(order: Any, event: str | None = None) -> None:
	"""Queues the job that makes the records. `Sales Order`'s on_submit and on_update_after_submit hook."""
	enqueue_after_commit(register, queue=SHORT, sales_order=order.name)


@job
def register(sales_order: str) -> None:
	"""Makes the records of a Sales Order; see `make_records`. The RQ job."""
	make_records(sales_order)


def make_records(sales_order: str) -> None:
	"""Makes the records of a Sales Order that is due, and those that it lacks since its rows or their vendors
	have changed. Commits.

	:raises Busy: somebody else has the order locked.
	"""
	in_transaction(lambda: _register(sales_order))


def _register(sales_order: str) -> None:
	frappe.get_meta(DOCTYPE)
	row = locked_row("Sales Order", sales_order, [*SHIPPING_FIELDS, "shipstation_order_id"])
	if not row or row.docstatus != 1:
		return
	fields = ["name", "supplier", "status"]
	known = {each.supplier or NOBODY: each for each in frappe.get_all(DOCTYPE, _of(sales_order), fields)}
	if not is_to_be_shipped(**{name: row[name] for name in SHIPPING_FIELDS}):
		_note_not_due(sales_order, known, is_stopped=row.status in STOPPED)
		return
	if row.shipstation_order_id and not known:
		return
	document = frappe.get_doc("Sales Order", sales_order)
	day = frappe.utils.getdate(document.transaction_date)
	due = {supplier: rows for supplier, rows in _due_rows(document).items() if not is_too_old(supplier, day)}
	for supplier, rows in due.items():
		if supplier not in known or known[supplier].status in OUTBOX.labels_of(CLAIMABLE):
			reason = _reason(document, supplier, rows)
			due_documents.expect(OUTBOX, sales_order, _key(sales_order, supplier), reason)
	for supplier in known.keys() - due.keys():
		due_documents.expect_nothing(OUTBOX, _key(sales_order, supplier))


def _note_not_due(sales_order: str, suppliers: Iterable[str], *, is_stopped: bool) -> None:
	"""Notes on the records of an order that it is closed or on hold, or that nothing is left to ship."""
	stopped = _("The Sales Order is closed or on hold. MedGrid sends it when somebody reopens it.")
	for supplier in suppliers:
		key = _key(sales_order, supplier)
		if is_stopped:
			due_documents.expect(OUTBOX, sales_order, key, Reason(stopped, WhoActs.WHOLESALER))
		else:
			due_documents.expect_nothing(OUTBOX, key)


def _of(sales_order: str) -> dict[str, str]:
	return {"sales_order": sales_order}


def _key(sales_order: str, supplier: str) -> dict[str, str]:
	return {"sales_order": sales_order, "supplier": supplier}


def _due_rows(document: Any) -> dict[str, list]:
	"""Supplier -> the open rows that they ship and that no other one has; NOBODY -> those of no Supplier."""
	shippers, store = shippers_of(document), names_held_by_others(DOCTYPE, document)
	has = {row: sent.supplier or NOBODY for sent in sent_to_vendors(document) for row in sent.rows}
	sold = items_sold_by_store({row.item_code for row in document.items})
	due: dict[str, list] = {}
	for row in rows_to_ship(document):
		if row.name in store or left_to_deliver(row) <= 0:
			continue
		supplier = shippers.get(row.name, NOBODY)
		if supplier == NOBODY and (row.item_code in sold or row.name in has):
			continue
		if has.get(row.name, supplier) == supplier:
			due.setdefault(supplier, []).append(row)
	return due


def _reason(document: Any, supplier: str, rows: list) -> Reason:
	"""Why rows cannot be sent as things are, before anybody tries."""
	if supplier == NOBODY:
		numbers = ", ".join(str(row.idx) for row in rows)
		sentence = _(
			"No vendor ships these rows: {0}. Set the default supplier of their Items, or ship them yourself."
		)
		return Reason(sentence.format(numbers), WhoActs.WHOLESALER)
	try:
		prepare(document, supplier, ())
	except NothingToSend:
		return NO_REASON
	except RequestRejected as error:
		return reason_to_wait(error)
	except Exception as error:
		# The push will fail likewise, and report it.
		if not is_fault(error):
			raise
	if not with_shipstation([supplier]):
		return Reason(_("{0} has not connected ShipStation.").format(supplier), WhoActs.VENDOR)
	return NO_REASON
