"""Who ships a row of a Sales Order: a Supplier, or nobody whom MedGrid knows.

- A drop-shipped row (`delivered_by_supplier`) is shipped by its own Supplier. ERPNext fills `supplier` on
  every row, so without the check mark it means nothing.
- Any other row of a stock item, or of a Product Bundle with a stock item in it, is shipped by its Item's
  default supplier for the order's company. A bundle's Item has no stock of its own, but what is in it has.
- Other rows of non-stock items, and all rows of orders without delivery, are not shipped: of those with
  `skip_delivery_note`, and of those of the type Maintenance, which name what the customer has already.
- Rows that Exoceuticals could ship, too: see `Preference`.

Contract: "Order Push to ShipStation" ("whose items' `default_supplier` matches the calling vendor"). This
module implements the rule twice, for one order and for a query over many; the two must agree.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal
from enum import Enum
from typing import Any

import frappe
from frappe.query_builder import Criterion

# The Item's variant in the Exoceuticals store; an Item without one is not sold there.
VARIANT = "exoceuticals_variant_id"
MAINTENANCE = "Maintenance"


class Preference(Enum):
	"""Who ships a row that a vendor and Exoceuticals could both ship; the values are the options of
	`rows_sold_by_both_are_shipped_by` in Medgrid Settings."""

	FIRST = "Whoever takes them first"
	VENDORS = "Vendors"
	STORE = "Exoceuticals"


def preference() -> Preference:
	"""The site's setting."""
	value = frappe.db.get_single_value("Medgrid Settings", "rows_sold_by_both_are_shipped_by")
	return Preference(value) if value else Preference.FIRST


def shippers_of(document) -> dict[str, str]:
	"""Finds the Suppliers who ship the rows of a Sales Order, by the rule of this module. Rows that somebody
	has already: see `medgrid.outbox.rows`.

	:param document: a Sales Order document.
	:returns: the Supplier of each row, by the row's name; rows without one are left out.
	"""
	found = vendors_of(document)
	if found and preference() is Preference.STORE:
		sold = items_sold_by_store({row.item_code for row in document.items})
		ours = [row.name for row in document.items if is_drop_shipped(row) or row.item_code not in sold]
		found = {row: found[row] for row in ours if row in found}
	return found


def vendors_of(document) -> dict[str, str]:
	"""As `shippers_of`, whatever Exoceuticals could ship."""
	if is_without_delivery(document):
		return {}
	items = {row.item_code for row in document.items}
	defaults, to_ship = suppliers_of(items, document.company), _goods(items)
	found = {}
	for row in document.items:
		if is_drop_shipped(row):
			found[row.name] = row.supplier
		elif row.item_code in to_ship and row.item_code in defaults:
			found[row.name] = defaults[row.item_code]
	return found


def is_without_delivery(document) -> bool:
	"""Whether ERPNext offers no Delivery Note for a Sales Order."""
	return bool(document.get("skip_delivery_note")) or document.get("order_type") == MAINTENANCE


def is_to_be_delivered(order) -> Criterion:
	"""The opposite as a condition of a query.

	:param order: the query's Sales Order.
	"""
	is_kept = order.order_type.isnull() | (order.order_type != MAINTENANCE)
	return (order.skip_delivery_note == 0) & is_kept


def is_drop_shipped(row) -> bool:
	"""Whether a Supplier sends a row's goods to the customer itself."""
	return bool(row.get("delivered_by_supplier") and row.get("supplier"))


def rows_to_ship(document) -> list:
	"""The rows of a Sales Order document with goods that somebody must ship, delivered or not."""
	if is_without_delivery(document):
		return []
	stock = _goods({row.item_code for row in document.items})
	return [row for row in document.items if is_drop_shipped(row) or row.item_code in stock]


def suppliers_of(items: Iterable[str], company: str) -> dict[str, str]:
	"""Finds the default suppliers of some Items.

	:param items: names of Items.
	:returns: the Supplier of each Item; Items without one are left out.
	"""
	rows = frappe.get_all(
		"Item Default",
		filters={
			"parent": ("in", list(set(items))),
			"parenttype": "Item",
			"company": company,
			"default_supplier": ("is", "set"),
		},
		fields=["parent", "default_supplier"],
	)
	return {row.parent: row.default_supplier for row in rows}


