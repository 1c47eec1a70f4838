"""The hourly reconciliation as a sync: it searches for orders of attempts whose outcome is unknown, then
requests the orders whose webhooks may have been lost."""

import time
from dataclasses import asdict
from typing import Any

from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.fulfillment.reconciliation import Counts, reconcile
from medgrid.exoceuticals.orders import send
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.sync.job import Job
from medgrid.sync.runs import Run

JOB = Job("reconciliation")


class ReconciliationSync(StoreSync):
	"""The reconciliation. If it reaches its time limit, the next run continues; that is a failure only if
	nothing was processed."""

	job = JOB

	def __init__(self) -> None:
		self.resolved, self.checked = send.Resolution(), Counts()
		self.is_complete = False

	def prepare(self) -> None:
		settings.load().connected()

	def carry_out(self, run: Run) -> None:
		seconds = run.deadline - time.monotonic()
		try:
			with store_client(settings.load(), seconds=seconds, heartbeat=run.heartbeat) as client:
				send.look_up_attempts(client, self.resolved)
				reconcile(client, counts=self.checked)
		except DeadlineExceeded:
			if not any(self._numbers().values()):
				raise
			return
		self.is_complete = True

	def result(self, run: Run) -> dict[str, Any]:
		"""Returns the numbers of Resolution and Counts, and `complete`: whether all due orders were
		processed."""
		return {**self._numbers(), "complete": self.is_complete}

	def _numbers(self) -> dict[str, int]:
		return {**asdict(self.resolved), **asdict(self.checked)}
