import frappe
from frappe.model.document import Document


class SyncRun(Document):
	"""One run of a sync, of a vendor's connection or of the store. Only `medgrid.sync.runs` writes it."""


def on_doctype_update():
	# The last good run of each kind.
	frappe.db.add_index("Sync Run", ["kind", "status", "finished"], "medgrid_finished")
	frappe.db.add_index("Sync Run", ["status", "started"], "medgrid_started")
	frappe.db.add_index("Sync Run", ["kind", "started"], "medgrid_kind_started")
