"""Items in stock with their prices; each list needs one query."""

import frappe
from frappe.query_builder import Order
from pypika.queries import QueryBuilder
from pypika.terms import Criterion, NullValue

from medgrid.stock.prices import current_rate

COLUMNS = ("item_code", "item_name", "description", "stock_uom", "rate", "available_qty")


def items_in_warehouse(warehouse: str, price_list: str | None, page: tuple[int, int] | None) -> list[dict]:
	"""Lists the items in stock in one warehouse, sorted by item name and code.

	:param warehouse: the name of an active warehouse.
	:param price_list: None: every rate is None.
	:param page: (offset, rows); None: all.
	:returns: rows of COLUMNS.
	"""
	bins = frappe.qb.DocType("Bin")
	rows = _fetch(bins.warehouse == warehouse, price_list, page, with_warehouse=False)
	return [
		{
			"item_code": code,
			"item_name": name,
			"description": description,
			"stock_uom": uom,
			"rate": _money(rate),
			"available_qty": _quantity(quantity),
		}
		for code, name, description, uom, rate, quantity in rows
	]


def search_items(
	text: str, warehouse: str | None, price_list: str | None, page: tuple[int, int] | None
) -> list[dict]:
	"""Finds items in stock whose name or description contains a text; upper and lower case are the same.

	:param text: taken literally: `%`, `_` and a backslash stand for themselves.
	:param warehouse: None: all active warehouses, with a row for each one that holds stock.
	:param price_list: None: every rate is None.
	:param page: (offset, rows); None: all.
	:returns: rows of COLUMNS and `warehouse`, sorted by item name, item code and warehouse.
	"""
	item = frappe.qb.DocType("Item")
	pattern = f"%{escape_like(text)}%"
	condition = item.item_name.like(pattern) | item.description.like(pattern)
	if warehouse:
		condition &= frappe.qb.DocType("Bin").warehouse == warehouse
	rows = _fetch(condition, price_list, page, with_warehouse=True)
	return [
		{
			"item_code": code,
			"item_name": name,
			"description": description,
			"stock_uom": uom,
			"rate": _money(rate),
			"available_qty": _quantity(quantity),
			"warehouse": location,
		}
		for code, name, description, uom, rate, quantity, location in rows
	]


def escape_like(text: str) -> str:
	"""Escapes the characters that have a special meaning in SQL's LIKE."""
	return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _fetch(condition: Criterion, price_list: str | None, page, *, with_warehouse: bool) -> tuple[tuple, ...]:
	"""The rows of a stock list, as tuples: with thousands of rows, building a second dict for each is
	slow."""
	query = _stock_query(price_list, with_warehouse=with_warehouse).where(condition)
	if page:
		query = query.offset(page[0]).limit(page[1])
	return query.run()


def _stock_query(price_list: str | None, *, with_warehouse: bool) -> QueryBuilder:
	item, bins = frappe.qb.DocType("Item"), frappe.qb.DocType("Bin")
	rate = current_rate(item, price_list) if price_list else NullValue()
	query = (
		frappe.qb.from_(bins)
		.join(item)
		.on(item.name == bins.item_code)
		.select(item.item_code, item.item_name, item.description, item.stock_uom)
		.select(rate.as_("rate"), bins.actual_qty)
		.where((bins.actual_qty > 0) & (item.disabled == 0))
		.orderby(item.item_name, order=Order.asc)
		.orderby(item.item_code, order=Order.asc)
	)
	if not with_warehouse:
		return query
	warehouse = frappe.qb.DocType("Warehouse")
	return (
		query.join(warehouse)
		.on(warehouse.name == bins.warehouse)
		.select(bins.warehouse)
		.where((warehouse.disabled == 0) & (warehouse.is_group == 0))
		.orderby(bins.warehouse, order=Order.asc)
	)


def _money(value) -> float | None:
	"""At most two decimals, in the price list's currency."""
	return None if value is None else round(float(value), 2)


def _quantity(value) -> int | float:
	"""A whole quantity is an integer: 2, not 2.0."""
	number = float(value)
	return int(number) if number.is_integer() else number
