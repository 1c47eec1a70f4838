"""Deletes settled issues after the number of days that Medgrid Settings prescribes."""

from datetime import datetime, timedelta

import frappe

from medgrid.core.clock import stored_utc, utc_now
from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction
from medgrid.issues.records import DOCTYPE

CHUNK = 1000


@job
def prune() -> int:
	"""Deletes the issues that were settled more than `issue_days` days ago, in chunks; commits each
	chunk. The scheduler calls it daily.

	:returns: the number of deleted issues.
	"""
	days = frappe.utils.cint(frappe.db.get_single_value("Medgrid Settings", "issue_days"))
	if not days:
		return 0
	before, deleted = stored_utc(utc_now() - timedelta(days=days)), 0
	while count := in_transaction(lambda: _delete_settled(before)):
		deleted += count
	return deleted


def _delete_settled(before: datetime) -> int:
	# Not `get_all`: its "<" treats an empty time as the earliest, and open issues have an empty `settled_at`.
	issue = frappe.qb.DocType(DOCTYPE)
	is_old = issue.settled_at.notnull() & (issue.settled_at < before)
	query = frappe.qb.from_(issue).select(issue.name).where(is_old)
	names = query.orderby(issue.settled_at).limit(CHUNK).run(pluck=True)
	if names:
		frappe.db.delete(DOCTYPE, {"name": ("in", names)})
	return len(names)
