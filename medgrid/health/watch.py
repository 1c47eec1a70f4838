"""What the report says does not work, as Integration Issues: administrators get a mail. The scheduler's job
every ten minutes.

If the scheduler itself is dead, only a monitor that calls `medgrid.health.report` notices.
"""

from collections.abc import Callable
from functools import partial

from frappe import _

from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction
from medgrid.health.facts import read_facts
from medgrid.health.judgement import by_kind
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

TITLES: dict[str, Callable[[], str]] = {
	"machinery": lambda: _("The scheduler, a queue or a worker does not work"),
	"runs": lambda: _("Nothing was synced for hours"),
	"waiting": lambda: _("Something waits for hours"),
}


@job
def check() -> None:
	"""Opens or settles one issue for each kind of problem. Commits."""
	for kind, problems in by_kind(read_facts()).items():
		in_transaction(partial(_note, kind, problems))


def _note(kind: str, problems: list[str]) -> None:
	subject = Subject("site", f"health_{kind}")
	if not problems:
		settle_issue(subject)
		return
	open_issue(
		subject,
		title=TITLES[kind](),
		detail=" ".join(problems),
		who_acts=ADMINISTRATOR,
		what_to_do=_("The same sentences are in the answer of medgrid.health.report."),
		status=503,
	)
