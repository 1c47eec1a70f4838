"""Converts between UTC and the times that Frappe stores itself (`creation`, `modified`, …), which are naive
and in the site's time zone. Contract: "Dates & Times"."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import frappe.utils


def site_time(moment: datetime) -> datetime:
	"""Converts an aware time to what Frappe stores: naive, in the site's time zone."""
	return moment.astimezone(_site_zone()).replace(tzinfo=None)


def from_site_time(value: datetime | str) -> datetime:
	"""Converts a time that Frappe stored to an aware time in UTC.

	:param value: naive, in the site's time zone.
	"""
	return frappe.utils.get_datetime(value).replace(tzinfo=_site_zone()).astimezone(timezone.utc)


def midnight() -> datetime:
	"""The beginning of the site's present day, aware, in UTC."""
	return from_site_time(frappe.utils.nowdate())


def utc_text(value: datetime | str | None) -> str | None:
	"""Formats a time that Frappe stored as `YYYY-MM-DD HH:MM:SS` in UTC, the format of all times in
	responses.

	:param value: naive, in the site's time zone; None stays None.
	"""
	return from_site_time(value).strftime("%Y-%m-%d %H:%M:%S") if value else None


def _site_zone() -> ZoneInfo:
	return ZoneInfo(frappe.utils.get_system_timezone())