def items_sold_by_store(items: Iterable[str]) -> set[str]:
	"""Those of some Items that Exoceuticals sells."""
	filters = {"name": ("in", list(items)), VARIANT: ("is", "set")}
	return set(frappe.get_all("Item", filters=filters, pluck="name"))


def _goods(items: Collection[str]) -> set[str]:
	"""Those of some Items that somebody must ship: stock items, and Product Bundles of them."""
	stock = frappe.get_all("Item", {"name": ("in", list(items)), "is_stock_item": 1}, pluck="name")
	bundle, _part, query = _goods_in_bundles()
	bundled = query.select(bundle.new_item_code).where(bundle.new_item_code.isin(list(items) or [""]))
	return {*stock, *bundled.run(pluck=True)}


def contents_of(items: Collection[str]) -> dict[str, list[Any]]:
	"""The goods in Product Bundles.

	:param items: names of Items.
	:returns: by the Item of each bundle among them, rows of `item_code`, `qty` (in one bundle) and `uom`.
	"""
	bundle, part, query = _goods_in_bundles()
	rows = (
		query.select(bundle.new_item_code, part.item_code, part.qty, part.uom)
		.where(bundle.new_item_code.isin(list(items) or [""]))
		.orderby(part.idx)
		.run(as_dict=True)
	)
	found: dict[str, list[Any]] = {}
	for row in rows:
		found.setdefault(row.new_item_code, []).append(row)
	return found


def _goods_in_bundles() -> tuple[Any, Any, Any]:
	"""
	:returns: the DocTypes of Product Bundles and their parts, and the query of both; a service is no part.
	"""
	bundle, part = frappe.qb.DocType("Product Bundle"), frappe.qb.DocType("Product Bundle Item")
	inside = frappe.qb.DocType("Item").as_("inside")
	query = (
		frappe.qb.from_(bundle)
		.join(part)
		.on((part.parent == bundle.name) & (part.parenttype == "Product Bundle"))
		.join(inside)
		.on(inside.name == part.item_code)
		.where((bundle.disabled == 0) & (inside.is_stock_item == 1))
	)
	return bundle, part, query


def is_shipped_by(supplier: str, order, row, item, default) -> Criterion:
	"""The same rule as a condition of a query.

	:param order: the query's Sales Order.
	:param row: its Sales Order Item.
	:param item: the row's Item.
	:param default: the row's Item Default, outer-joined on `is_default_of`.
	"""
	bundle, _part, query = _goods_in_bundles()
	bundles = query.select(bundle.new_item_code)
	is_default = ((item.is_stock_item == 1) | item.name.isin(bundles)) & (
		default.default_supplier == supplier
	)
	if preference() is Preference.STORE:
		is_default &= item[VARIANT].isnull() | (item[VARIANT] == "")
	has_own = (row.delivered_by_supplier == 1) & row.supplier.notnull() & (row.supplier != "")
	is_own = (row.delivered_by_supplier == 1) & (row.supplier == supplier)
	return is_to_be_delivered(order) & (is_own | (has_own.negate() & is_default))


def left_to_deliver(row) -> Decimal:
	"""The quantity of a row that is not delivered yet, in its UOM. ERPNext counts what the customer has sent
	back as not delivered; nobody ships it again unless somebody orders it.

	:param row: a Sales Order Item.
	"""
	quantities = (row.qty, row.delivered_qty, row.returned_qty)
	ordered, delivered, returned = (Decimal(str(quantity or 0)) for quantity in quantities)
	return ordered - delivered - returned


def has_left(row) -> Criterion:
	"""The same as a condition of a query: whether any of a row is left to deliver.

	:param row: the query's Sales Order Item.
	"""
	return row.delivered_qty + row.returned_qty < row.qty


def is_default_of(order, row, default) -> Criterion:
	"""The condition that joins a row's Item Default."""
	return (
		(default.parent == row.item_code)
		& (default.parenttype == "Item")
		& (default.company == order.company)
	)
