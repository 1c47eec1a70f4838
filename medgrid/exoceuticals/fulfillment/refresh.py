"""Requests the details that webhooks lack through GraphQL, soon and for many orders together.

A webhook's "unfulfilled" may mean "On Hold" (see `status.may_hide_detail`). Then `exoceuticals_checked_at` of
the Sales Order is cleared, and a job requests the state of all such orders together. One job for each webhook
would fill the queue when the store has many orders, and Frappe rejects jobs when a queue is too long.
"""

import time

import frappe

from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.redis_keys import redis_key
from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment import reconciliation
from medgrid.services.failure_texts import failure_text

# Within WINDOW_SECONDS after a webhook queued a job, other webhooks queue none: the job waits GATHER_SECONDS
# before it reads the orders.
WINDOW_SECONDS, GATHER_SECONDS = 1, 1.5
# The time limit of the job.
SECONDS = 120


def schedule_refresh() -> None:
	"""Queues `refresh_pending` once the caller's transaction is committed. If that fails, the hourly
	reconciliation requests the orders."""
	frappe.db.after_commit.add(_enqueue)


@job
def refresh_pending() -> None:
	"""Requests the state of every order whose status a webhook left incomplete. Commits. The RQ job."""
	time.sleep(GATHER_SECONDS)
	store = settings.load()
	if not store.is_connected():
		return
	try:
		with store_client(store, seconds=SECONDS) as client:
			reconciliation.reconcile(client, only_pending=True)
	except MedgridError as error:
		frappe.db.rollback()
		frappe.logger("medgrid").warning(
			f"Exoceuticals: pending orders were not refreshed: {failure_text(error)}"
		)


def _enqueue() -> None:
	key = redis_key("exoceuticals", "questions", frappe.local.site)
	if frappe.cache.set(key, 1, nx=True, ex=WINDOW_SECONDS):
		enqueue(refresh_pending, queue=SHORT)
