"""A Delivery Note: takes stock out of its warehouses and moves its Sales Orders on."""

import frappe
from frappe import _

from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import (
	order_names,
	set_status,
	update_delivered,
	validate_over_delivery,
)
from erpnext.stock.stock_ledger import Movement, post_movements, reverse_movements
from erpnext.utilities.transaction_base import set_posting_time, validate_uom_is_integer

ORDER_FIELDS = ("customer", "company", "currency")
LINE_FIELDS = ("item_code", "uom", "conversion_factor")


class DeliveryNote(SellingController):
	def validate(self):
		if self.is_return:
			frappe.throw(_("MedGrid's stand-in for ERPNext knows no returns (Is Return is set)"))
		set_posting_time(self)
		super().validate()
		self.set_po_no()
		self.validate_order_references()
		set_status(self)
		self.validate_orders_are_open()
		self.validate_order_required()
		self.validate_warehouses()
		validate_uom_is_integer(self, "stock_uom", "stock_qty")
		validate_uom_is_integer(self, "uom", "qty")
		self.validate_against_orders()
		self.installation_status = self.installation_status or "Not Installed"
		self.forget_mixed_set_warehouse()

	def on_submit(self):
		update_delivered(self)
		self.validate_rates()
		validate_over_delivery(self)
		self.update_reserved_qty()
		post_movements(self, self.movements())

	def on_cancel(self):
		self.ignore_linked_doctypes = ("Stock Ledger Entry",)
		self.validate_orders_are_open()
		update_delivered(self)
		self.update_reserved_qty()
		reverse_movements(self)
		set_status(self, update=True)

	def movements(self) -> list[Movement]:
		return [
			Movement(
				row.item_code,
				row.warehouse,
				-row.stock_qty,
				row,
				allow_zero_rate=row.allow_zero_valuation_rate,
			)
			for row in self.stock_rows()
		]

	def set_po_no(self):
		"""The purchase order numbers of the orders delivered, unless the note has one of its own."""
		if self.po_no:
			return
		orders = {"name": ["in", order_names(self)], "po_no": ["is", "set"]}
		numbers = frappe.get_all("Sales Order", orders, pluck="po_no", order_by="name")
		self.po_no = ", ".join(dict.fromkeys(numbers))

	def validate_order_references(self):
		for row in self.items:
			if bool(row.against_sales_order) != bool(row.so_detail):
				missing = "so_detail" if row.against_sales_order else "against_sales_order"
				label = _(row.meta.get_label(missing))
				frappe.throw(
					_("Row #{0}: {1} is not set").format(row.idx, label),
					title=_("References to Sales Orders are Incomplete"),
				)

	def validate_orders_are_open(self):
		for name in order_names(self):
			status = frappe.db.get_value("Sales Order", name, "status")
			if status in ("Closed", "On Hold"):
				frappe.throw(_("Sales Order {0} is {1}").format(name, _(status)))

	def validate_order_required(self):
		if frappe.db.get_single_value("Selling Settings", "so_required") != "Yes":
			return
		for row in self.items:
			if not row.against_sales_order:
				frappe.throw(_("Row #{0}: Item {1} needs a Sales Order").format(row.idx, row.item_code))

	def validate_warehouses(self):
		super().validate_warehouses()
		for row in self.stock_rows():
			if not row.warehouse:
				frappe.throw(_("Row #{0}: stock item {1} needs a warehouse").format(row.idx, row.item_code))

	def validate_against_orders(self):
		"""A note is for the same customer, company, currency and items as the orders that it delivers."""
		for name in order_names(self):
			order = frappe.db.get_value("Sales Order", name, ORDER_FIELDS, as_dict=True)
			self.compare(self, order, ORDER_FIELDS)
		for row in self.items:
			if row.so_detail:
				line = frappe.db.get_value("Sales Order Item", row.so_detail, LINE_FIELDS, as_dict=True)
				self.compare(row, line, LINE_FIELDS)

	def compare(self, target, source, fieldnames: tuple[str, ...]):
		if not source:
			frappe.throw(_("Invalid reference to a Sales Order"))
		for fieldname in fieldnames:
			if source[fieldname] not in (None, ""):
				self.validate_value(fieldname, "=", source[fieldname], None if target is self else target)

	def update_reserved_qty(self):
		for name in order_names(self):
			rows = [row.so_detail for row in self.items if row.against_sales_order == name]
			order = frappe.get_doc("Sales Order", name)
			if order.status in ("Closed", "Cancelled"):
				frappe.throw(
					_("Sales Order {0} is cancelled or closed").format(name), frappe.InvalidStatusError
				)
			order.update_reserved_qty(rows)

	def set_status(self, update: bool = False, status: str | None = None):
		set_status(self, update, status)

	def update_status(self, status: str):
		"""Make a submitted note "Closed", or with "Draft" take it up again."""
		self.set_status(update=True, status=status)
		self.notify_update()


@frappe.whitelist()
def update_delivery_note_status(docname: str, status: str):
	frappe.get_doc("Delivery Note", docname).update_status(status)
