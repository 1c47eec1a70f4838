"""Opens an Integration Issue for every failure that release 0.1 had recorded, and sends no second
notification."""

import frappe

from medgrid.exoceuticals.store_sync import open_issue_of
from medgrid.integrations.connections.issues import subject_of
from medgrid.issues.records import VENDOR, note_notified, open_issue


def execute() -> None:
	_of_connections()
	_of_the_store()


def _of_connections() -> None:
	if not frappe.db.has_column("Vendor Connection", "incident_told"):
		return
	# The DocType no longer has the field, but the table still has the column; hence plain SQL.
	rows = frappe.db.sql(
		"SELECT name, integration, last_error FROM `tabVendor Connection` WHERE incident_told = 1",
		as_dict=True,
	)
	for row in rows:
		issue = open_issue(
			subject_of(row.name, row.integration),
			title=f"{row.integration}: a vendor's connection fails",
			detail=row.last_error or "",
			who_acts=VENDOR,
			notify=False,
		)
		note_notified(issue.name)
	frappe.db.sql("UPDATE `tabVendor Connection` SET incident_told = 0 WHERE incident_told = 1")


def _of_the_store() -> None:
	for kind in ("catalog", "inventory", "reconciliation"):
		filters = {"kind": kind, "status": ("!=", "Running")}
		fields = ["status", "error"]
		runs = frappe.get_all("Sync Run", filters=filters, fields=fields, order_by="started desc", limit=1)
		if runs and runs[0].error:
			open_issue_of(kind, runs[0].error, notify=False)
