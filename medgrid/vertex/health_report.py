"""The health of the second contract's part. It only reads, and sends no request to Vertex or Shopify.

See docs/api.md, "Watching".
"""

from datetime import datetime
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc, utc_now
from medgrid.core.site_time import from_site_time
from medgrid.vertex.booking.records import open_mismatches
from medgrid.vertex.contract.issue_body import timestamp
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants import advice
from medgrid.vertex.merchants.fields import DOCTYPE, UNINSTALLED

TAX_DOCUMENT = "Vertex Tax Document"
# A booking that waits longer needs somebody's attention.
LATE_MINUTES = 60
FIELDS = (*advice.FIELDS, "vertex_token_expires_at", "last_success_at")


def report() -> dict[str, Any]:
	"""The answer of the RPC `health`."""
	merchants = frappe.get_all(DOCTYPE, fields=list(FIELDS), order_by="creation asc, name asc")
	oldest = _oldest_pending_minutes()
	counts = {
		"pending": _count("Pending") + _count("Sending"),
		"inDoubt": _count("In Doubt"),
		"failed": _count("Failed"),
		"oldestPendingMinutes": oldest,
		"mismatches": len(open_mismatches()),
		"openIssues": frappe.db.count(
			"Integration Issue", {"integration": INTEGRATION, "settled_at": ("is", "not set")}
		),
	}
	of_merchants = [problem for row in merchants if (problem := advice.problem_of(row))]
	problems = [*of_merchants, *_problems_of_bookings(counts)]
	status = "attention" if problems else "ok"
	if not any(row.status != UNINSTALLED for row in merchants):
		first = _(
			"There is no Vertex Merchant. An administrator makes one for a company, or a shop installs the "
			"app."
		)
		status, problems = "not_configured", [first, *problems]
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


def _problems_of_bookings(counts: dict[str, Any]) -> list[str]:
	oldest = counts["oldestPendingMinutes"] or 0
	counted = (
		(
			oldest if oldest > LATE_MINUTES else 0,
			_("A document waits for its booking since {0} minutes. Its Vertex Tax Document says why."),
		),
		(
			counts["inDoubt"],
			_("Whether Vertex has booked {0} documents is not known. MedGrid asks Vertex every hour."),
		),
		(
			counts["failed"],
			_(
				"Vertex refused {0} documents. An administrator or accountant must correct what their Vertex "
				"Tax Documents name, and press Retry there."
			),
		),
		(
			counts["mismatches"],
			_(
				"Vertex booked another tax than {0} documents say. An accountant must compare them with "
				"their Vertex Tax Documents."
			),
		),
		(counts["openIssues"], _("{0} issues are open. Each Integration Issue says who acts.")),
	)
	return [sentence.format(count) for count, sentence in counted if count]


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
