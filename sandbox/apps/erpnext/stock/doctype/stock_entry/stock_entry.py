"""A Stock Entry: receives, issues or transfers stock. The stand-in makes and unmakes nothing out of it."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from erpnext.controllers.accounts_controller import validate_quantities
from erpnext.stock.doctype.item.item import validate_end_of_life
from erpnext.stock.get_item_details import get_conversion_factor
from erpnext.stock.stock_ledger import (
	Movement,
	get_valuation_rate,
	post_movements,
	reverse_movements,
)
from erpnext.utilities.transaction_base import set_posting_time, validate_uom_is_integer

WITH_SOURCE = ("Material Issue", "Material Transfer")
WITH_TARGET = ("Material Receipt", "Material Transfer")


class StockEntry(Document):
	def before_validate(self):
		# `fetch_from` sets the purpose before the mandatory check, but only once the type's link was checked
		self.purpose = self.purpose or frappe.db.get_value(
			"Stock Entry Type", self.stock_entry_type, "purpose"
		)

	def validate(self):
		set_posting_time(self)
		validate_quantities(self)
		self.validate_purpose()
		for row in self.items:
			self.set_item_details(row)
			self.set_warehouses(row)
		validate_uom_is_integer(self, "uom", "qty")
		validate_uom_is_integer(self, "stock_uom", "transfer_qty")
		self.set_rates()
		self.set_totals()
		self.forget_mixed_warehouses()

	def on_submit(self):
		post_movements(self, self.movements())

	def on_cancel(self):
		self.ignore_linked_doctypes = ("Stock Ledger Entry",)
		reverse_movements(self)

	def movements(self) -> list[Movement]:
		"""Everything that leaves a warehouse first, then everything that enters one."""
		out = [Movement(r.item_code, r.s_warehouse, -r.transfer_qty, r) for r in self.items if r.s_warehouse]
		into = [
			Movement(
				r.item_code, r.t_warehouse, r.transfer_qty, r, r.valuation_rate, r.allow_zero_valuation_rate
			)
			for r in self.items
			if r.t_warehouse
		]
		return out + into

	def validate_purpose(self):
		if self.purpose not in {*WITH_SOURCE, *WITH_TARGET}:
			frappe.throw(
				_("MedGrid's stand-in for ERPNext cannot post a Stock Entry for {0}").format(self.purpose)
			)

	def set_item_details(self, row):
		item = frappe.get_cached_doc("Item", row.item_code)
		if flt(row.qty) < 0:
			frappe.throw(_("Row {0}: the quantity of {1} must be positive").format(row.idx, row.item_code))
		if not item.is_stock_item:
			frappe.throw(_("{0} is not a stock Item").format(row.item_code))
		validate_end_of_life(item.name, item.end_of_life, item.disabled)
		row.item_name, row.stock_uom = item.item_name, item.stock_uom
		row.description = row.description or item.description
		row.uom = row.uom or item.stock_uom
		if row.uom == item.stock_uom:
			row.conversion_factor = 1.0
		elif not row.conversion_factor:
			row.conversion_factor = get_conversion_factor(item.name, row.uom)["conversion_factor"]
		row.transfer_qty = flt(flt(row.qty) * flt(row.conversion_factor), row.precision("transfer_qty"))

	def set_warehouses(self, row):
		if not (row.s_warehouse or row.t_warehouse):
			row.s_warehouse, row.t_warehouse = self.from_warehouse, self.to_warehouse
		row.s_warehouse = (row.s_warehouse or self.from_warehouse) if self.purpose in WITH_SOURCE else None
		row.t_warehouse = (row.t_warehouse or self.to_warehouse) if self.purpose in WITH_TARGET else None
		if self.purpose in WITH_SOURCE and not row.s_warehouse:
			frappe.throw(_("Source warehouse is mandatory for row {0}").format(row.idx))
		if self.purpose in WITH_TARGET and not row.t_warehouse:
			frappe.throw(_("Target warehouse is mandatory for row {0}").format(row.idx))

	def set_rates(self):
		for row in self.items:
			if row.s_warehouse:
				row.basic_rate = get_valuation_rate(row.item_code, row.s_warehouse)
			elif row.allow_zero_valuation_rate:
				row.basic_rate = 0.0
			elif not (row.basic_rate or row.set_basic_rate_manually):
				row.basic_rate = get_valuation_rate(row.item_code, row.t_warehouse)
			row.basic_amount = flt(row.transfer_qty * flt(row.basic_rate), row.precision("basic_amount"))
			row.amount, row.valuation_rate = row.basic_amount, flt(row.basic_rate)

	def set_totals(self):
		self.total_incoming_value = sum(flt(row.amount) for row in self.items if row.t_warehouse)
		self.total_outgoing_value = sum(flt(row.amount) for row in self.items if row.s_warehouse)
		self.value_difference = self.total_incoming_value - self.total_outgoing_value
		self.total_amount = sum(flt(row.amount) for row in self.items)

	def forget_mixed_warehouses(self):
		for default, fieldname in (("from_warehouse", "s_warehouse"), ("to_warehouse", "t_warehouse")):
			if len({row.get(fieldname) for row in self.items}) > 1:
				self.set(default, None)
