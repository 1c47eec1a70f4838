"""Statistics of the second contract: counts in Redis per minute, rolled up into Vertex Data Volume.

Losing Redis loses statistics and nothing else. See docs/api.md, `data_volume`.
"""

import math
import secrets
import string
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import frappe
from pypika import Order
from redis.exceptions import RedisError

from medgrid.core.bulk import delete_older
from medgrid.core.clock import from_stored_utc, stored_utc, utc_now
from medgrid.core.redis_keys import redis_key
from medgrid.core.transactions import in_transaction
from medgrid.vertex.contract.issue_body import timestamp
from medgrid.vertex.event_log import log_data_volume
from medgrid.vertex.merchants.fields import COMPLETE, FAILED, INCOMPLETE
from medgrid.vertex.merchants.fields import DOCTYPE as MERCHANT
from medgrid.vertex.settings import vertex_settings

DOCTYPE = "Vertex Data Volume"
QUOTATION, INVOICE, ONBOARDING = "quotation", "invoice", "onboarding"
KEYWORDS = (QUOTATION, INVOICE, ONBOARDING)
# Samples of one minute; more requests are counted and their times left out.
MAX_SAMPLES = 10_000
KEPT_SECONDS = 2 * 3600
INTERVAL_MINUTES = 5
_ID_CHARACTERS = string.ascii_lowercase + string.digits


@dataclass
class Interval:
	"""What was counted in some minutes.

	:param seconds: how long Vertex took, for each time that it was asked.
	"""

	requests: int = 0
	minutes: int = 0
	seconds: list[float] = field(default_factory=list)


def count(keyword: str, seconds: float | None = None) -> None:
	"""Counts a request. If Redis is down, nothing is counted.

	:param keyword: one of KEYWORDS.
	:param seconds: how long Vertex took; None: it was not asked.
	"""
	minute = _minute(utc_now())
	counted, sampled = _keys(keyword, minute)
	with suppress(RedisError):
		pipe = frappe.cache.pipeline()
		pipe.incr(counted)
		pipe.expire(counted, KEPT_SECONDS)
		if seconds is not None:
			pipe.lpush(sampled, f"{seconds:.3f}")
			pipe.ltrim(sampled, 0, MAX_SAMPLES - 1)
			pipe.expire(sampled, KEPT_SECONDS)
		pipe.execute()


def roll_up(now: datetime | None = None) -> list[str]:
	"""Makes one row for each keyword that had a request in a minute that is over and was not rolled up yet.
	Commits.

	:param now: aware.
	:returns: the names of the rows.
	"""
	now = now or utc_now()
	last = _minute(now) - 1
	rows = [_row(keyword, interval, now) for keyword in KEYWORDS if (interval := _take(keyword, last))]
	if rows:
		in_transaction(partial(_insert, rows))
		for row in rows:
			log_data_volume(_described(row))
	return [row["name"] for row in rows]


def prune() -> int:
	"""Deletes the rows that are older than Vertex Settings prescribe, in chunks. Commits each.

	:returns: how many.
	"""
	if not (days := vertex_settings().data_volume_days):
		return 0
	return delete_older(DOCTYPE, "date_created", stored_utc(utc_now() - timedelta(days=days)))


def listed(
	keyword: str | None, since: datetime | None, until: datetime | None, offset: int, rows: int
) -> list[dict[str, Any]]:
	"""The statistics as contract B shows them, newest first.

	:param since: aware; included.
	:param until: aware; included.
	"""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select("*").orderby(table.date_created, order=Order.desc)
	if keyword:
		query = query.where(table.keyword == keyword)
	if since:
		query = query.where(table.date_created >= stored_utc(since))
	if until:
		query = query.where(table.date_created <= stored_utc(until))
	# Downwards as well: the index has this order.
	query = query.orderby(table.name, order=Order.desc).limit(rows).offset(offset)
	return [_described(row) for row in query.run(as_dict=True)]


