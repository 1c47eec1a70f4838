import frappe
from frappe.model.document import Document


class VendorProduct(Document):
	"""A variant in a vendor's Shopify shop, as of the last catalog pull. Only the pull writes it."""


def on_doctype_update():
	frappe.db.add_unique("Vendor Product", ["connection", "variant_id"], "unique_connection_and_variant")
	frappe.db.add_index("Vendor Product", ["connection", "variant_number"], "medgrid_pull")
