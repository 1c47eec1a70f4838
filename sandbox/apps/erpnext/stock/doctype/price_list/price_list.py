"""A list of prices in one currency, for selling, buying or both."""

import frappe
from frappe import _
from frappe.model.document import Document

DEFAULTS = {
	"selling": ("Selling Settings", "selling_price_list"),
	"buying": ("Buying Settings", "buying_price_list"),
}


class PriceList(Document):
	def validate(self):
		if not (self.buying or self.selling):
			frappe.throw(_("A Price List is for buying or selling, or both"))

	def on_update(self):
		self.become_default_if_first()
		flags = {"currency": self.currency, "buying": self.buying, "selling": self.selling}
		frappe.db.set_value("Item Price", {"price_list": self.name}, flags)

	def on_trash(self):
		for settings, fieldname in DEFAULTS.values():
			if frappe.db.get_single_value(settings, fieldname) == self.name:
				self.set_default(settings, fieldname, None)

	def become_default_if_first(self):
		settings, fieldname = DEFAULTS["selling" if self.selling else "buying"]
		if not frappe.db.get_single_value(settings, fieldname):
			self.set_default(settings, fieldname, self.name)

	def set_default(self, settings: str, fieldname: str, value: str | None):
		single = frappe.get_single(settings)
		single.set(fieldname, value)
		single.save(ignore_permissions=True)  # follows from the right to change Price Lists
