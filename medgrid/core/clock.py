"""Moments, always aware and in UTC; and the form in which MedGrid's own Datetime fields hold them. Pure.

Contract: "Dates & Times". What Frappe stores itself is in the site's time zone: see `core/site_time.py`.
"""

from datetime import datetime, timezone


def utc_now() -> datetime:
	"""Now, aware, in UTC."""
	return datetime.now(timezone.utc)


def stored_utc(moment: datetime) -> datetime:
	"""An aware moment as MedGrid's own Datetime fields hold it: in UTC, without saying so."""
	return moment.astimezone(timezone.utc).replace(tzinfo=None)


def stored_utc_now() -> datetime:
	"""Now, as MedGrid's own Datetime fields hold it."""
	return stored_utc(utc_now())


def from_stored_utc(value: datetime | str) -> datetime:
	"""What such a field holds, as an aware moment in UTC.

	:param value: naive, or its ISO text as the database driver may return it.
	"""
	moment = datetime.fromisoformat(value) if isinstance(value, str) else value
	return moment.replace(tzinfo=timezone.utc)


def is_ahead(value: datetime | str | None) -> bool:
	"""Whether the moment that such a field holds is still to come; no moment is not."""
	return from_stored_utc(value) > utc_now() if value else False
