"""Documents for tests, on the stand-in and on real ERPNext alike: only what ERPNext itself asks for."""

from typing import Any

import frappe

# What the database answers: frappe._dict, whose keys are attributes, too.
Row = Any


def ensure(doctype: str, filters: dict, **values):
	"""The document that matches; made of filters and values if there is none."""
	name = frappe.db.get_value(doctype, filters)
	if name:
		return frappe.get_doc(doctype, name)
	return frappe.get_doc({"doctype": doctype, **filters, **values}).insert(ignore_permissions=True)


def company():
	"""Skydell Medical; on a bench whose setup wizard was never run, with the masters a company stands on."""
	_masters()
	return ensure(
		"Company",
		{"company_name": "Skydell Medical"},
		abbr="SM",
		default_currency="USD",
		country="United States",
	)


def _masters() -> None:
	ensure("Item Group", {"item_group_name": "All Item Groups"}, is_group=1)
	ensure("Customer Group", {"customer_group_name": "All Customer Groups"}, is_group=1)
	ensure("Territory", {"territory_name": "All Territories"}, is_group=1)
	ensure("Supplier Group", {"supplier_group_name": "All Supplier Groups"}, is_group=1)
	ensure("Warehouse Type", {"name": "Transit"})
	for purpose in ("Material Receipt", "Material Issue"):
		ensure("Stock Entry Type", {"name": purpose}, purpose=purpose)
	for uom in ("Nos", "Box", "Kg"):
		ensure("UOM", {"uom_name": uom})
	_fiscal_year()


def _fiscal_year() -> None:
	"""Real ERPNext posts nothing outside a fiscal year; the stand-in has no books."""
	if not frappe.db.exists("DocType", "Fiscal Year"):
		return
	year = frappe.utils.getdate().year
	if not frappe.db.exists("Fiscal Year", {"year_start_date": ("<=", frappe.utils.today())}):
		dates = {"year_start_date": f"{year}-01-01", "year_end_date": f"{year}-12-31"}
		ensure("Fiscal Year", {"year": str(year)}, **dates)


def warehouse(name: str, **values) -> str:
	"""The name of a warehouse of Skydell Medical."""
	owner = company()
	root = {"company": owner.name, "is_group": 1, "warehouse_name": "All Warehouses"}
	parent = frappe.db.get_value("Warehouse", root)
	key = {"warehouse_name": name, "company": owner.name}
	return ensure("Warehouse", key, parent_warehouse=parent, **values).name


def item(code: str, **values) -> str:
	defaults = {"item_name": code, "item_group": "All Item Groups", "stock_uom": "Nos", "is_stock_item": 1}
	return ensure("Item", {"item_code": code}, **{**defaults, **values}).name


def price_list(name: str, **values) -> str:
	defaults = {"currency": "USD", "enabled": 1, "selling": 1}
	return ensure("Price List", {"price_list_name": name}, **{**defaults, **values}).name


def set_price(item_code: str, price_list: str, rate: float, **values) -> str:
	"""One more Item Price, whatever prices there are already."""
	document = {"doctype": "Item Price", "item_code": item_code, "price_list": price_list}
	return (
		frappe.get_doc({**document, "price_list_rate": rate, **values}).insert(ignore_permissions=True).name
	)


def set_stock(item_code: str, warehouse: str, quantity: float) -> None:
	"""Receives or issues goods until the warehouse has exactly this quantity."""
	bin_key = {"item_code": item_code, "warehouse": warehouse}
	difference = quantity - (frappe.db.get_value("Bin", bin_key, "actual_qty") or 0)
	if not difference:
		return
	# ERPNext remembers for a whole request which warehouses there are.
	frappe.flags.pop("warehouse_account_map", None)
	line = {"item_code": item_code, "qty": abs(difference), "basic_rate": 1}
	line["t_warehouse" if difference > 0 else "s_warehouse"] = warehouse
	entry = {
		"doctype": "Stock Entry",
		"stock_entry_type": "Material Receipt" if difference > 0 else "Material Issue",
		"company": company().name,
		"items": [line],
	}
	frappe.get_doc(entry).insert(ignore_permissions=True).submit()
