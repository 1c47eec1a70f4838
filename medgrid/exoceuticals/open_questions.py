"""What webhooks leave open is asked through GraphQL, soon and together.

A webhook's "unfulfilled" may mean "On Hold" (see `status.is_coarse`). The Sales Order that it was applied to
has no `exoceuticals_checked_at` then; a job asks about all such orders at once. A job for each webhook would
flood the queue whenever the store is busy, and Frappe refuses more when a queue is long.
"""

import time

import frappe
from frappe.utils.background_jobs import JobStatus, get_job_status

from medgrid.exceptions import MedgridError
from medgrid.exoceuticals import reconciliation, settings
from medgrid.exoceuticals.store import store_client

METHOD = "medgrid.exoceuticals.open_questions.answer"
# A job that runs may have read what is open already: a second one follows it.
JOBS = ("medgrid-exoceuticals-questions-1", "medgrid-exoceuticals-questions-2")
GATHER_SECONDS, SECONDS = 1, 120


def answer_soon() -> None:
	"""Has a worker ask Shopify once this transaction is committed; where that fails, the hourly
	reconciliation does."""
	frappe.db.after_commit.add(_enqueue)


def answer() -> None:
	"""The job: asks about every order of which something is open. Commits."""
	# More webhooks are likely to be on their way: one of an order comes rarely alone.
	time.sleep(GATHER_SECONDS)
	store = settings.load()
	if not store.is_connected():
		return
	try:
		reconciliation.reconcile(store_client(store, seconds=SECONDS), store, only_open=True)
	except MedgridError as error:
		frappe.db.rollback()
		frappe.logger("medgrid").warning(f"Exoceuticals: open questions were not answered: {error}")


def _enqueue() -> None:
	try:
		states = {job_id: get_job_status(job_id) for job_id in JOBS}
		free = [job_id for job_id, state in states.items() if state is not JobStatus.STARTED]
		if free and JobStatus.QUEUED not in states.values():
			frappe.enqueue(METHOD, queue="short", job_id=free[0], deduplicate=True)
	except Exception as error:
		# Whatever it is, an overflowing queue for one: what the webhook told is committed and stays so.
		frappe.clear_messages()
		frappe.logger("medgrid").warning(f"Exoceuticals: open questions are not answered soon: {error}")
