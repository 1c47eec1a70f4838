"""Deletes settled issues after the number of days that Medgrid Settings prescribes."""

from datetime import timedelta

import frappe

from medgrid.core.bulk import delete_older
from medgrid.core.clock import stored_utc, utc_now
from medgrid.core.faults.borders import job
from medgrid.issues.records import DOCTYPE


@job
def prune() -> int:
	"""Deletes the issues that were settled more than `issue_days` days ago, in chunks; commits each
	chunk. The scheduler calls it daily.

	:returns: the number of deleted issues.
	"""
	days = frappe.utils.cint(frappe.db.get_single_value("Medgrid Settings", "issue_days"))
	if not days:
		return 0
	# Open issues have no `settled_at`.
	return delete_older(DOCTYPE, "settled_at", stored_utc(utc_now() - timedelta(days=days)))
