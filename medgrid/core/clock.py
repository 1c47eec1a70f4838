"""Aware times in UTC, and their stored form: MedGrid's own Datetime fields hold naive times in UTC. Pure.

Contract: "Dates & Times". What Frappe stores itself is in the site's time zone: see `core/site_time.py`.
"""

from datetime import datetime, timezone


def utc_now() -> datetime:
	"""Now, aware, in UTC."""
	return datetime.now(timezone.utc)


def stored_utc(moment: datetime) -> datetime:
	"""Converts an aware time to what MedGrid's own Datetime fields hold: naive, in UTC."""
	return moment.astimezone(timezone.utc).replace(tzinfo=None)


def stored_utc_now() -> datetime:
	"""Now, as MedGrid's own Datetime fields hold it: naive, in UTC."""
	return stored_utc(utc_now())


def from_stored_utc(value: datetime | str) -> datetime:
	"""Converts the value of one of MedGrid's own Datetime fields to an aware time in UTC.

	:param value: a naive time in UTC, or its ISO text, which the database driver may return.
	"""
	moment = datetime.fromisoformat(value) if isinstance(value, str) else value
	return moment.replace(tzinfo=timezone.utc)


def stored_utc_text(value: datetime | str | None) -> str | None:
	"""Formats the value of one of MedGrid's own Datetime fields as `YYYY-MM-DD HH:MM:SS`, the format of all
	times in responses; None stays None."""
	return from_stored_utc(value).strftime("%Y-%m-%d %H:%M:%S") if value else None


def is_ahead(value: datetime | str | None) -> bool:
	"""Whether the time in one of MedGrid's own Datetime fields is in the future; False for an empty field."""
	return from_stored_utc(value) > utc_now() if value else False
