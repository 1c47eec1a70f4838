"""What webhooks leave open is asked through GraphQL, soon and together.

A webhook's "unfulfilled" may mean "On Hold" (see `status.is_coarse`). The Sales Order that it was applied to
has no `exoceuticals_checked_at` then; a job asks about all such orders at once. A job for each webhook would
flood the queue whenever the store is busy, and Frappe refuses more when a queue is long.
"""

import time
from contextlib import closing

import frappe

from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment import reconciliation

METHOD = "medgrid.exoceuticals.fulfillment.refresh.answer"
# Within the window of a webhook that has asked for a job, others need not: the job reads after its end.
WINDOW_SECONDS, GATHER_SECONDS = 1, 1.5
# Of the job, at most.
SECONDS = 120


def schedule_refresh() -> None:
	"""Has a worker ask Shopify once this transaction is committed; where that fails, the hourly
	reconciliation does."""
	frappe.db.after_commit.add(_enqueue)


def answer() -> None:
	"""The job: asks about every order of which something is open. Commits."""
	time.sleep(GATHER_SECONDS)
	store = settings.load()
	if not store.is_connected():
		return
	try:
		with closing(store_client(store, seconds=SECONDS)) as client:
			reconciliation.reconcile(client, only_pending=True)
	except MedgridError as error:
		frappe.db.rollback()
		frappe.logger("medgrid").warning(f"Exoceuticals: open questions were not answered: {error}")


def _enqueue() -> None:
	key = f"medgrid:exoceuticals:questions:{frappe.local.site}"
	try:
		if frappe.cache.set(key, 1, nx=True, ex=WINDOW_SECONDS):
			frappe.enqueue(METHOD, queue="short")
	except Exception as error:
		# Whatever it is, an overflowing queue for one: what the webhook told is committed and stays so.
		frappe.clear_messages()
		frappe.logger("medgrid").warning(f"Exoceuticals: open questions are not answered soon: {error}")
