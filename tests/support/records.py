"""Documents for tests, on the stand-in and on real ERPNext alike: only what ERPNext itself asks for."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import frappe
from frappe.cache_manager import clear_defaults_cache
from frappe.utils.nestedset import get_root_of

from tests.support.waiting import wait_for_jobs

CUSTOMER_GROUP, TERRITORY = "MGT Clinics", "MGT Illinois"
SUPPLIER_GROUP, ITEM_GROUP = "MGT Vendors", "MGT Goods"
# ERPNext 16 refuses the trees' own roots, e.g. "All Customer Groups", on a Customer.
LEAVES = {
	"Customer Group": CUSTOMER_GROUP,
	"Territory": TERRITORY,
	"Supplier Group": SUPPLIER_GROUP,
	"Item Group": ITEM_GROUP,
}

# What the database answers: frappe._dict, whose keys are attributes, too.
Row = Any

# The sites whose masters are made and committed. No test takes one away.
_with_masters: set[str] = set()


def ensure(doctype: str, filters: dict, **values):
	"""The document that matches; made of filters and values if there is none."""
	name = frappe.db.get_value(doctype, filters)
	if name:
		return frappe.get_doc(doctype, name)
	return frappe.get_doc({"doctype": doctype, **filters, **values}).insert(ignore_permissions=True)


def write_values(doctype: str, name: str | dict, field: str | dict, value: Any = None, **options) -> None:
	"""Writes columns of rows that jobs write, too, when no job does. Commits, before and after.

	:param name: of a document, or filters.
	:param options: for `frappe.db.set_value`.
	"""
	frappe.db.commit()
	wait_for_jobs()
	frappe.db.set_value(doctype, name, field, value, **options)
	frappe.db.commit()


def company():
	"""Skydell Medical; on a bench whose setup wizard was never run, with the masters a company stands on."""
	if frappe.local.site not in _with_masters:
		_masters()
		frappe.db.after_commit.add(partial(_with_masters.add, frappe.local.site))
	return ensure(
		"Company",
		{"company_name": "Skydell Medical"},
		abbr="SM",
		default_currency="USD",
		country="United States",
	)


def _masters() -> None:
	for doctype, leaf in LEAVES.items():
		_leaf(doctype, leaf)
	_address_template()
	ensure("Warehouse Type", {"name": "Transit"})
	for purpose in ("Material Receipt", "Material Issue"):
		ensure("Stock Entry Type", {"name": purpose}, purpose=purpose)
	for uom in ("Nos", "Box", "Kg"):
		ensure("UOM", {"uom_name": uom})
	_fiscal_year()


def _leaf(doctype: str, name: str) -> None:
	"""A node that documents may name, and the root above it: without the setup wizard, there is none."""
	field = frappe.scrub(doctype)
	root = get_root_of(doctype) or ensure(doctype, {f"{field}_name": f"All {doctype}s"}, is_group=1).name
	ensure(doctype, {f"{field}_name": name}, **{f"parent_{field}": root})


def _address_template() -> None:
	"""ERPNext shows no Address without one; the setup wizard makes that of the company's country."""
	if not frappe.db.exists("Address Template", {"is_default": 1}):
		ensure("Address Template", {"country": "United States"}, is_default=1)


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


def customer(name: str) -> str:
	company()
	values = {"customer_group": CUSTOMER_GROUP, "territory": TERRITORY}
	return ensure("Customer", {"customer_name": name}, **values).name


def supplier(name: str, **more) -> str:
	company()
	values = {"supplier_group": SUPPLIER_GROUP, "country": "United States", **more}
	return ensure("Supplier", {"supplier_name": name}, **values).name


def item(code: str, **values) -> str:
	"""
	:param values: of the Item. A row of `item_defaults` that names no warehouse gets none: Frappe would enter
		the site's default warehouse, which may belong to another company than the row's.
	"""
	defaults = {"item_name": code, "item_group": ITEM_GROUP, "stock_uom": "Nos", "is_stock_item": 1}
	if rows := values.get("item_defaults"):
		values["item_defaults"] = [{"default_warehouse": "", **row} for row in rows]
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


@contextmanager
def site_default(name: str, value: str) -> Iterator[None]:
	"""Sets one of Frappe's defaults for all users within the block."""
	before = frappe.db.get_default(name) or ""
	_set_default(name, value)
	try:
		yield
	finally:
		_set_default(name, before)


def _set_default(name: str, value: str) -> None:
	frappe.db.set_default(name, value)
	# Frappe forgot what it has cached before this commit: another process may have cached it again.
	frappe.db.commit()
	clear_defaults_cache()
	assert (frappe.db.get_default(name) or "") == value
