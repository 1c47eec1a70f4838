"""What the syncs with the store share: their run, and the Integration Issue of one that fails."""

from typing import Any

from frappe import _

from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.sync import runs
from medgrid.sync.runs import Job, Run


class StoreSync:
	"""Base of the `medgrid.sync.engine.Sync` of the store."""

	job: Job
	# Whether somebody waits for the answer, and sees a failure in it.
	is_watched = False

	def prepare(self) -> None:
		"""
		:raises RuleViolated: a setting is missing; it says which. There is no run then.
		"""
		raise NotImplementedError

	def carry_out(self, run: Run) -> None:
		"""See `Sync.carry_out`."""
		raise NotImplementedError

	def result(self, run: Run) -> dict[str, Any]:
		"""What the caller gets besides `status`."""
		raise NotImplementedError

	def counts(self, run: Run) -> dict[str, Any]:
		"""What the run's record keeps."""
		return self.result(run)

	def began(self) -> None:
		"""Nothing else begins with a run of the store's."""

	def handed_over(self, run: Run) -> None:
		"""Nothing else is handed over."""

	def interrupted(self) -> None:
		open_issue_of(self.job.kind, runs.interrupted_sentence())

	def ended(self, run: Run, error: str | None) -> None:
		if error:
			open_issue_of(self.job.kind, error, notify=not self.is_watched)
		else:
			settle_issue(Subject("exoceuticals", self.job.kind))


def open_issue_of(kind: str, error: str, *, notify: bool = True) -> None:
	"""Records that a sync with the store fails. The caller commits.

	:param kind: "catalog", "inventory" or "reconciliation".
	"""
	open_issue(
		Subject("exoceuticals", kind),
		title=_("Exoceuticals: the {0} sync fails").format(_(kind)),
		detail=error,
		who_acts=ADMINISTRATOR,
		what_to_do=_("Further failures are not reported until a sync has succeeded."),
		notify=notify,
	)
