"""The rule who ships a row says the same of one order and of a query over many."""

import frappe

from medgrid.orders.shippers import is_shipped_by, suppliers_of
from tests.support import records
from tests.support.vendors import order


def rows_of(supplier: str, sales_order: str) -> set[str]:
	"""The Items of an order that a query says a Supplier ships."""
	document, row = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	default = frappe.qb.DocType("Item Default")
	return set(
		frappe.qb.from_(document)
		.join(row)
		.on(row.parent == document.name)
		.join(default)
		.on(is_shipped_by(supplier, document, row, default))
		.select(row.item_code)
		.where(document.name == sales_order)
		.run(pluck=True)
	)


def test_one_order_and_a_query_agree(vendor, other_vendor):
	nobodys = records.item(f"{vendor.item}-N")
	items = [vendor.item, other_vendor.item, nobodys]
	document = order(*((item, 1, 10) for item in items))
	suppliers = suppliers_of(items, document.company)
	assert suppliers == {vendor.item: vendor.supplier, other_vendor.item: other_vendor.supplier}
	assert rows_of(vendor.supplier, document.name) == {vendor.item}
	assert rows_of(other_vendor.supplier, document.name) == {other_vendor.item}


def test_another_companys_default_supplier_ships_nothing(vendor):
	assert suppliers_of([vendor.item], "Another Company") == {}
