"""Times as they leave MedGrid: UTC, whatever the site's time zone. Contract: "Dates & Times"."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import frappe.utils


def utc_text(moment: datetime | str | None) -> str | None:
	"""A stored time as `YYYY-MM-DD HH:MM:SS` in UTC.

	:param moment: as Frappe stores it: in the site's time zone, without saying so; None stays None.
	"""
	if not moment:
		return None
	local = frappe.utils.get_datetime(moment)
	return to_utc(local, frappe.utils.get_system_timezone()).strftime("%Y-%m-%d %H:%M:%S")


def to_utc(local: datetime, time_zone: str) -> datetime:
	"""A time in a zone (IANA name) as an aware time in UTC."""
	return local.replace(tzinfo=ZoneInfo(time_zone)).astimezone(timezone.utc)
