"""From a Sales Order to the Delivery Note that delivers the rest of it, and to its Sales Invoice."""

import frappe
from frappe.contacts.doctype.address.address import get_company_address
from frappe.model.mapper import get_mapped_doc
from frappe.utils import cstr, flt


def map_delivery_note(source_name: str, target_doc=None):
	order = frappe.get_doc("Sales Order", source_name)
	note = get_mapped_doc("Sales Order", order.name, table_map(), target_doc)
	note.set_missing_values()
	note.set_po_no()
	note.calculate_taxes_and_totals()
	if order.company_address:
		note.company_address = order.company_address
	else:
		note.update(get_company_address(note.company))
	return note


def table_map() -> dict:
	return {
		"Sales Order": {"doctype": "Delivery Note", "validation": {"docstatus": ["=", 1]}},
		"Sales Order Item": {
			"doctype": "Delivery Note Item",
			"field_map": {"rate": "rate", "name": "so_detail", "parent": "against_sales_order"},
			"condition": is_open,
			"postprocess": take_open_quantity,
		},
		"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
	}


def is_open(line) -> bool:
	"""`frappe.flags.args.delivery_dates` narrows the choice, as the Desk's dialog does."""
	dates = (frappe.flags.args or {}).get("delivery_dates")
	if dates and cstr(line.delivery_date) not in dates:
		return False
	return abs(flt(line.delivered_qty)) < abs(flt(line.qty)) and not line.delivered_by_supplier


def take_open_quantity(line, target, order):
	target.qty = flt(line.qty) - flt(line.delivered_qty)
	target.amount = target.qty * flt(line.rate)
	target.base_amount = target.qty * flt(line.base_rate)


def map_sales_invoice(source_name: str, target_doc=None):
	def postprocess(source, target):
		target.run_method("set_missing_values")
		target.run_method("calculate_taxes_and_totals")

	line = {"doctype": "Sales Invoice Item", "field_map": {"name": "so_detail", "parent": "sales_order"}}
	tables = {
		"Sales Order": {"doctype": "Sales Invoice", "validation": {"docstatus": ["=", 1]}},
		"Sales Order Item": line,
		"Sales Taxes and Charges": {"doctype": "Sales Taxes and Charges", "reset_value": True},
		"Payment Schedule": {"doctype": "Payment Schedule", "condition": lambda _row: False},
	}
	return get_mapped_doc("Sales Order", source_name, tables, target_doc, postprocess)
