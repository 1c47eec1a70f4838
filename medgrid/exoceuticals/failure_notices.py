"""The first failure of a kind of run is told to the administrators; the following ones are not, until it has
worked again."""

import frappe
from frappe import _

from medgrid.exoceuticals.notifications import notify_administrators

DOCTYPE = "Exoceuticals Sync Run"


def notify_first_failure(kind: str) -> None:
	"""Tells of the latest run that ended, if it failed and nobody was told since one succeeded. Commits.

	:param kind: one of `runs.KINDS`.
	"""
	frappe.db.commit()
	latest = _ended(kind)
	if not latest or not latest[0].error or any(run.told for run in latest):
		return
	frappe.db.set_value(DOCTYPE, latest[0].name, "told", 1, update_modified=False)
	subject = _("Exoceuticals: the {0} sync fails").format(_(kind))
	text = _("{0} You will hear of it again when it fails after it has worked once more.")
	notify_administrators(subject, text.format(latest[0].error))
	frappe.db.commit()


def _ended(kind: str) -> list:
	"""The runs that ended since the last one that succeeded, that one left out, the latest first."""
	filters = {"kind": kind, "status": ("!=", "Running")}
	fields = ["name", "status", "error", "told"]
	runs = frappe.get_all(DOCTYPE, filters=filters, fields=fields, order_by="started desc", limit=100)
	since = next((number for number, run in enumerate(runs) if run.status == "Succeeded"), len(runs))
	return runs[:since]
