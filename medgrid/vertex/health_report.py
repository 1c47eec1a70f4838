"""The health of the second contract's part: reads only, and asks nobody outside.

Design (Vertex): section 2.9.
"""

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc, utc_now
from medgrid.core.site_time import from_site_time
from medgrid.vertex.contract.issue_body import timestamp
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants.fields import COMPLETE, DOCTYPE, FAILED, UNINSTALLED

TAX_DOCUMENT = "Vertex Tax Document"
# A booking that waits longer needs somebody's attention.
LATE_MINUTES = 60
FIELDS = (
	"name",
	"shop",
	"company",
	"status",
	"enabled",
	"vertex_token_expires_at",
	"last_success_at",
	"last_error",
)


def report() -> dict[str, Any]:
	"""The answer of the RPC `health`."""
	merchants = frappe.get_all(DOCTYPE, fields=list(FIELDS), order_by="creation asc, name asc")
	oldest = _oldest_pending_minutes()
	counts = {
		"pending": _count("Pending") + _count("Sending"),
		"inDoubt": _count("In Doubt"),
		"failed": _count("Failed"),
		"oldestPendingMinutes": oldest,
		"mismatches": frappe.db.count(TAX_DOCUMENT, {"mismatch": 1}),
		"openIssues": frappe.db.count(
			"Integration Issue", {"integration": INTEGRATION, "settled_at": ("is", "not set")}
		),
	}
	problems = [*_problems_of_merchants(merchants), *_problems_of_bookings(counts)]
	status = "attention" if problems else "ok"
	if not any(row.status != UNINSTALLED for row in merchants):
		status, problems = "not_configured", [_("There is no Vertex Merchant."), *problems]
	return {
		"status": status,
		"problems": problems,
		"merchants": [_merchant(row) for row in merchants],
		**counts,
	}


def _merchant(row: Any) -> dict[str, Any]:
	return {
		"name": row.name,
		"shop": row.shop or None,
		"company": row.company or None,
		"onboarding": row.status.lower(),
		"tokenExpiresAt": _time(row.vertex_token_expires_at),
		"lastSuccessAt": _time(row.last_success_at),
		"lastError": row.last_error or None,
	}


def _problems_of_merchants(rows: list[Any]) -> list[str]:
	problems = []
	for row in rows:
		title = row.shop or row.company
		if row.status == FAILED:
			problems.append(
				_("{0}: Vertex did not take the credentials. {1}").format(title, row.last_error or "")
			)
		elif row.status == COMPLETE and row.last_error:
			problems.append(_("{0}: {1}").format(title, row.last_error))
		elif row.status not in (COMPLETE, UNINSTALLED):
			problems.append(_("{0}: the onboarding is not complete.").format(title))
	return [problem.strip() for problem in problems]


def _problems_of_bookings(counts: dict[str, Any]) -> list[str]:
	problems = []
	if counts["oldestPendingMinutes"] and counts["oldestPendingMinutes"] > LATE_MINUTES:
		problems.append(
			_("A document waits for its booking since {0} minutes.").format(counts["oldestPendingMinutes"])
		)
	if counts["inDoubt"]:
		problems.append(_("Whether Vertex has {0} documents is not known yet.").format(counts["inDoubt"]))
	if counts["failed"]:
		problems.append(_("Vertex refused {0} documents.").format(counts["failed"]))
	if counts["mismatches"]:
		problems.append(_("Vertex booked another tax than {0} documents say.").format(counts["mismatches"]))
	if counts["openIssues"]:
		problems.append(_("{0} issues are open.").format(counts["openIssues"]))
	return problems


def _count(status: str) -> int:
	return frappe.db.count(TAX_DOCUMENT, {"status": status})


def _oldest_pending_minutes() -> int | None:
	oldest = frappe.get_all(
		TAX_DOCUMENT, {"status": "Pending"}, pluck="creation", order_by="creation asc", limit=1
	)
	if not oldest:
		return None
	return max(0, int((utc_now() - from_site_time(oldest[0])).total_seconds() // 60))


def _time(value: datetime | None) -> str | None:
	return timestamp(from_stored_utc(value)) if value else None
