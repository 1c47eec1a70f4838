"""Orders that were shipped before their change was sent; an Integration Issue names the difference.
ShipStation's webhook may report a label before the next sync sends the change.
"""

import frappe

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.integrations.shipstation.changes.arrivals import record_arrival
from medgrid.integrations.shipstation.changes.comparison import compare
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, PushContext, is_of
from medgrid.outbox.states import State, WhoActs

# So many of them at a time.
MOST = 200


def shipped_since_change(context: PushContext) -> list[str]:
	"""Lists the records of a vendor's account whose orders were shipped with a change that nobody has been
	told of.

	:returns: names of ShipStation Orders.
	"""
	record = frappe.qb.DocType(DOCTYPE)
	shipped = [LABELS[State.SHIPPED], LABELS[State.DELIVERED]]
	return (
		frappe.qb.from_(record)
		.select(record.name)
		.where((record.supplier == context.supplier) & (record.is_changed == 1))
		.where(record.status.isin(shipped) & (record.who_acts == WhoActs.NOBODY.value))
		.where(is_of(record, context))
		.orderby(record.pushed_at)
		.limit(MOST)
		.run(pluck=True)
	)


def tell_difference(client: ShipStationClient, name: str) -> None:
	"""Says on a record what differs, and opens an issue, or notes that the change had arrived after all.
	Commits.

	:param name: the record's name.
	:raises IntegrationError: the request failed.
	"""
	fields = ["sales_order", "shipstation_order_id", "resending_content"]
	record = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True)
	if record.resending_content:
		remote = client.get_order(record.shipstation_order_id)
		record_arrival(name, remote)
	compare(record.sales_order)
