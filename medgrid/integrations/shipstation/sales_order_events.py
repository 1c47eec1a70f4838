"""What happens to a pushed Sales Order afterwards becomes visible on its record."""

import frappe
from frappe import _

from medgrid.integrations.shipstation.claims import cancellation_remark


def note_cancellation(order, event=None) -> None:
	"""`Sales Order`'s on_cancel: the vendor's next sync reports it, and nothing is pushed again.

	A push that is under way finds the order cancelled when it records its outcome.
	"""
	for record in _pushed_records(order.name):
		_remark(record.name, cancellation_remark(record.shipstation_order_id))


def note_amendment(order, event=None) -> None:
	"""`Sales Order`'s on_submit: an amended order says so on the record of the one it replaces."""
	if not order.amended_from:
		return
	sentence = _("The Sales Order was amended as {0} after it was sent. Cancel order {1} in ShipStation.")
	for record in _pushed_records(order.amended_from):
		_remark(record.name, sentence.format(order.name, record.shipstation_order_id))


def _pushed_records(sales_order: str) -> list:
	# Locked, and so read as they are now, not as they were when this transaction began.
	filters = {"sales_order": sales_order, "shipstation_order_id": ("is", "set")}
	fields = ["name", "shipstation_order_id"]
	return frappe.db.get_values("ShipStation Order", filters, fields, as_dict=True, for_update=True)


def _remark(name: str, remark: str) -> None:
	frappe.db.set_value("ShipStation Order", name, {"status": "Cancelled", "remark": remark})
