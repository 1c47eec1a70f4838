"""How many documents are parked until somebody acts, for reports to administrators. The records of all
destinations say so."""

import frappe

from medgrid.outbox.rows import STORE, VENDORS
from medgrid.outbox.states import LABELS, State, WhoActs

FAILED = LABELS[State.FAILED]
# What a vendor must do concerns no administrator.
OF_THE_SITE = [WhoActs.WHOLESALER.value, WhoActs.ADMINISTRATOR.value]


def parked_at_store() -> int:
	"""The number of Sales Orders that Exoceuticals did not take."""
	return frappe.db.count(STORE, {"status": FAILED})


def parked_for_site() -> int:
	"""The number of orders for vendors that have failed and that no vendor can correct."""
	return frappe.db.count(VENDORS, {"status": FAILED, "who_acts": ("in", OF_THE_SITE)})
