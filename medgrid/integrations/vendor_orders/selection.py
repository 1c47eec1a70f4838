"""Which of a vendor's orders a list contains, as conditions of a query."""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import Criterion, Order
from frappe.query_builder.custom import ConstantColumn
from frappe.query_builder.functions import Concat, Count
from pypika.functions import Function
from pypika.terms import ExistsCriterion

from medgrid.integrations.like import containing
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX
from medgrid.orders.shippers import is_default_of, is_shipped_by
from medgrid.outbox.states import CLAIMABLE, State

# The indexes by supplier and creation; by supplier, state and creation.
ALONG, ALONG_STATE = "medgrid_list", "medgrid_states"
# The number of a vendor's newest orders that tell which warehouses it ships from.
NEWEST = 500


@dataclass(frozen=True)
class OrderFilter:
	"""Some of a vendor's orders.

	:param supplier: the vendor. Never from a parameter: the caller's own Supplier.
	:param state: None: all, but not those of which the vendor ships no row any more.
	:param text: the orders whose name, tracking number, item code or item name contains it; None: all.
	"""

	supplier: str
	state: State | None = None
	text: str | None = None


def select(selection: OrderFilter, *fields: str, offset: int, rows: int) -> list[Any]:
	"""Reads records, newest first.

	:param fields: of ShipStation Order.
	:param offset: the number of records to skip.
	:param rows: their maximum number.
	"""
	record = frappe.qb.DocType(DOCTYPE)
	return (
		frappe.qb.from_(record)
		# Along its index, the list of one vendor never reads another's rows, and sorts nothing.
		.force_index(ALONG_STATE if selection.state else ALONG)
		.select(*(record[name] for name in fields))
		.where(_condition(selection, record))
		.orderby(record.creation, order=Order.desc)
		.orderby(record.name, order=Order.desc)
		.offset(offset)
		.limit(rows)
		.run(as_dict=True)
	)


def number_of(selection: OrderFilter) -> int:
	"""How many orders a selection has."""
	record = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(record).select(Count("*")).where(_condition(selection, record))
	return query.run()[0][0]


def rows_of_vendor(supplier: str, names: list[str]) -> list[Any]:
	"""The rows of Sales Orders that a vendor ships, was sent, or is to be sent.

	:param names: of ShipStation Orders of this vendor.
	:returns: rows of `record`, `item_code`, `item_name`, `qty`, `uom`, in the order of the Sales Order.
	"""
	if not names:
		return []
	record, line = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order Item")
	query = _joined(record, line, supplier)
	return (
		query.select(record.name.as_("record"), line.item_code, line.item_name, line.qty, line.uom)
		.where((record.supplier == supplier) & record.name.isin(names))
		.orderby(line.idx)
		.run(as_dict=True)
	)


def warehouses_of_vendor(supplier: str) -> set[str]:
	"""The warehouses that a vendor's rows of its newest Sales Orders name."""
	newest = [row.name for row in select(OrderFilter(supplier), "name", offset=0, rows=NEWEST)]
	if not newest:
		return set()
	record, line = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType("Sales Order Item")
	query = _joined(record, line, supplier).select(line.warehouse).distinct()
	found = query.where((record.supplier == supplier) & record.name.isin(newest)).run(pluck=True)
	return set(filter(None, found))


def _condition(selection: OrderFilter, record) -> Criterion:
	condition = record.supplier == selection.supplier
	if selection.state:
		condition &= record.status == LABELS[selection.state]
	else:
		condition &= record.status != LABELS[State.NOT_OURS]
	if selection.text:
		condition &= _contains(selection, record)
	return condition


def _contains(selection: OrderFilter, record) -> Criterion:
	pattern = containing(selection.text or "")
	parcel = frappe.qb.DocType("ShipStation Shipment")
	has_parcel = ExistsCriterion(
		frappe.qb.from_(parcel)
		.select(ConstantColumn(1))
		.where((parcel.parent == record.name) & (parcel.parenttype == DOCTYPE))
		.where(parcel.tracking_number.like(pattern))
	)
	line = frappe.qb.DocType("Sales Order Item").as_("own_line")
	inner = frappe.qb.DocType(DOCTYPE).as_("own_record")
	has_item = ExistsCriterion(
		_joined(inner, line, selection.supplier)
		.select(ConstantColumn(1))
		.where(inner.name == record.name)
		.where(line.item_code.like(pattern) | line.item_name.like(pattern))
	)
	return record.sales_order.like(pattern) | has_parcel | has_item


def _joined(record, line, supplier: str) -> Any:
	"""A query over a vendor's records and those rows of their Sales Orders that are this vendor's: what was
	sent, or, if nothing was, what the vendor ships by the rule. Other vendors' rows of the same Sales Order
	are never among them."""
	order, item = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Item")
	default = frappe.qb.DocType("Item Default")
	# Before it is sent, a record may have the rows of an earlier attempt, and Update Items makes rows anew.
	is_sent = record.status.notin(OUTBOX.labels_of(CLAIMABLE)) & record.lines.notnull()
	is_sent &= record.lines.notin(["", "[]"])
	was_sent = _Locate(Concat('"', line.name, '"'), record.lines) > 0
	is_own = (is_sent & was_sent) | (is_sent.negate() & is_shipped_by(supplier, order, line, item, default))
	return (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.join(line)
		.on((line.parent == order.name) & (line.parenttype == "Sales Order"))
		.left_join(item)
		.on(item.name == line.item_code)
		.left_join(default)
		.on(is_default_of(order, line, default))
		.where(is_own)
	)


class _Locate(Function):
	def __init__(self, part: Any, text: Any):
		super().__init__("LOCATE", part, text)
