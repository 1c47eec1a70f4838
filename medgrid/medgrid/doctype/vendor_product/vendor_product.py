import frappe
from frappe.model.document import Document

# What the office decides; the vendor sees it.
DECISION = ("not_wanted", "not_wanted_because")


class VendorProduct(Document):
	"""A variant in a vendor's Shopify shop, as of the last catalog pull. Only the pull writes it, but for the
	office's decision that it is not wanted, and why."""

	def validate(self):
		self.keep_what_the_pull_wrote()

	def keep_what_the_pull_wrote(self):
		"""A program could send other fields, although forms do not let people change them."""
		before = self.get_doc_before_save()
		for field in self.meta.fields if before else ():
			if field.fieldname not in DECISION:
				self.set(field.fieldname, before.get(field.fieldname))


def on_doctype_update():
	frappe.db.add_unique("Vendor Product", ["connection", "variant_id"], "unique_connection_and_variant")
	frappe.db.add_index("Vendor Product", ["connection", "variant_number"], "medgrid_pull")
	fields = ["connection", "status", "product_id"]
	frappe.db.add_index("Vendor Product", fields, "medgrid_products")
	frappe.db.add_index("Vendor Product", ["supplier", "product_title"], "medgrid_titles")
	by_state = ["supplier", "status", "not_wanted", "item"]
	frappe.db.add_index("Vendor Product", by_state, "medgrid_states")
