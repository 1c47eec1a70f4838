"""Reads what the report is based on: counts, and the oldest and newest of each kind, by indexes."""

from datetime import datetime
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Max, Min
from frappe.utils.background_jobs import get_queue, get_workers
from frappe.utils.scheduler import is_scheduler_disabled
from redis.exceptions import RedisError

from medgrid.core.clock import from_stored_utc, stored_utc_now, stored_utc_text, utc_now
from medgrid.core.jobs import LONG, SHORT, sync_queue
from medgrid.core.site_time import from_site_time, utc_text
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.orders.order_records import DOCTYPE as STORE
from medgrid.integrations.shipstation.order_records import DOCTYPE as VENDORS
from medgrid.outbox.states import LABELS, OPEN, State

CONNECTION, RUN, ISSUE, TAX_DOCUMENT = (
	"Vendor Connection",
	"Sync Run",
	"Integration Issue",
	"Vertex Tax Document",
)
OF_VENDORS, OF_STORE = ("shipstation", "shopify"), ("catalog", "inventory", "reconciliation")
PARTIES = ("Vendor", "Wholesaler", "Administrator", "Nobody")
UNKNOWN = [LABELS[state] for state in OPEN]
PAUSED = "paused"
UNBOOKED = ("Pending", "Sending", "In Doubt", "Failed")


def read_facts() -> dict[str, Any]:
	"""The facts, all ages in minutes.

	:returns: `scheduler` (`enabled`, `last_job_at`, `minutes_since_last_job`); `queues` (by name: `waiting`,
		`workers`; None if Redis is down); `connections` (by integration and status: how many); `runs` (by
		kind: `is_expected`, `last_succeeded_at`, `minutes_since`); `orders` (`waiting`,
		`oldest_waiting_minutes`, `oldest_due_minutes`, `unknown`,
		`oldest_unknown_minutes`); `bookings` (`pending`, `oldest_pending_minutes`, `in_doubt`, `failed`,
		`last_booked_at`); `open_issues` (by who acts).
	"""
	connections = _connections()
	return {
		"checked_at": utc_now().strftime("%Y-%m-%d %H:%M:%S"),
		"scheduler": _scheduler(),
		"queues": _queues(),
		"connections": connections,
		"runs": _runs(connections),
		"orders": _orders(),
		"bookings": _bookings(),
		"open_issues": _open_issues(),
	}


def _scheduler() -> dict[str, Any]:
	job = frappe.qb.DocType("Scheduled Job Type")
	begun = frappe.qb.from_(job).select(Max(job.last_execution)).where(job.method.like("medgrid.%")).run()
	is_off = is_scheduler_disabled(verbose=False) or frappe.conf.get("pause_scheduler")
	last = begun[0][0]
	return {
		"enabled": not is_off,
		"last_job_at": utc_text(last),
		"minutes_since_last_job": _minutes(from_site_time(last)) if last else None,
	}


def _queues() -> dict[str, dict[str, int]] | None:
	names = dict.fromkeys((SHORT, "default", LONG, sync_queue()))
	try:
		served = [set(worker.queue_names()) for worker in get_workers()]
		queues = {name: get_queue(name) for name in names}
		return {
			name: {"waiting": queue.count, "workers": sum(queue.name in each for each in served)}
			for name, queue in queues.items()
		}
	except RedisError:
		# A queue that cannot be read is what the report says.
		return None


def _connections() -> dict[str, dict[str, int]]:
	table = frappe.qb.DocType(CONNECTION)
	status = Case().when(table.paused_at.isnull(), table.status).else_(PAUSED).as_("state")
	query = frappe.qb.from_(table).select(table.integration, status, Count("*"))
	counted: dict[str, dict[str, int]] = {}
	for integration, state, count in query.groupby(table.integration, status).run():
		counted.setdefault(integration, {})[state] = count
	return counted


def _runs(connections: dict[str, dict[str, int]]) -> dict[str, dict[str, Any]]:
	is_connected = settings.load().is_connected()
	expected = dict.fromkeys(OF_STORE, is_connected)
	for kind in OF_VENDORS:
		# A connection that fails is its vendor's to mend.
		states = connections.get(kind, {})
		expected[kind] = bool(states.get("connected") or states.get("syncing"))
	return {kind: {"is_expected": is_expected, **_last_good(kind)} for kind, is_expected in expected.items()}


