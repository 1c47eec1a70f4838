"""Renames the DocType Exoceuticals Sync Run to Sync Run, which also records the runs of vendors' syncs."""

import frappe

OLD, NEW = "Exoceuticals Sync Run", "Sync Run"


def execute() -> None:
	if frappe.db.exists("DocType", OLD) and not frappe.db.exists("DocType", NEW):
		frappe.rename_doc("DocType", OLD, NEW, force=True)
