"""The day from which a vendor's orders are sent. The vendor chooses it with the first connection, if older
open orders are shipped in another way."""

from datetime import date

import frappe
from frappe.query_builder.functions import Count

from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.shipstation.due.missed import register_again
from medgrid.integrations.shipstation.order_records import DOCTYPE as ORDER
from medgrid.integrations.shipstation.order_records import LABELS
from medgrid.outbox.states import State


def choose(connection: str, day: date) -> None:
	"""Stores the day, and queues a job that looks again at the vendor's orders that are not sent. The caller
	commits.

	:param connection: the name of the Vendor Connection to ShipStation.
	"""
	frappe.db.set_value(DOCTYPE, connection, "orders_since", day)
	supplier = frappe.db.get_value(DOCTYPE, connection, "supplier")
	enqueue_after_commit(register_again, queue=SHORT, supplier=supplier)


def orders_from(supplier: str, day: date) -> int:
	"""How many of a vendor's waiting orders are of a day or later."""
	order, record = frappe.qb.DocType("Sales Order"), frappe.qb.DocType(ORDER)
	query = frappe.qb.from_(record).join(order).on(order.name == record.sales_order).select(Count("*"))
	is_waiting = (record.supplier == supplier) & (record.status == LABELS[State.WAITING])
	return query.where(is_waiting & (order.transaction_date >= day)).run()[0][0]
