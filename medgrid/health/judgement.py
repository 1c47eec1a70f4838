"""Which facts of the report are a reason to wake somebody.

What a vendor or an administrator must do about one order or one connection is no such reason: Integration
Issues say that, and the report counts them.
"""

from typing import Any

from frappe import _

# Minutes. The scheduler's shortest job runs every 4.
SCHEDULER_LATE = 30
ORDER_LATE = OUTCOME_LATE = 180
BOOKING_LATE = 60
# Each kind of run begins by itself every hour or every day; the rest is for queues and repetitions.
HOURLY_LATE, DAILY_LATE = 180, 27 * 60
RUN_LATE = {
	"shipstation": HOURLY_LATE,
	"shopify": DAILY_LATE,
	"catalog": DAILY_LATE,
	"inventory": DAILY_LATE,
	"reconciliation": HOURLY_LATE,
}
QUEUE_LONG = 1000


def problems_of(facts: dict[str, Any]) -> list[str]:
	"""The sentences about what does not work; empty: all is well.

	:param facts: see `facts.read_facts`.
	"""
	return [problem for problems in by_kind(facts).values() for problem in problems]


def by_kind(facts: dict[str, Any]) -> dict[str, list[str]]:
	"""The sentences of `problems_of` by what does not work: "machinery", "runs" and "waiting"."""
	return {
		"machinery": _of_machinery(facts),
		"runs": _of_runs(facts),
		"waiting": _of_waiting(facts),
	}


def _of_machinery(facts: dict[str, Any]) -> list[str]:
	scheduler, problems = facts["scheduler"], []
	if not scheduler["enabled"]:
		problems.append(
			_("The scheduler of this site is off. Enable it: bench --site SITE enable-scheduler.")
		)
	elif (minutes := scheduler["minutes_since_last_job"]) is None or minutes > SCHEDULER_LATE:
		problems.append(
			_(
				"No scheduled job of MedGrid has begun in the last {0} minutes. Start scheduler and workers."
			).format(SCHEDULER_LATE)
		)
	if facts["queues"] is None:
		problems.append(_("The queues cannot be read. Start Redis."))
	for name, queue in (facts["queues"] or {}).items():
		if not queue["workers"]:
			problems.append(_("No worker serves the queue {0}. Start the workers.").format(name))
		if queue["waiting"] > QUEUE_LONG:
			problems.append(
				_("{0} jobs wait in the queue {1}. Add workers, or see what holds them up.").format(
					queue["waiting"], name
				)
			)
	return problems


def _of_runs(facts: dict[str, Any]) -> list[str]:
	late = _("The last good run of {0} is {1} hours old. See Sync Run.")
	return [
		late.format(kind, run["minutes_since"] // 60)
		for kind, run in facts["runs"].items()
		if run["is_expected"] and (run["minutes_since"] or 0) > RUN_LATE[kind]
	]


def _of_waiting(facts: dict[str, Any]) -> list[str]:
	orders, bookings = facts["orders"], facts["bookings"]
	counted = (
		(
			orders["oldest_due_minutes"],
			ORDER_LATE,
			_("An order is due for its vendor since {0} minutes. See ShipStation Order."),
		),
		(
			orders["oldest_unknown_minutes"],
			OUTCOME_LATE,
			_("Whether an order was sent is not known since {0} minutes. Look for it in the other system."),
		),
		(
			bookings["oldest_pending_minutes"],
			BOOKING_LATE,
			_("A document waits for its booking since {0} minutes. See Vertex Tax Document."),
		),
	)
	return [sentence.format(minutes) for minutes, most, sentence in counted if (minutes or 0) > most]
