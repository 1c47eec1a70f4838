"""Gives the record of a shipped order to the Sales Order that amends it: the goods are not sent again, and
the tracking numbers go to the amended order's Delivery Notes."""

import json
from functools import partial

import frappe

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.changes.issues import settle, settle_do_not_ship
from medgrid.integrations.shipstation.order_records import DOCTYPE, OUTBOX
from medgrid.integrations.shipstation.parcels.renaming import rename_rows
from medgrid.integrations.shipstation.presence import MAY_HAVE, may_have
from medgrid.orders.amendments import amended_rows
from medgrid.orders.content import from_json, taken_over
from medgrid.outbox import records
from medgrid.outbox.states import CLAIMABLE, State


def take_over(sales_order: str, original: str, supplier: str) -> bool:
	"""Gives the record of an original to the Sales Order that amends it. Commits.

	:param original: the name of the amended Sales Order, which the vendor has shipped.
	:returns: False: the Sales Order has a record that was sent already, or the original has none.
	"""
	is_done = in_transaction(partial(_take_over, sales_order, original, supplier))
	if is_done:
		compare(sales_order)
	return is_done


def _take_over(sales_order: str, original: str, supplier: str) -> bool:
	frappe.get_meta(DOCTYPE)
	locked_row("Sales Order", sales_order, ["name"])
	fields = ["name", "status", "lines", "sent_content", "shipstation_order_id", "tracking_number"]
	old = frappe.db.get_value(DOCTYPE, {"sales_order": original, "supplier": supplier}, fields, as_dict=True)
	new = frappe.db.get_value(
		DOCTYPE, {"sales_order": sales_order, "supplier": supplier}, ["name", *MAY_HAVE], as_dict=True
	)
	if not old or (new and (may_have(new) or new.status not in OUTBOX.labels_of(CLAIMABLE))):
		return False
	if new:
		frappe.db.delete(DOCTYPE, {"name": new.name})
	rows = amended_rows(original, sales_order, json.loads(old.lines or "[]"))
	sent = from_json(old.sent_content)
	values = {
		"sales_order": sales_order,
		"lines": json.dumps(list(rows.values())),
		"sent_content": taken_over(sent, rows).as_json() if sent else None,
		"delivery_note": None,
		"resending_content": None,
		# Who said that the original is not shipped said nothing of the order that amends it.
		"acknowledged_at": None,
		"acknowledged_by": None,
	}
	# Its number stands on no Delivery Note of the amended order yet.
	state = State.SHIPPED if old.tracking_number else State.SENT
	records.replace_document(OUTBOX, old.name, state, values)
	rename_rows(old.name, rows)
	settle(old.name)
	settle_do_not_ship(old.name)
	if not frappe.db.get_value("Sales Order", sales_order, "shipstation_order_id"):
		order_id = old.shipstation_order_id
		frappe.db.set_value(
			"Sales Order", sales_order, "shipstation_order_id", order_id, update_modified=False
		)
	return True
