"""The orders in ShipStation of the Sales Orders that another one amends, and whether they can still be
shipped."""

from dataclasses import dataclass

import frappe

from medgrid.integrations.shipstation.due.holdings import has_vendor_records
from medgrid.integrations.shipstation.order_records import OUTBOX
from medgrid.integrations.shipstation.presence import CANCELLATION_FIELDS, MAY_HAVE, is_over, may_have
from medgrid.orders.amendments import originals
from medgrid.orders.fields import SHIPSTATION_ORDER_ID


@dataclass(frozen=True)
class Original:
	"""An order that another order amends, directly or through further amendments, and that ShipStation has or
	may have.

	:param order_id: ShipStation's order id; None while the outcome of the push is not known.
	:param connection: the Vendor Connection that has it, if that is connected.
	:param is_over: whether nobody can ship it any more; see `presence.is_over`.
	:param is_recorded: False: release 0.1, or another system, has sent it.
	"""

	sales_order: str
	order_id: str | None
	connection: str | None = None
	is_over: bool = False
	is_recorded: bool = True


def original_of(sales_order: str, supplier: str) -> Original | None:
	"""Finds the latest order that a Sales Order amends and that ShipStation has or may have.

	:returns: None if ShipStation has none of them.
	"""
	fields = [*{*CANCELLATION_FIELDS, *MAY_HAVE}, "connection"]
	for original in originals(sales_order):
		key = {"sales_order": original, "supplier": supplier}
		row = frappe.db.get_value(OUTBOX.doctype, key, fields, as_dict=True)
		if row and may_have(row):
			order_id, connection = row.shipstation_order_id or None, _connected(row.connection)
			return Original(original, order_id, connection, is_over(row))
		order_id = frappe.db.get_value("Sales Order", original, SHIPSTATION_ORDER_ID)
		if order_id and not has_vendor_records(original):
			return Original(original, order_id, is_recorded=False)
	return None


def _connected(connection: str | None) -> str | None:
	filters = {"name": connection, "status": ("!=", "not_connected")}
	return frappe.db.exists("Vendor Connection", filters) if connection else None
