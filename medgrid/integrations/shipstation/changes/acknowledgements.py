"""Orders that were cancelled or amended after they were sent, and that the vendor must cancel in ShipStation.
Each is shown until the vendor acknowledges it, or it is cancelled there."""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc_now, stored_utc_text
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound
from medgrid.integrations.shipstation.changes.issues import settle_do_not_ship
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS
from medgrid.outbox.states import State, WhoActs

# The most that are shown together.
MOST = 100


def open_cancellations(supplier: str) -> list[dict[str, Any]]:
	"""Lists the orders that a vendor must not ship and has not acknowledged, the oldest first.

	:returns: for each `sales_order`, `reason`, `since` (UTC) and `shipstation_order_id`.
	"""
	fields = ["sales_order", "reason", "since", "shipstation_order_id"]
	return [{**row, "since": stored_utc_text(row.since)} for row in _open(supplier, fields)]


def acknowledge(user: str, supplier: str, sales_orders: Sequence[str]) -> list[str]:
	"""Records that a vendor knows of cancellations. One that is acknowledged does not change. Commits.

	:param user: who acknowledges them for the Supplier.
	:returns: the Sales Orders that are acknowledged now and were not before.
	:raises NotFound: one of them is not a cancelled order of the vendor's; then nothing changes.
	"""
	filters = {**_cancelled(supplier), "sales_order": ("in", list(sales_orders))}
	rows = frappe.get_all(DOCTYPE, filters=filters, fields=["sales_order", "name"])
	names = {row.sales_order: row.name for row in rows}
	for sales_order in sales_orders:
		if sales_order not in names:
			# The same for an order of another vendor and for one that does not exist.
			raise NotFound(_("There is no cancelled order {0} of yours.").format(sales_order))

	def work() -> list[str]:
		return [order for order in sorted(names) if _note_acknowledged(names[order], user)]

	return in_transaction(work)


def _note_acknowledged(name: str, user: str) -> bool:
	"""Records that a cancellation needs nobody any more.

	:param user: who says so.
	:returns: whether it was open.
	"""
	# Not `locked_row`, which would commit the orders before: they are acknowledged together.
	row = frappe.db.get_value(DOCTYPE, name, ["acknowledged_at"], as_dict=True, for_update=True)
	if not row or row.acknowledged_at:
		return False
	values = {"acknowledged_at": stored_utc_now(), "acknowledged_by": user}
	frappe.db.set_value(DOCTYPE, name, values, update_modified=False)
	settle_do_not_ship(name)
	return True


def _open(supplier: str, fields: list[str]) -> list[Any]:
	filters = {
		**_cancelled(supplier),
		"acknowledged_at": ("is", "not set"),
		"who_acts": WhoActs.VENDOR.value,
	}
	return frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="since asc, name asc", limit=MOST)


def _cancelled(supplier: str) -> dict[str, Any]:
	return {
		"supplier": supplier,
		"status": LABELS[State.CANCELLED],
		"shipstation_order_id": ("is", "set"),
	}
