"""How much of one Item is in one Warehouse, promised and expected.

Created through the document (so doc_events fire once, on the first insert); every later change is written
straight to the row by `erpnext.stock.utils.change_bin`, as in ERPNext.
"""

import frappe
from frappe.model.document import Document
from frappe.utils import flt

INCOMING = ("actual_qty", "ordered_qty", "indented_qty", "planned_qty")
OUTGOING = (
	"reserved_qty",
	"reserved_qty_for_production",
	"reserved_qty_for_sub_contract",
	"reserved_qty_for_production_plan",
)


class Bin(Document):
	def before_save(self):
		if self.is_new() or not self.stock_uom:
			self.stock_uom = frappe.get_cached_value("Item", self.item_code, "stock_uom")
		self.set_projected_qty()

	def set_projected_qty(self):
		self.projected_qty = projected_qty(self)


def projected_qty(quantities) -> float:
	"""What will be there once everything ordered has come and everything promised has left."""
	incoming = sum(flt(quantities.get(field)) for field in INCOMING)
	return incoming - sum(flt(quantities.get(field)) for field in OUTGOING)


def on_doctype_update():
	frappe.db.add_unique("Bin", ["item_code", "warehouse"], constraint_name="unique_item_warehouse")
