"""Shopify's times: whole seconds, UTC in GraphQL, the shop's own offset in webhooks."""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo


def now() -> datetime:
	return datetime.now(timezone.utc).replace(microsecond=0)


def as_text(moment: datetime) -> str:
	"""2026-06-18T17:03:04Z"""
	return f"{moment.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}"


def local(moment: datetime | None, zone: str) -> str | None:
	"""2026-06-18T13:03:04-04:00, as in webhooks."""
	return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds") if moment else None


def parse(text: str) -> datetime:
	"""A moment with or without an offset, or a date; UTC without one. Raises ValueError."""
	moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00").replace("z", "+00:00"))
	return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def precisely_now() -> str:
	"""With nanoseconds, as in X-Shopify-Triggered-At."""
	return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.%f}000Z"
