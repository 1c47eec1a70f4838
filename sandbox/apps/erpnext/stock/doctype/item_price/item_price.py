"""The rate of an Item in a Price List, for a unit, perhaps a party, and a span of dates."""

import frappe
from frappe import _
from frappe.model.document import Document

# Two prices that agree in all of these are the same price.
IDENTITY = (
	"item_code",
	"price_list",
	"uom",
	"valid_from",
	"valid_upto",
	"customer",
	"supplier",
	"batch_no",
	"packing_unit",
)


class ItemPriceDuplicateItem(frappe.ValidationError):
	pass


class ItemPrice(Document):
	def validate(self):
		self.copy_from_item()
		self.validate_from_to_dates("valid_from", "valid_upto")
		self.copy_from_price_list()
		self.refuse_duplicate()

	def before_save(self):
		if not self.buying:
			self.supplier = None
		if not self.selling:
			self.customer = None
		self.reference = self.supplier if self.buying else self.customer

	def copy_from_item(self):
		fields = ["item_name", "description", "has_variants"]
		item = frappe.db.get_value("Item", self.item_code, fields, as_dict=True)
		if not item:
			frappe.throw(_("There is no Item {0}").format(self.item_code))
		if item.has_variants:
			frappe.throw(_("Item {0} is a template; price its variants").format(self.item_code))
		self.item_name, self.item_description = item.item_name, item.description

	def copy_from_price_list(self):
		enabled_list = {"name": self.price_list, "enabled": 1}
		copied = frappe.db.get_value("Price List", enabled_list, ["buying", "selling", "currency"])
		if not copied:
			frappe.throw(_("Price List {0} is disabled or does not exist").format(self.price_list))
		self.buying, self.selling, self.currency = copied

	def refuse_duplicate(self):
		same = {field: self.get(field) or ["is", "not set"] for field in IDENTITY}
		if not self.packing_unit:
			same["packing_unit"] = 0
		if frappe.db.exists("Item Price", {**same, "name": ["!=", self.name]}):
			frappe.throw(
				_("Item {0} has this price already: same list, unit, party, quantity and dates").format(
					self.item_code
				),
				ItemPriceDuplicateItem,
			)
