"""Between UTC and the times that Frappe stores itself (`creation`, `modified`, …): in the site's time zone,
without saying so. Contract: "Dates & Times"."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import frappe.utils


def site_time(moment: datetime) -> datetime:
	"""An aware moment as Frappe stores its own: naive, in the site's time zone."""
	return moment.astimezone(_site_zone()).replace(tzinfo=None)


def from_site_time(value: datetime | str) -> datetime:
	"""A time that Frappe stored, as an aware moment in UTC.

	:param value: in the site's time zone, without saying so.
	"""
	return frappe.utils.get_datetime(value).replace(tzinfo=_site_zone()).astimezone(timezone.utc)


def utc_text(value: datetime | str | None) -> str | None:
	"""A time that Frappe stored as `YYYY-MM-DD HH:MM:SS` in UTC, which is how times leave MedGrid.

	:param value: in the site's time zone, without saying so; None stays None.
	"""
	return from_site_time(value).strftime("%Y-%m-%d %H:%M:%S") if value else None


def _site_zone() -> ZoneInfo:
	return ZoneInfo(frappe.utils.get_system_timezone())
