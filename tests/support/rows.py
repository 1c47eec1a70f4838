"""Rows that earlier tests left behind."""

from typing import Any

import frappe

from medgrid.core.transactions import in_transaction


def delete_rows(*which: tuple[str, dict[str, Any]]) -> None:
	"""Deletes rows, and commits the caller's changes, too.

	Without an index this locks a whole table, into which a worker with the job of an earlier test may be
	writing; so a deadlock is repeated.

	:param which: DocTypes, each with the filters of its rows.
	"""

	def work() -> None:
		for doctype, filters in which:
			frappe.db.delete(doctype, filters)

	in_transaction(work)