def _last_good(kind: str) -> dict[str, Any]:
	"""One look into an index; all runs of all vendors are many."""
	run = frappe.qb.DocType(RUN)
	of_kind = frappe.qb.from_(run).where(run.kind == kind)
	succeeded = of_kind.select(Max(run.finished)).where(run.status == "Succeeded").run()[0][0]
	# Of a kind that never succeeded: since its first run.
	since = succeeded or of_kind.select(Min(run.started)).run()[0][0]
	return {
		"last_succeeded_at": stored_utc_text(succeeded),
		"minutes_since": _minutes(from_stored_utc(since)) if since else None,
	}


def _orders() -> dict[str, Any]:
	record = frappe.qb.DocType(VENDORS)
	waiting = record.status == LABELS[State.WAITING]
	oldest = frappe.qb.from_(record).select(Count("*"), Min(record.creation)).where(waiting).run()[0]
	unknown = [_unknown(doctype) for doctype in (VENDORS, STORE)]
	ages = [age for _count, age in unknown if age is not None]
	return {
		"waiting": oldest[0],
		"oldest_waiting_minutes": _minutes(from_site_time(oldest[1])) if oldest[1] else None,
		"oldest_due_minutes": _oldest_due(),
		"unknown": sum(count for count, _age in unknown),
		"oldest_unknown_minutes": max(ages, default=None),
	}


def _oldest_due() -> int | None:
	"""For how long the oldest order that a vendor's connection could take now has waited."""
	record, connection = frappe.qb.DocType(VENDORS), frappe.qb.DocType(CONNECTION)
	takers = (
		frappe.qb.from_(connection)
		.select(connection.supplier)
		.where((connection.integration == "shipstation") & connection.status.isin(("connected", "syncing")))
		.where(connection.paused_at.isnull())
	)
	waiting = (record.status == LABELS[State.WAITING]) & record.supplier.isin(takers)
	query = frappe.qb.from_(record).where(waiting)
	is_new, is_planned = record.attempts == 0, record.next_attempt_at.notnull()
	is_due = record.next_attempt_at.isnull() | (record.next_attempt_at <= stored_utc_now())
	since, created = query.where(is_new & is_due).select(Min(record.since), Min(record.creation)).run()[0]
	# One that has been tried is due from its next attempt on, or since somebody retried it.
	planned = query.where((record.attempts > 0) & is_planned & is_due).select(Min(record.next_attempt_at))
	retried = query.where((record.attempts > 0) & record.next_attempt_at.isnull()).select(
		Min(record.modified)
	)
	moments = [
		from_stored_utc(since) if since else created and from_site_time(created),
		(planned_for := planned.run()[0][0]) and from_stored_utc(planned_for),
		(retried_at := retried.run()[0][0]) and from_site_time(retried_at),
	]
	return max((_minutes(moment) for moment in moments if moment), default=None)


def _unknown(doctype: str) -> tuple[int, int | None]:
	record = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(record).select(Count("*"), Min(record.claimed_at))
	count, oldest = query.where(record.status.isin(UNKNOWN)).run()[0]
	return count, _minutes(from_stored_utc(oldest)) if oldest else None


def _bookings() -> dict[str, Any]:
	document = frappe.qb.DocType(TAX_DOCUMENT)
	query = frappe.qb.from_(document).select(document.status, Count("*"), Min(document.creation))
	# By the index on `status`; what is booked grows for ever.
	rows = {
		row[0]: row[1:] for row in query.where(document.status.isin(UNBOOKED)).groupby(document.status).run()
	}
	count = {status: row[0] for status, row in rows.items()}
	oldest = [row[1] for status, row in rows.items() if status in ("Pending", "Sending")]
	last = frappe.qb.from_(document).select(Max(document.committed_at))
	booked = last.where(document.status == "Committed").run()[0][0]
	return {
		"pending": count.get("Pending", 0) + count.get("Sending", 0),
		"oldest_pending_minutes": _minutes(from_site_time(min(oldest))) if oldest else None,
		"in_doubt": count.get("In Doubt", 0),
		"failed": count.get("Failed", 0),
		"last_booked_at": stored_utc_text(booked),
	}


def _open_issues() -> dict[str, int]:
	issue = frappe.qb.DocType(ISSUE)
	query = frappe.qb.from_(issue).select(issue.who_acts, Count("*")).where(issue.settled_at.isnull())
	counted = dict(query.groupby(issue.who_acts).run())
	return {party: counted.get(party, 0) for party in PARTIES}


def _minutes(since: datetime) -> int:
	return max(0, int((utc_now() - since).total_seconds() // 60))