def nearest_rank(values: Sequence[float], percent: int) -> float:
	"""The percentile by nearest rank.

	:param values: at least one, in any order.
	"""
	ranked = sorted(values)
	return ranked[max(0, math.ceil(percent / 100 * len(ranked)) - 1)]


def _take(keyword: str, last: int) -> Interval | None:
	"""Takes what was counted until a minute, that one included, out of Redis; None: nothing was."""
	interval, first = Interval(), last - KEPT_SECONDS // 60
	for minute in range(first, last + 1):
		counted, sampled = _keys(keyword, minute)
		if frappe.cache.get(counted) is None:
			continue
		pipe = frappe.cache.pipeline()
		pipe.get(counted)
		pipe.lrange(sampled, 0, -1)
		pipe.delete(counted, sampled)
		number, samples, _deleted = pipe.execute()
		# Another worker may have taken it.
		interval.requests += int(number or 0)
		interval.seconds += [float(sample) for sample in samples]
	if not interval.requests:
		return None
	interval.minutes = _minutes_since_last(keyword, last)
	return interval


def _minutes_since_last(keyword: str, last: int) -> int:
	"""The length of the interval: since the last row, at most as long as Redis keeps counts."""
	key = redis_key("vertex", "volume", frappe.conf.db_name, keyword, "last")
	before = frappe.cache.get(key)
	frappe.cache.set(key, last, ex=KEPT_SECONDS)
	return max(1, last - int(before)) if before else INTERVAL_MINUTES


def _row(keyword: str, interval: Interval, now: datetime) -> dict[str, Any]:
	taken = interval.seconds
	numbers = {
		"latency": sum(taken) / len(taken) if taken else 0,
		"latency90": nearest_rank(taken, 90) if taken else 0,
		"latency95": nearest_rank(taken, 95) if taken else 0,
	}
	return {
		"name": "dv-" + "".join(secrets.choice(_ID_CHARACTERS) for _position in range(17)),
		"date_created": stored_utc(now).replace(microsecond=0),
		"keyword": keyword,
		"throughput": round(interval.requests / interval.minutes, 2),
		"calls": len(taken),
		**{name: round(value, 3) for name, value in numbers.items()},
		**_merchants(),
	}


def _merchants() -> dict[str, int]:
	counts = {
		status: frappe.db.count(MERCHANT, {"status": status}) for status in (INCOMPLETE, COMPLETE, FAILED)
	}
	return {
		"incomplete_onboarding": counts[INCOMPLETE],
		"complete_onboarding": counts[COMPLETE],
		"failed_onboarding": counts[FAILED],
	}


def _insert(rows: list[dict[str, Any]]) -> None:
	for row in rows:
		# MedGrid's own record: no role may make one.
		frappe.get_doc({"doctype": DOCTYPE, **row}).insert(ignore_permissions=True)


def _described(row: Any) -> dict[str, Any]:
	asked = bool(row["calls"])
	return {
		"id": row["name"],
		"dateCreated": timestamp(from_stored_utc(row["date_created"])),
		"keyword": row["keyword"],
		"throughput": _number(row["throughput"], 2),
		"incompleteOnboarding": row["incomplete_onboarding"],
		"completeOnboarding": row["complete_onboarding"],
		"failedOnboarding": row["failed_onboarding"],
		"latency95": _number(row["latency95"], 3) if asked else None,
		"latency90": _number(row["latency90"], 3) if asked else None,
		"latency": _number(row["latency"], 3) if asked else None,
	}


def _number(value: Any, places: int) -> int | float:
	number = round(float(value), places)
	return int(number) if number.is_integer() else number


def _minute(moment: datetime) -> int:
	return int(moment.astimezone(timezone.utc).timestamp()) // 60


def _keys(keyword: str, minute: int) -> tuple[str, str]:
	name = redis_key("vertex", "volume", frappe.conf.db_name, keyword, str(minute))
	return name, f"{name}:seconds"
