"""What people do to Sales Orders after they were submitted."""

import frappe

from tests.support.records import ensure
from tests.support.vendors import ADDRESS, CUSTOMER, fresh


def update_items(document, *changes, removed=()):
	"""What ERPNext's Update Items does: changes, adds and removes rows of a submitted order. Committed.

	:param changes: (row number from 1, quantity), or (item, quantity, rate) for a new row.
	:param removed: numbers of rows.
	"""
	document = fresh(document)
	for change in changes:
		if isinstance(change[0], int):
			document.items[change[0] - 1].qty = change[1]
			continue
		item, quantity, rate = change
		row = frappe.copy_doc(document.items[0])
		row.update({"item_code": item, "item_name": item, "qty": quantity, "rate": rate, "delivered_qty": 0})
		row.update({"name": None, "docstatus": 1, "delivered_by_supplier": 0, "supplier": None})
		row.idx = len(document.items) + 1
		document.append("items", row)
	document.items = [row for row in document.items if row.idx not in removed]
	for place, row in enumerate(document.items, 1):
		row.idx = place
	document.flags.ignore_validate_update_after_submit = True
	document.save(ignore_permissions=True)
	document.update_delivery_status()
	document.reload()
	document.set_status(update=True)
	frappe.db.commit()
	return document


def change_address(name: str, **values) -> None:
	"""Corrects an Address, as people do in Desk. Committed."""
	address = frappe.get_doc("Address", name)
	address.update(values)
	address.save(ignore_permissions=True)
	frappe.db.commit()


def own_address(document, title: str) -> str:
	"""Gives an order an Address that no other order has. Committed."""
	address = ensure(
		"Address",
		{"address_title": title, "address_type": "Shipping"},
		links=[{"link_doctype": "Customer", "link_name": CUSTOMER}],
		**ADDRESS,
	)
	frappe.db.set_value("Sales Order", document.name, "shipping_address_name", address.name)
	frappe.db.commit()
	return address.name


def set_status(document, status: str) -> None:
	"""Puts an order on hold, closes it, or reopens it with "Draft". Committed."""
	fresh(document).update_status(status)
	frappe.db.commit()


def amend(document, **quantities):
	"""Cancels an order, and submits the one that amends it. Committed.

	:param quantities: `row_1=5`: the new quantity of a row.
	"""
	original = fresh(document)
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from, amended.docstatus = original.name, 0
	for name, quantity in quantities.items():
		amended.items[int(name.removeprefix("row_")) - 1].qty = quantity
	amended.insert(ignore_permissions=True).submit()
	frappe.db.commit()
	return amended
