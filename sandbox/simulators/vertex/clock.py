"""Vertex' time: UTC, and settable, so that tokens end and bookings grow old without anybody waiting."""

from datetime import date, datetime, timedelta, timezone


class Clock:
	"""It runs on from wherever it was set."""

	def __init__(self) -> None:
		self._ahead = timedelta()

	def now(self) -> datetime:
		return datetime.now(timezone.utc) + self._ahead

	def today(self) -> date:
		return self.now().date()

	def set(self, moment: datetime | None) -> None:
		"""
		:param moment: what time it is now; None: the real time again.
		"""
		self._ahead = moment - datetime.now(timezone.utc) if moment else timedelta()

	def advance(self, seconds: float) -> None:
		self._ahead += timedelta(seconds=seconds)


def as_text(moment: datetime) -> str:
	"""2026-11-25T14:03:11.120Z"""
	return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def parse(text: str) -> datetime:
	"""A moment with or without an offset, or a date; UTC without one. Raises ValueError."""
	moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
	return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
