"""Small makers of the records that the stand-in's tests need. Nothing is committed; names do not repeat."""

import frappe
from frappe.utils import add_days, today

FREIGHT = "Freight and Forwarding Charges"
SALES_TAX = "ST 6%"


def unique(prefix: str) -> str:
	return f"{prefix} {frappe.generate_hash(length=8).upper()}"


def insert(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def company() -> str:
	"""The site's default company, or a new one that becomes it."""
	return frappe.db.get_default("company") or new_company().name


def change_settings(doctype: str, **values):
	"""Undone with the test's transaction, together with what the framework remembers of it."""
	frappe.get_single(doctype).update(values).save()
	frappe.db.after_rollback.add(frappe.clear_cache)


def new_company(**values):
	name = unique("Stand-in Supplies")
	defaults = {"abbr": name[-8:], "default_currency": "USD", "country": "United States"}
	frappe.db.after_rollback.add(frappe.clear_cache)  # the first company becomes a remembered default
	return insert("Company", company_name=name, **{**defaults, **values})


def of_company(name: str) -> str:
	"""The name that a warehouse or account of the default company bears."""
	return f"{name} - {frappe.db.get_value('Company', company(), 'abbr')}"


def warehouse(**values) -> str:
	return insert("Warehouse", warehouse_name=unique("Shelf"), company=company(), **values).name


def item(**values) -> str:
	defaults = {
		"item_code": unique("ITEM"),
		"item_group": "Products",
		"stock_uom": "Nos",
		"valuation_rate": 4,
	}
	return insert("Item", **{**defaults, **values}).name


def default_price_list() -> str:
	return frappe.db.get_single_value("Selling Settings", "selling_price_list")


def price(item_code: str, rate: float, **values) -> str:
	values = {"price_list": default_price_list(), **values}
	return insert("Item Price", item_code=item_code, price_list_rate=rate, **values).name


def priced_item(rate: float, **values) -> str:
	item_code = item(**values)
	price(item_code, rate)
	return item_code


def customer(**values) -> str:
	defaults = {"customer_group": "Commercial", "territory": "United States"}
	return insert("Customer", customer_name=unique("Clinic"), **{**defaults, **values}).name


def supplier(**values) -> str:
	return insert("Supplier", supplier_name=unique("Vendor"), supplier_group="Services", **values).name


def stock_entry(purpose: str, item_code: str, qty: float, **row):
	rows = [{"item_code": item_code, "qty": qty, **row}]
	return insert("Stock Entry", stock_entry_type=purpose, company=company(), items=rows)


def receive(item_code: str, qty: float, into: str, rate: float = 10):
	entry = stock_entry("Material Receipt", item_code, qty, t_warehouse=into, basic_rate=rate)
	return entry.submit()


def sales_order(*rows: dict, **values):
	"""A saved order; each row is a line. Without a customer, a new one."""
	values.setdefault("customer", None)
	values["customer"] = values["customer"] or customer()
	defaults = {"company": company(), "delivery_date": add_days(today(), 5)}
	return insert("Sales Order", items=list(rows), **{**defaults, **values})


def submitted_order(*rows: dict, **values):
	return sales_order(*rows, **values).submit()


def delivery_note_of(order):
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	return make_delivery_note(order.name)


def tax(charge_type: str, account: str = SALES_TAX, **values) -> dict:
	return {
		"charge_type": charge_type,
		"account_head": of_company(account),
		"description": account,
		**values,
	}


def bin_of(item_code: str, warehouse_name: str) -> frappe._dict:
	fields = ["actual_qty", "reserved_qty", "projected_qty", "valuation_rate", "stock_value"]
	key = {"item_code": item_code, "warehouse": warehouse_name}
	return frappe.db.get_value("Bin", key, fields, as_dict=True)


def address(of: tuple[str, str], **values) -> str:
	defaults = {
		"address_title": of[1],
		"address_type": "Billing",
		"address_line1": "1 Main St",
		"city": "Springfield",
		"state": "IL",
		"pincode": "62701",
		"country": "United States",
	}
	links = [{"link_doctype": of[0], "link_name": of[1]}]
	return insert("Address", links=links, **{**defaults, **values}).name


def primary_contact(of: tuple[str, str], email: str, mobile: str) -> str:
	return insert(
		"Contact",
		first_name="Ann",
		last_name="Lee",
		is_primary_contact=1,
		email_ids=[{"email_id": email, "is_primary": 1}],
		phone_nos=[{"phone": mobile, "is_primary_mobile_no": 1}],
		links=[{"link_doctype": of[0], "link_name": of[1]}],
	).name


def user(**values) -> str:
	email = f"{frappe.generate_hash(length=8)}@stand-in.test"
	return insert("User", email=email, first_name="Vera", send_welcome_email=0, **values).name
