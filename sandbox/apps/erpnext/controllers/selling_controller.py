"""What the sales documents have in common: filling in, computing, checking."""

import frappe
from frappe import _
from frappe.contacts.doctype.address.address import render_address
from frappe.model.document import Document
from frappe.utils import cint, flt

from erpnext.accounts.party import (
	customer_of,
	get_customer_details,
	validate_party_address_and_contact,
	validate_party_frozen_disabled,
)
from erpnext.controllers.accounts_controller import set_price_list_currency, validate_quantities
from erpnext.controllers.payment_schedule import set_payment_schedule
from erpnext.controllers.taxes_and_totals import calculate_taxes_and_totals, set_words
from erpnext.stock.get_item_details import set_item_details
from erpnext.stock.utils import validate_disabled_warehouse, validate_warehouse_company

ADDRESS_DISPLAYS = {
	"customer_address": "address_display",
	"shipping_address_name": "shipping_address",
	"dispatch_address_name": "dispatch_address",
	"company_address": "company_address_display",
}
# counted by later documents; a draft starts at nothing whatever it was copied from
PROGRESS_FIELDS = ("billed_amt", "delivered_qty")


# a template's rows, as `get_taxes_and_charges` of ERPNext hands them on
TEMPLATE_FIELDS = (
	"charge_type",
	"row_id",
	"account_head",
	"cost_center",
	"description",
	"rate",
	"tax_amount",
)


def template_rows(template: str) -> list[dict]:
	rows = frappe.get_doc("Sales Taxes and Charges Template", template).taxes
	return [{field: row.get(field) for field in TEMPLATE_FIELDS} for row in rows]


class SellingController(Document):
	def validate(self):
		if not (self.get("is_return") or self.get("is_debit_note")):
			validate_quantities(self)
		self.set_missing_values(for_validate=True)
		self.reset_progress()
		self.set_taxes_and_charges()
		self.calculate_taxes_and_totals()
		if not self.get("is_return"):
			self.validate_value("base_grand_total", ">=", 0)
		if customer_of(self):
			validate_party_frozen_disabled("Customer", customer_of(self))
		validate_party_address_and_contact(self)
		self.validate_sales_items()
		self.validate_max_discount()
		self.set_stock_qty()
		self.set_address_displays()
		self.validate_duplicate_items()

	def set_missing_values(self, for_validate: bool = False):
		"""Fill what the caller left out from the customer, the price list and the items.

		Otherwise than for validating, it also takes over the rows of the tax template.
		"""
		if customer_of(self):
			self.update_if_missing(get_customer_details(self))
		set_price_list_currency(self)
		for row in self.items:
			set_item_details(self, row)
		if not for_validate:
			self.set_taxes_and_charges()

	def set_taxes_and_charges(self):
		"""A document without tax rows takes over those of its template, as ERPNext does where Accounts
		Settings say so."""
		if self.get("taxes_and_charges") and not self.taxes and not self.get("is_pos"):
			self.extend("taxes", template_rows(self.taxes_and_charges))

	def calculate_taxes_and_totals(self):
		calculate_taxes_and_totals(self)

	def set_total_in_words(self):
		set_words(self)

	def set_payment_schedule(self):
		if not self.get("is_pos") and self.get("is_opening") != "Yes":
			set_payment_schedule(self, self.get("posting_date") or self.get("transaction_date"))

	def reset_progress(self):
		if not self.docstatus.is_draft():
			return
		for row in self.items:
			for fieldname in PROGRESS_FIELDS:
				if row.meta.has_field(fieldname):
					row.set(fieldname, 0)

	def set_stock_qty(self):
		for row in self.items:
			if not row.conversion_factor:
				frappe.throw(_("Row {0}: Conversion Factor is mandatory").format(row.idx))
			row.stock_qty = flt(row.qty) * flt(row.conversion_factor)

	def set_address_displays(self):
		for address, display in ADDRESS_DISPLAYS.items():
			if self.get(address):
				self.set(display, render_address(self.get(address), check_permissions=False))

	def validate_sales_items(self):
		items = {"name": ["in", [row.item_code for row in self.items]], "is_sales_item": 0}
		not_sold = frappe.get_all("Item", items, pluck="name")
		if not_sold:
			frappe.throw(_("Not a sales item: {0}").format(", ".join(not_sold)))

	def validate_max_discount(self):
		for row in self.items:
			limit = flt(frappe.get_cached_value("Item", row.item_code, "max_discount"))
			if limit and flt(row.discount_percentage) > limit:
				frappe.throw(_("Item {0} may have a discount of {1}% at most").format(row.item_code, limit))

	def validate_rates(self):
		"""Of what is submitted to be delivered or paid."""
		if cint(frappe.db.get_single_value("Selling Settings", "allow_negative_rates_for_items")):
			return
		for row in self.items:
			if flt(row.rate) < 0:
				frappe.throw(_("Row {0}: Selling Settings allow no negative rate").format(row.idx))

	def validate_duplicate_items(self):
		"""Unless Selling Settings allow it, the same item may not come twice from one place."""
		if cint(frappe.db.get_single_value("Selling Settings", "allow_multiple_items")):
			return
		seen = set()
		for row in self.items:
			key = (row.item_code, row.description, row.warehouse, row.get("against_sales_order"))
			if key in seen:
				frappe.throw(_("Item {0} was entered more than once").format(row.item_code))
			seen.add(key)

	def validate_warehouses(self):
		for warehouse in {row.warehouse for row in self.items if row.warehouse}:
			validate_disabled_warehouse(warehouse)
			validate_warehouse_company(warehouse, self.company)

	def forget_mixed_set_warehouse(self):
		"""The document's own warehouse means all its lines; with several, it would mislead."""
		warehouses = {row.warehouse for row in self.items if not row.get("delivered_by_supplier")}
		if len(warehouses) > 1:
			self.set_warehouse = None

	def stock_rows(self) -> list:
		return [row for row in self.items if frappe.get_cached_value("Item", row.item_code, "is_stock_item")]
