"""Skydell Medical, its warehouses, its products with prices, and what is in stock."""

import csv
from pathlib import Path

import frappe
from frappe.utils import flt

from sandbox.demo.cast import ABBREVIATION, COMPANY
from sandbox.demo.records import ensure

PRODUCTS = Path(__file__).with_name("products.csv")
RETAIL, WHOLESALE = "Standard Selling", "Wholesale"
# CSV column -> warehouse.
STOCKED = {
	"qty_shipstation": "ShipStation Warehouse",
	"qty_exoceuticals": "Exoceuticals Warehouse",
	"qty_main": "Main Warehouse",
}


def products() -> list[dict[str, str]]:
	with PRODUCTS.open(newline="", encoding="utf-8") as file:
		return list(csv.DictReader(file))


def load() -> None:
	_company()
	_warehouses()
	_price_lists()
	rows = products()
	for row in rows:
		_item(row)
		_price(row, RETAIL, row["standard_rate"])
		_price(row, WHOLESALE, row["wholesale_rate"])
	for column, warehouse in STOCKED.items():
		_stock(f"{warehouse} - {ABBREVIATION}", {row["item_code"]: flt(row[column]) for row in rows})


def link_vendors() -> None:
	"""Each item's default supplier is the vendor that ships it."""
	for row in products():
		item = frappe.get_doc("Item", row["item_code"])
		default = next(line for line in item.item_defaults if line.company == COMPANY)
		if default.default_supplier != row["vendor"]:
			default.default_supplier = row["vendor"]
			item.save()


def _company() -> None:
	ensure(
		"Company",
		{"company_name": COMPANY},
		abbr=ABBREVIATION,
		default_currency="USD",
		country="United States",
	)


def _warehouses() -> None:
	parent = f"All Warehouses - {ABBREVIATION}"
	returns = ensure(
		"Warehouse",
		{"warehouse_name": "Returns", "company": COMPANY},
		is_group=1,
		parent_warehouse=parent,
	)
	for name in STOCKED.values():
		ensure("Warehouse", {"warehouse_name": name, "company": COMPANY}, parent_warehouse=parent)
	ensure(
		"Warehouse",
		{"warehouse_name": "Returns Inspection", "company": COMPANY},
		parent_warehouse=returns.name,
	)
	ensure(
		"Warehouse",
		{"warehouse_name": "Old Depot", "company": COMPANY},
		parent_warehouse=parent,
		disabled=1,
	)
	settings = frappe.get_single("Medgrid Settings")
	if not settings.warehouse_priority:
		for name in ("ShipStation Warehouse", "Exoceuticals Warehouse"):
			settings.append("warehouse_priority", {"warehouse": f"{name} - {ABBREVIATION}"})
		settings.save()


def _price_lists() -> None:
	for name in (RETAIL, WHOLESALE):
		ensure("Price List", {"price_list_name": name}, currency="USD", selling=1, enabled=1)
	frappe.db.set_single_value("Selling Settings", "selling_price_list", RETAIL)


def _item(row: dict[str, str]) -> None:
	ensure("Item Group", {"item_group_name": row["item_group"]}, parent_item_group="All Item Groups")
	ensure("Brand", {"brand": row["brand"]})
	ensure(
		"Item",
		{"item_code": row["item_code"]},
		item_name=row["item_name"],
		item_group=row["item_group"],
		brand=row["brand"],
		description=row["description"],
		stock_uom=row["stock_uom"],
		weight_per_unit=flt(row["weight_per_unit"]),
		weight_uom=row["weight_uom"],
		is_stock_item=1,
		item_defaults=[{"company": COMPANY, "default_warehouse": f"ShipStation Warehouse - {ABBREVIATION}"}],
	)


def _price(row: dict[str, str], price_list: str, rate: str) -> None:
	if rate:
		key = {"item_code": row["item_code"], "price_list": price_list}
		ensure("Item Price", key, price_list_rate=flt(rate))


def _stock(warehouse: str, wanted: dict[str, float]) -> None:
	"""One receipt of what the warehouse has never had; later orders and deliveries are left alone."""
	known = set(frappe.get_all("Stock Ledger Entry", filters={"warehouse": warehouse}, pluck="item_code"))
	lines = [
		{"item_code": item, "qty": quantity, "t_warehouse": warehouse, "basic_rate": 1}
		for item, quantity in wanted.items()
		if quantity and item not in known
	]
	if lines:
		receipt = {"doctype": "Stock Entry", "stock_entry_type": "Material Receipt", "company": COMPANY}
		frappe.get_doc({**receipt, "items": lines}).insert().submit()
