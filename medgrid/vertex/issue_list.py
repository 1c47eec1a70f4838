"""The stored issues as contract B shows them. See docs/api.md, "Watching"."""

from typing import Any

import frappe
from pypika import Order

from medgrid.core.clock import from_stored_utc
from medgrid.issues.records import DOCTYPE
from medgrid.vertex.contract.issue_body import MAX_DETAIL, timestamp
from medgrid.vertex.contract.operations import INTEGRATION

FIELDS = ("name", "version", "issue_type", "title", "status", "detail", "occurred_at", "related_to")


def listed(
	subjects: list[str] | None, status: int | None, is_open: bool | None, offset: int, rows: int
) -> list[dict[str, Any]]:
	"""The issues of the second contract's part, newest first, each with exactly the eight members.

	:param subjects: only those about one of these (`related_to`); None: all.
	:param is_open: only open ones, or only settled ones; None: both.
	"""
	issue = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(issue).select(*FIELDS).where(issue.integration == INTEGRATION)
	if subjects is not None:
		query = query.where(issue.related_to.isin(subjects))
	if status is not None:
		query = query.where(issue.status == status)
	if is_open is not None:
		query = query.where(issue.settled_at.isnull() if is_open else issue.settled_at.notnull())
	# Both downwards: the index has this order.
	query = query.orderby(issue.occurred_at, order=Order.desc).orderby(issue.name, order=Order.desc)
	query = query.limit(rows).offset(offset)
	return [_described(row) for row in query.run(as_dict=True)]


def _described(row: Any) -> dict[str, Any]:
	return {
		"id": row.name,
		"version": row.version or "v1",
		"type": row.issue_type,
		"title": row.title,
		"status": row.status,
		"detail": (row.detail or "")[:MAX_DETAIL],
		"timestamp": timestamp(from_stored_utc(row.occurred_at)),
		"relatedTo": row.related_to or "",
	}
