"""Finds the Sales Orders that are due and have no ShipStation Order, because the queue lost the job or an
Item got another default supplier. The scheduler's hourly job, and each sync for its vendor."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import frappe
from frappe.query_builder import Criterion

from medgrid.core.faults.borders import job
from medgrid.exceptions import Busy
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.due.register import NOBODY, make_records
from medgrid.integrations.shipstation.order_records import LABELS
from medgrid.orders.sales_order import AT_STORE, CANCELLED_AT_STORE, OVER, STOPPED, is_free_at_store
from medgrid.orders.shippers import has_left, is_default_of, is_shipped_by, is_to_be_delivered
from medgrid.outbox.states import State, WhoActs

# An order is looked for so many days after its last change.
DAYS = 7
CHUNK = 100
# So many orders an hour without a vendor are looked at again.
MOST_WITHOUT_VENDOR = 500
# So many records at a time are looked at whose orders are not due any more.
MOST_NOT_DUE = 500


@job
def register_missed() -> None:
	"""Makes the records of orders that have none, and looks again at rows without a vendor, and at records
	of orders that are not due any more. The scheduler's hourly job."""
	register_all(_without_record(_since()))
	register_all(_without_vendor())
	register_all(_not_due_any_more())
	_register_freed()


def register_missed_of(supplier: str) -> int:
	"""Makes the missing records of one vendor, and looks at those of orders that are not due any more.

	:returns: the number of orders that others have locked; they stay as they are.
	"""
	return register_all(_without_record_of(supplier)) + register_all(_not_due_any_more(supplier))


@job
def register_again(supplier: str) -> None:
	"""Looks again at all orders of a vendor that are not sent, because the vendor has chosen another day from
	which on they are. The RQ job."""
	unsent = [LABELS[State.WAITING], LABELS[State.FAILED], LABELS[State.NOT_OURS]]
	register_all(
		frappe.get_all(
			"ShipStation Order", filters={"supplier": supplier, "status": ("in", unsent)}, pluck="sales_order"
		)
	)


def register_open() -> None:
	"""Makes the records of all open orders, however old they are. The patch to this release."""
	register_all(_without_record(datetime(1900, 1, 1)))


def _register_freed() -> None:
	"""Looks again at orders that amend one whose order the store has cancelled since: what the store had is
	for the vendors now, whether they have other rows of the order or none."""
	for name in freed_by_store():
		try:
			make_records(name)
			compare(name)
		except Busy:
			# The next run finds it again.
			continue


def register_all(sales_orders: Iterable[str]) -> int:
	"""Makes the records of some Sales Orders; commits each.

	:returns: the number of orders that others have locked; the next run finds them again.
	"""
	held = 0
	for name in sales_orders:
		try:
			make_records(name)
		except Busy:
			held += 1
	return held


def _since() -> datetime:
	return frappe.utils.now_datetime() - timedelta(days=DAYS)


def _is_open(order) -> Criterion:
	is_due = (order.docstatus == 1) & (order.per_delivered < 100)
	return is_due & order.status.notin([*STOPPED, *OVER]) & is_to_be_delivered(order)


def _without_record(since: datetime) -> list[str]:
	order, record = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("ShipStation Order")
	is_sent = order.shipstation_order_id.notnull() & (order.shipstation_order_id != "")
	return (
		frappe.qb.from_(order)
		.left_join(record)
		.on(record.sales_order == order.name)
		.select(order.name)
		.where(_is_open(order) & (order.modified >= since) & record.name.isnull() & is_sent.negate())
		.orderby(order.modified)
		.run(pluck=True)
	)


def _not_due_any_more(supplier: str | None = None) -> list[str]:
	"""The orders that wait or have failed although they are delivered, closed or on hold, unless their
	records say so.

	:param supplier: None: of all vendors.
	"""
	order, record = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("ShipStation Order")
	is_over = (order.per_delivered >= 100) | order.status.isin(OVER)
	is_unsaid = (record.status == LABELS[State.WAITING]) & (record.attempts == 0)
	is_unsaid &= record.who_acts != WhoActs.WHOLESALER.value
	unsent = [LABELS[State.WAITING], LABELS[State.FAILED]]
	query = (
		frappe.qb.from_(record)
		.join(order)
		.on(order.name == record.sales_order)
		.select(order.name)
		.distinct()
		.where(record.status.isin(unsent) & (order.docstatus == 1))
		.where(is_over | (order.status.isin(STOPPED) & is_unsaid))
		.limit(MOST_NOT_DUE)
	)
	return (query.where(record.supplier == supplier) if supplier else query).run(pluck=True)


def freed_by_store() -> list[str]:
	"""Lists the open Sales Orders that amend one whose order the store has cancelled lately, and of which it
	has shipped nothing."""
	order, original = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order").as_("original")
	rows = (
		frappe.qb.from_(order)
		.join(original)
		.on(original.name == order.amended_from)
		.select(order.name, *(original[field] for field in AT_STORE))
		.where(_is_open(order) & (original.exoceuticals_status == CANCELLED_AT_STORE))
		.where(original.modified >= _since())
		.run(as_dict=True)
	)
	return [row.name for row in rows if is_free_at_store(row)]


def _without_vendor() -> list[str]:
	return frappe.get_all(
		"ShipStation Order",
		filters={"supplier": NOBODY, "status": LABELS[State.WAITING]},
		pluck="sales_order",
		order_by="modified desc",
		limit=MOST_WITHOUT_VENDOR,
	)


def _without_record_of(supplier: str) -> list[str]:
	order, line = frappe.qb.DocType("Sales Order"), frappe.qb.DocType("Sales Order Item")
	default, record = frappe.qb.DocType("Item Default"), frappe.qb.DocType("ShipStation Order")
	item = frappe.qb.DocType("Item")
	is_missing = record.name.isnull() | (record.status == LABELS[State.NOT_OURS])
	return (
		frappe.qb.from_(order)
		.join(line)
		.on(line.parent == order.name)
		.join(item)
		.on(item.name == line.item_code)
		.left_join(default)
		.on(is_default_of(order, line, default))
		.left_join(record)
		.on((record.sales_order == order.name) & (record.supplier == supplier))
		.select(order.name)
		.distinct()
		.where(is_shipped_by(supplier, order, line, item, default))
		.where(_is_open(order) & (order.modified >= _since()) & has_left(line))
		.where(is_missing)
		.run(pluck=True)
	)
