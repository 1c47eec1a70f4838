"""The base class of the syncs with the store, and the Integration Issue of a sync that fails."""

from abc import ABC, abstractmethod
from typing import Any

from frappe import _

from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.sync import history
from medgrid.sync.job import Job
from medgrid.sync.runs import Run


class StoreSync(ABC):
	"""Base class of the store's implementations of `medgrid.sync.engine.Sync`."""

	job: Job
	# Whether a caller waits for the response, which contains the error; then nobody is notified.
	is_watched = False

	@abstractmethod
	def prepare(self) -> None:
		"""Checks the settings before a run begins.

		:raises RuleViolated: a setting is missing; the message names it. No run begins.
		"""

	@abstractmethod
	def carry_out(self, run: Run) -> None:
		"""See `Sync.carry_out`."""

	@abstractmethod
	def result(self, run: Run) -> dict[str, Any]:
		"""Returns the fields of the response besides `status`."""

	def counts(self, run: Run) -> dict[str, Any]:
		"""Returns the counts that the run's record stores."""
		return self.result(run)

	def began(self) -> None:  # noqa: B027
		"""Does nothing: nothing else has to be recorded when a run begins."""

	def handed_over(self, run: Run) -> None:  # noqa: B027
		"""Does nothing: nothing else has to be recorded at a handover."""

	def interrupted(self) -> None:
		open_issue_of(self.job.kind, history.interrupted_sentence())

	def ended(self, run: Run, error: str | None) -> None:
		if error:
			open_issue_of(self.job.kind, error, notify=not self.is_watched)
		else:
			settle_issue(Subject("exoceuticals", self.job.kind))


def open_issue_of(kind: str, error: str, *, notify: bool = True) -> None:
	"""Opens the issue of a sync with the store that failed. The caller commits.

	:param kind: "catalog", "inventory" or "reconciliation".
	:param error: why the sync failed, in a sentence for people.
	:param notify: whether administrators are notified.
	"""
	open_issue(
		Subject("exoceuticals", kind),
		title=_("Exoceuticals: the {0} sync fails").format(_(kind)),
		detail=error,
		who_acts=ADMINISTRATOR,
		what_to_do=_("Further failures are not reported until a sync has succeeded."),
		notify=notify,
	)
