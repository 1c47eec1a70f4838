"""Statuses of sales documents, and how a Delivery Note moves its Sales Orders on."""

import frappe
from frappe import _
from frappe.utils import flt

FULL = 99.999999
NONE = 0.001


class OverAllowanceError(frappe.ValidationError):
	pass


def sales_order_status(doc) -> str:
	"""The status of a Sales Order. On Hold and Closed are set by hand, and stay until set otherwise."""
	if doc.status == "On Hold" or (doc.status == "Closed" and doc.docstatus != 2):
		return doc.status
	if doc.docstatus == 2:
		return "Cancelled"
	if doc.docstatus == 0:
		return "Draft"
	delivered = flt(doc.per_delivered) >= 100 or doc.skip_delivery_note
	billed = flt(doc.per_billed) >= 100
	if delivered:
		return "Completed" if billed else "To Bill"
	return "To Deliver" if billed else "To Deliver and Bill"


def delivery_note_status(doc) -> str:
	if doc.status == "Closed" and doc.docstatus != 2:
		return "Closed"
	if doc.docstatus == 2:
		return "Cancelled"
	if doc.docstatus == 0:
		return "Draft"
	if flt(doc.per_returned) == 100:
		return "Return Issued"
	return "Completed" if flt(doc.per_billed) == 100 else "To Bill"


def quotation_status(doc) -> str:
	return {0: "Draft", 1: "Open", 2: "Cancelled"}[int(doc.docstatus)]


def sales_invoice_status(doc) -> str:
	if doc.docstatus != 1:
		return "Draft" if doc.docstatus == 0 else "Cancelled"
	if doc.is_return:
		return "Return"
	return "Unpaid" if flt(doc.outstanding_amount) > 0 else "Paid"


STATUS_OF = {
	"Quotation": quotation_status,
	"Sales Order": sales_order_status,
	"Sales Invoice": sales_invoice_status,
	"Delivery Note": delivery_note_status,
}


def set_status(doc, update: bool = False, status: str | None = None):
	"""Compute the status, starting from `status` if given; with `update`, write it."""
	if doc.is_new():
		if doc.amended_from:
			doc.status = "Draft"
		return
	before = doc.status
	if status and update:
		doc.status = status
	doc.status = STATUS_OF[doc.doctype](doc)
	if doc.status not in (before, "Cancelled"):
		doc.add_comment("Label", _(doc.status))
	if update:
		doc.db_set("status", doc.status)


def update_delivered(delivery_note):
	"""Count what submitted Delivery Notes deliver of each order line, then set the orders' status."""
	for row in delivery_note.items:
		if row.so_detail:
			frappe.db.set_value(
				"Sales Order Item", row.so_detail, "delivered_qty", delivered_qty(row.so_detail)
			)
	for name in order_names(delivery_note):
		update_delivery_progress(frappe.get_doc("Sales Order", name))


def order_names(delivery_note) -> list[str]:
	return sorted({row.against_sales_order for row in delivery_note.items if row.against_sales_order})


def delivered_qty(so_detail: str) -> float:
	# on_submit and on_cancel run once the new docstatus is written, so the note itself is counted right
	delivered = {"so_detail": so_detail, "docstatus": 1}
	return flt(sum(frappe.get_all("Delivery Note Item", delivered, pluck="qty")))


def update_delivery_progress(order):
	ordered = sum(abs(flt(row.qty)) for row in order.items)
	delivered = sum(min(abs(flt(row.qty)), abs(flt(row.delivered_qty))) for row in order.items)
	share = flt(delivered / ordered * 100, 6) if ordered else 0.0
	order.db_set({"per_delivered": share, "delivery_status": delivery_word(share)})
	set_status(order, update=True)
	order.notify_update()


def delivery_word(share: float) -> str:
	if share < NONE:
		return "Not Delivered"
	return "Fully Delivered" if share >= FULL else "Partly Delivered"


def validate_over_delivery(delivery_note):
	"""Refuse a note that delivers more of an order line than was ordered and Item or Stock Settings allow."""
	for row in delivery_note.items:
		if not row.so_detail:
			continue
		fields = ["qty", "delivered_qty"]
		ordered, delivered = frappe.db.get_value("Sales Order Item", row.so_detail, fields)
		excess = flt(delivered) - flt(ordered)
		if excess > 0 and excess / flt(ordered) * 100 - allowance(row.item_code) > 0.01:
			refuse_excess(row, flt(delivered) - flt(ordered) * (1 + allowance(row.item_code) / 100))


def allowance(item_code: str) -> float:
	"""Percent by which more than the ordered quantity may be delivered."""
	own = flt(frappe.get_cached_value("Item", item_code, "over_delivery_receipt_allowance"))
	return own or flt(frappe.db.get_single_value("Stock Settings", "over_delivery_receipt_allowance"))


def refuse_excess(row, excess: float):
	role = frappe.db.get_single_value("Stock Settings", "role_allowed_to_over_deliver_receive")
	if role and role in frappe.get_roles():
		return
	message = _("Row #{0}: {1} more of Item {2} than {3} still has to deliver")
	frappe.throw(
		message.format(row.idx, flt(excess, 3), row.item_code, row.against_sales_order),
		OverAllowanceError,
		title=_("Limit Crossed"),
	)
