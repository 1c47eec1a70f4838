"""When a document whose attempt failed is tried again, and when it is parked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
	"""The pauses after failed attempts.

	:param pauses: the pause after the first failed attempt, after the second one, and so on; the last one is
		repeated.
	:param park_after: how long after its first failed attempt a document is tried again. Later failures park
		it; None: it is never parked.
	"""

	pauses: Sequence[timedelta]
	park_after: timedelta | None = None

	def pause_after(self, failures: int, *, stated: timedelta = timedelta()) -> timedelta:
		"""The pause before the next attempt.

		:param failures: the number of failed attempts, from 1.
		:param stated: the pause that the other system asked for. It is kept, up to the longest one of the
			schedule.
		"""
		pause = self.pauses[min(max(failures, 1), len(self.pauses)) - 1]
		return max(pause, min(stated, self.longest))

	@property
	def longest(self) -> timedelta:
		"""The longest pause."""
		return self.pauses[-1]

	def next_attempt_at(self, failures: int, *, first_failed_at: datetime, now: datetime) -> datetime | None:
		"""The time of the next attempt; None: the document is parked.

		:param failures: the number of failed attempts, from 1.
		:param first_failed_at: when the first of them failed.
		:param now: when the last of them failed; both are aware, or both naive in the same zone.
		"""
		if self.park_after is not None and now - first_failed_at >= self.park_after:
			return None
		return now + self.pause_after(failures)


PAUSES = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR)
# For what concerns one document.
OF_DOCUMENT = Schedule(PAUSES, park_after=3 * DAY)
# For what concerns a whole account, and for what nobody can park, such as the tracking of a sent order.
WITHOUT_END = Schedule(PAUSES)
