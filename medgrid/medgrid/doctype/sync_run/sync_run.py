import frappe
from frappe.model.document import Document


class SyncRun(Document):
	"""One run of a sync, of a vendor's connection or of the store. Only `medgrid.sync.runs` writes it."""


def on_doctype_update():
	frappe.db.add_index("Sync Run", ["kind", "status", "finished"], "medgrid_kind_status")
	frappe.db.add_index("Sync Run", ["kind", "started"], "medgrid_kind_started")
