"""What happens to a pushed Sales Order afterwards becomes visible on its record."""

import frappe
from frappe import _


def note_cancellation(order, event=None) -> None:
	"""`Sales Order`'s on_cancel: the vendor's next sync reports it, and nothing is pushed again."""
	for name, order_id in frappe.get_all(
		"ShipStation Order",
		filters={"sales_order": order.name, "shipstation_order_id": ("is", "set")},
		fields=["name", "shipstation_order_id"],
		as_list=True,
	):
		remark = _("was cancelled after it was sent; cancel order {0} in ShipStation").format(order_id)
		frappe.db.set_value("ShipStation Order", name, {"status": "Cancelled", "remark": remark})


def note_amendment(order, event=None) -> None:
	"""`Sales Order`'s on_submit: an amended order says so on the record of the one it replaces."""
	if not order.amended_from:
		return
	for name, order_id in frappe.get_all(
		"ShipStation Order",
		filters={"sales_order": order.amended_from, "shipstation_order_id": ("is", "set")},
		fields=["name", "shipstation_order_id"],
		as_list=True,
	):
		remark = _("was amended as {0} after it was sent; cancel order {1} in ShipStation").format(
			order.name, order_id
		)
		frappe.db.set_value("ShipStation Order", name, {"status": "Cancelled", "remark": remark})
