import frappe
from frappe.model.document import Document


class ShipStationOrder(Document):
	"""One Sales Order sent to ShipStation for one Supplier.

	`status`: Claimed (a push has begun and its outcome is not recorded yet), Pushed, Shipped (a tracking
	number is known), Cancelled (the Sales Order was cancelled or amended after the push; `remark` says so).
	"""


def on_doctype_update():
	# "Already pushed" is decided per vendor: one Sales Order can belong to several.
	frappe.db.add_unique("ShipStation Order", ["sales_order", "supplier"], "unique_order_and_supplier")
