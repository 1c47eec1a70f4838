"""A Sales Order: reserves stock when submitted, and is delivered by Delivery Notes."""

import json

import frappe
from frappe import _
from frappe.utils import cint, cstr, getdate

from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import set_status, update_delivery_progress
from erpnext.selling.doctype.sales_order.mapper import map_delivery_note, map_sales_invoice
from erpnext.stock.stock_balance import update_reserved_qty
from erpnext.utilities.transaction_base import validate_uom_is_integer


class WarehouseRequired(frappe.ValidationError):
	pass


class SalesOrder(SellingController):
	def validate(self):
		super().validate()
		self.validate_delivery_date()
		self.validate_customer_po()
		validate_uom_is_integer(self, "stock_uom", "stock_qty")
		validate_uom_is_integer(self, "uom", "qty")
		self.validate_warehouses()
		self.validate_drop_ship()
		self.clear_stock_reservation()
		self.set_payment_schedule()
		set_status(self)
		self.billing_status = self.billing_status or "Not Billed"
		self.delivery_status = self.delivery_status or "Not Delivered"
		self.forget_mixed_set_warehouse()

	def before_update_after_submit(self):
		self.validate_customer_po()
		self.validate_drop_ship()
		self.validate_delivery_date()

	def on_submit(self):
		self.update_reserved_qty()

	def on_cancel(self):
		if self.status == "Closed":
			frappe.throw(_("A closed order cannot be cancelled; re-open it first"))
		self.update_reserved_qty()
		self.db_set("status", "Cancelled")

	def set_missing_values(self, for_validate: bool = False):
		super().set_missing_values(for_validate)
		for row in self.items:
			row.transaction_date = self.transaction_date
			if self.delivery_date and not row.delivery_date:
				row.delivery_date = self.delivery_date

	def validate_delivery_date(self):
		"""The order's date is the latest of its lines'; every line has one, not before the order."""
		if self.order_type != "Sales" or self.skip_delivery_note:
			return
		dates = [getdate(row.delivery_date) for row in self.items if row.delivery_date]
		if dates:
			self.delivery_date = max(dates)
		if not self.delivery_date:
			frappe.throw(_("Please enter Delivery Date"))
		for row in self.items:
			row.delivery_date = row.delivery_date or self.delivery_date
			if getdate(row.delivery_date) < getdate(self.transaction_date):
				frappe.throw(
					_("Row #{0}: the delivery date is before the date of the order").format(row.idx),
					title=_("Invalid Delivery Date"),
				)

	def validate_customer_po(self):
		"""One order per customer's purchase order number, unless Selling Settings allow several."""
		if self.skip_delivery_note:
			return
		for row in self.items:
			if self.po_date and row.delivery_date and getdate(self.po_date) > getdate(row.delivery_date):
				frappe.throw(_("Row #{0}: delivered before the customer's order date").format(row.idx))
		other = self.po_no and self.other_order_for_po()
		if not other:
			return
		message = _("Sales Order {0} is against the customer's purchase order {1} as well").format(
			other, self.po_no
		)
		if cint(frappe.db.get_single_value("Selling Settings", "allow_against_multiple_purchase_orders")):
			frappe.msgprint(message, alert=True)
		else:
			frappe.throw(message)

	def other_order_for_po(self) -> str | None:
		same = {"po_no": self.po_no, "customer": self.customer, "docstatus": ["<", 2]}
		return frappe.db.get_value("Sales Order", {**same, "name": ["!=", self.name]})

	def validate_warehouses(self):
		super().validate_warehouses()
		for row in self.stock_rows():
			if not (row.warehouse or row.delivered_by_supplier):
				frappe.throw(
					_("Row #{0}: stock item {1} needs a delivery warehouse").format(row.idx, row.item_code),
					WarehouseRequired,
				)

	def validate_drop_ship(self):
		for row in self.items:
			if row.delivered_by_supplier and not row.supplier:
				frappe.throw(_("Row #{0}: name the Supplier who delivers {1}").format(row.idx, row.item_code))

	def clear_stock_reservation(self):
		# ERPNext's own reservation entries are off by default and not part of the stand-in
		for row in self.items:
			row.reserve_stock = 0

	def update_reserved_qty(self, only_rows: list[str] | None = None):
		"""Recount what is reserved where the order's lines, or those named in `only_rows`, take it from."""
		places = {
			(row.item_code, row.warehouse)
			for row in self.stock_rows()
			if row.warehouse and not row.delivered_by_supplier and (not only_rows or row.name in only_rows)
		}
		for item_code, warehouse in sorted(places):
			update_reserved_qty(item_code, warehouse)

	def set_status(self, update: bool = False, status: str | None = None):
		set_status(self, update, status)

	def update_delivery_status(self):
		update_delivery_progress(self)

	def update_status(self, status: str):
		"""Put a submitted order "On Hold", make it "Closed", or with "Draft" take it up again."""
		if cstr(frappe.db.get_value("Sales Order", self.name, "modified")) != cstr(self.modified):
			frappe.throw(_("{0} has been modified meanwhile; load it again").format(self.name))
		self.set_status(update=True, status=status)
		self.update_reserved_qty()
		self.notify_update()


@frappe.whitelist()
def update_status(status: str, name: str):
	frappe.get_doc("Sales Order", name).update_status(status)


@frappe.whitelist()
def close_or_unclose_sales_orders(names: str, status: str):
	"""Close, or with any other status re-open, several orders. `names` is a JSON list."""
	frappe.has_permission("Sales Order", "write", throw=True)
	for name in json.loads(names):
		order = frappe.get_doc("Sales Order", name)
		if order.docstatus != 1:
			continue
		unfinished = order.per_delivered < 100 or order.per_billed < 100
		if status == "Closed" and order.status not in ("Cancelled", "Closed") and unfinished:
			order.update_status("Closed")
		elif status != "Closed" and order.status == "Closed":
			order.update_status("Draft")


@frappe.whitelist()
def make_delivery_note(source_name: str, target_doc=None, kwargs=None):
	"""An unsaved Delivery Note for what the order still has to deliver."""
	return map_delivery_note(source_name, target_doc)


@frappe.whitelist()
def make_sales_invoice(source_name: str, target_doc=None):
	"""An unsaved Sales Invoice for all of the order."""
	return map_sales_invoice(source_name, target_doc)
