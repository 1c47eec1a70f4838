"""The rule who ships a row says the same of one order and of a query over many."""

from dataclasses import replace
from decimal import Decimal

import frappe
import pytest

from medgrid.orders import reader
from medgrid.orders.lines import BundlePart
from medgrid.orders.shippers import (
	VARIANT,
	Preference,
	is_default_of,
	is_shipped_by,
	shippers_of,
	suppliers_of,
)
from tests.support import records
from tests.support.vendors import bundle_of, order


def rows_of(supplier: str, sales_order: str) -> set[str]:
	"""The rows of an order that a query says a Supplier ships."""
	document, row = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	item, default = frappe.qb.DocType("Item"), frappe.qb.DocType("Item Default")
	return set(
		frappe.qb.from_(document)
		.join(row)
		.on(row.parent == document.name)
		.join(item)
		.on(item.name == row.item_code)
		.left_join(default)
		.on(is_default_of(document, row, default))
		.select(row.name)
		.where((document.name == sales_order) & is_shipped_by(supplier, document, row, item, default))
		.run(pluck=True)
	)


def shippers_by_both_ways(document, *suppliers: str) -> dict[str, str]:
	"""Row -> Supplier; the rule for one order and the one of the query are the same."""
	found = shippers_of(document)
	for supplier in suppliers:
		own = {row for row, shipper in found.items() if shipper == supplier}
		assert rows_of(supplier, document.name) == own
	return found


@pytest.fixture
def prefer(site):
	"""`prefer(preference)`: who ships the rows that both could ship, until the test ends."""
	field = "rows_sold_by_both_are_shipped_by"

	def choose(preference: Preference) -> None:
		site.db.set_single_value("Medgrid Settings", field, preference.value)
		site.db.commit()

	yield choose
	choose(Preference.FIRST)


def test_one_order_and_a_query_agree(vendor, other_vendor):
	nobodys = records.item(f"{vendor.item}-N")
	items = [vendor.item, other_vendor.item, nobodys]
	document = order(*((item, 1, 10) for item in items))
	rows = [row.name for row in document.items]
	found = shippers_by_both_ways(document, vendor.supplier, other_vendor.supplier)
	assert found == {rows[0]: vendor.supplier, rows[1]: other_vendor.supplier}


def test_another_companys_default_supplier_ships_nothing(vendor):
	assert suppliers_of([vendor.item], "Another Company") == {}


@pytest.mark.parametrize("disabled", [0, 1])
def test_a_product_bundle_is_goods_although_its_item_has_no_stock(vendor, disabled):
	bundle = bundle_of(vendor, disabled=disabled)
	document = order((bundle, 1, 10), (vendor.item, 1, 10))
	rows = [row.name for row in document.items]
	found = shippers_by_both_ways(document, vendor.supplier)
	assert set(found) == set(rows[disabled:])


@pytest.mark.parametrize("with_goods", [False, True])
def test_a_bundle_of_services_alone_is_no_goods(vendor, with_goods):
	service = records.item(f"{vendor.item}-SERVICE", is_stock_item=0)
	bundle = bundle_of(vendor)
	document = frappe.get_doc("Product Bundle", bundle)
	document.set("items", [{"item_code": service, "qty": 1}])
	if with_goods:
		document.append("items", {"item_code": vendor.item, "qty": 3})
	document.save(ignore_permissions=True)
	made = order((bundle, 1, 10), (vendor.item, 1, 10))
	rows = [row.name for row in made.items]
	assert set(shippers_by_both_ways(made, vendor.supplier)) == set(rows if with_goods else rows[1:])
	(line, _other) = reader.read(made, ships_to_customer_address=True).lines
	expected = [BundlePart(vendor.item, Decimal(3), "")] if with_goods else []
	assert [replace(part, uom="") for part in line.parts] == expected


# Of the row: drop-shipped, its own Supplier; of the Item: a stock item. Who ships it.
ROWS = [
	(0, None, 1, "default"),
	(0, "other", 1, "default"),
	(1, "other", 1, "other"),
	(1, "other", 0, "other"),
	(1, None, 1, "default"),
	(1, None, 0, None),
	(0, "other", 0, None),
	(0, None, 0, None),
]


@pytest.mark.parametrize(
	"without_delivery", [{}, {"skip_delivery_note": 1}, {"order_type": "Maintenance"}], ids=str
)
@pytest.mark.parametrize("preference", list(Preference))
@pytest.mark.parametrize("is_sold_by_store", [False, True])
@pytest.mark.parametrize(("drop_shipped", "own", "is_stock", "shipper"), ROWS)
def test_who_ships_a_row(
	vendor,
	other_vendor,
	prefer,
	drop_shipped,
	own,
	is_stock,
	shipper,
	is_sold_by_store,
	preference,
	without_delivery,
):
	prefer(preference)
	document = order((vendor.item, 1, 10), (other_vendor.item, 1, 10))
	row = document.items[0]
	supplier = {"other": other_vendor.supplier, "default": vendor.supplier}
	# Directly: ERPNext fills and checks these fields according to the Item.
	row.db_set({"delivered_by_supplier": drop_shipped, "supplier": supplier.get(own)})
	variant = "gid://shopify/ProductVariant/1" if is_sold_by_store else None
	frappe.db.set_value("Item", vendor.item, {"is_stock_item": is_stock, VARIANT: variant})
	document.db_set({**without_delivery, "po_no": "MGT"}, commit=True)
	try:
		document = frappe.get_doc("Sales Order", document.name)
		found = shippers_by_both_ways(document, vendor.supplier, other_vendor.supplier)
	finally:
		frappe.db.set_value("Item", vendor.item, {"is_stock_item": 1, VARIANT: None})
		frappe.db.commit()
	expected = supplier.get(shipper)
	if without_delivery or (shipper == "default" and is_sold_by_store and preference is Preference.STORE):
		expected = None
	assert found.get(row.name) == expected
