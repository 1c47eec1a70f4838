"""ShipStation's dates and times: Pacific, without an offset, with 7 fractional digits.

Moments are naive on purpose. ShipStation stores and compares wall-clock times, so the hour that happens
twice in November is ambiguous there, and here.
"""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def now() -> datetime:
	"""The Pacific wall-clock time, in whole milliseconds as ShipStation keeps it."""
	return in_pacific(datetime.now(PACIFIC))


def today() -> date:
	return now().date()


def in_pacific(moment: datetime) -> datetime:
	"""Wall-clock time in Los Angeles; a moment without an offset is one already."""
	if moment.tzinfo:
		moment = moment.astimezone(PACIFIC).replace(tzinfo=None)
	return moment.replace(microsecond=moment.microsecond // 1000 * 1000, fold=0)


def parse(text: str) -> datetime:
	"""Reads a date, or a date and time with or without an offset. Raises ValueError."""
	if not isinstance(text, str) or not re.match(r"\d{4}-\d\d-\d\d", text):
		raise ValueError(f"The value '{text}' is not a date.")
	# Python 3.10 reads 3 or 6 fractional digits only, and no Z.
	text = re.sub(r"\.(\d+)", lambda digits: "." + digits[1][:6].ljust(6, "0"), text.strip())
	return in_pacific(datetime.fromisoformat(re.sub(r"Z$", "+00:00", text)))


def as_text(moment: datetime) -> str:
	return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0"
