"""How many documents are parked until somebody acts, for reports to administrators."""

from collections.abc import Sequence

import frappe

from medgrid.outbox.states import LABELS, State, WhoActs

FAILED = LABELS[State.FAILED]
# What a vendor must do concerns no administrator.
OF_THE_SITE = [WhoActs.WHOLESALER.value, WhoActs.ADMINISTRATOR.value]


def parked(doctype: str) -> int:
	"""The number of parked documents of one destination.

	:param doctype: of its records.
	"""
	return frappe.db.count(doctype, {"status": FAILED})


def parked_for_site(doctypes: Sequence[str]) -> int:
	"""The number of parked documents that no vendor can correct.

	:param doctypes: of the destinations' records.
	"""
	filters = {"status": FAILED, "who_acts": ("in", OF_THE_SITE)}
	return sum(frappe.db.count(doctype, filters) for doctype in doctypes)
