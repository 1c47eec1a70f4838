"""What webhooks cannot tell is requested through GraphQL, soon and for many orders together.

A webhook's "unfulfilled" may mean "On Hold" (see `status.may_hide_detail`). The Sales Order that it was
applied to has no `exoceuticals_checked_at` then; a job requests all such orders at once. A job for each
webhook would flood the queue whenever the store is busy, and Frappe refuses more when a queue is long.
"""

import time

import frappe

from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.redis_keys import redis_key
from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment import reconciliation

# Within the window of a webhook that has queued a job, others need not: the job reads after its end.
WINDOW_SECONDS, GATHER_SECONDS = 1, 1.5
# Of the job, at most.
SECONDS = 120


def schedule_refresh() -> None:
	"""Has a worker ask Shopify once this transaction is committed; where that fails, the hourly
	reconciliation does."""
	frappe.db.after_commit.add(_enqueue)


def refresh_pending() -> None:
	"""The job: requests the state of every order that a webhook left incomplete. Commits."""
	time.sleep(GATHER_SECONDS)
	store = settings.load()
	if not store.is_connected():
		return
	try:
		with store_client(store, seconds=SECONDS) as client:
			reconciliation.reconcile(client, only_pending=True)
	except MedgridError as error:
		frappe.db.rollback()
		frappe.logger("medgrid").warning(f"Exoceuticals: pending orders were not refreshed: {error}")


def _enqueue() -> None:
	key = redis_key("exoceuticals", "questions", frappe.local.site)
	if frappe.cache.set(key, 1, nx=True, ex=WINDOW_SECONDS):
		enqueue(refresh_pending, queue=SHORT)
