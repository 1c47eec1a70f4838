"""Whose turn to sync is next."""

import time
from collections import Counter
from datetime import datetime, timedelta, timezone

import frappe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.clock import stored_utc_now
from medgrid.integrations import jobs, turns
from medgrid.integrations.registry import REGISTRY, SYNCABLE
from tests.support.runs import Worker, kill
from tests.support.vendors import order

VENDORS = 1000
WORKERS = 2


@pytest.fixture
def queue(monkeypatch):
	"""A queue without workers: (connection, turn) of each job that it took, up to `queue.room`."""

	class Queue(list):
		room = 10**6

		def take(self, connection, *, turn=None, **_options):
			if len(self) >= self.room:
				return False
			self.append((connection, turn))
			return True

	queue = Queue()
	monkeypatch.setattr(jobs, "enqueue_sync", queue.take)
	monkeypatch.setattr(turns, "_workers", lambda: WORKERS)
	return queue


@pytest.fixture
def vendors(site):
	"""The names of 1,000 connections that are due; nobody else's is."""
	now = frappe.utils.now()
	frappe.db.set_value("Vendor Connection", {"status": ("!=", "")}, "next_sync_at", "2999-01-01")
	names = [f"mgt-turn-{number:04d}" for number in range(VENDORS)]
	suppliers = [[name, name, now, now] for name in names]
	frappe.db.bulk_insert("Supplier", ["name", "supplier_name", "creation", "modified"], suppliers)
	fields = ["name", "supplier", "user", "integration", "status", "creation", "modified"]
	rows = [[name, name, "Guest", "shipstation", "connected", now, now] for name in names]
	frappe.db.bulk_insert("Vendor Connection", fields, rows)
	frappe.db.commit()
	yield names
	frappe.db.rollback()
	frappe.db.delete("Vendor Connection", {"name": ("like", "mgt-turn-%")})
	frappe.db.delete("Supplier", {"name": ("like", "mgt-turn-%")})
	frappe.db.set_value("Vendor Connection", {"status": ("!=", "")}, "next_sync_at", None)
	frappe.db.commit()


def end(connection: str, turn: int) -> None:
	"""What a job of this turn does, without its sync."""
	assert turns.begin(connection, turn)
	frappe.db.set_value("Vendor Connection", connection, "next_sync_at", "2999-01-01")
	frappe.db.commit()


def set_values(connection: str, **values) -> None:
	frappe.db.rollback()
	frappe.db.set_value("Vendor Connection", connection, values)
	frappe.db.commit()


def test_of_1000_vendors_none_is_left_out_and_the_queue_stays_short(vendors, queue):
	done = 0
	while jobs.top_up():
		assert len(queue) - done <= turns.QUEUED_PER_WORKER * WORKERS
		assert jobs.top_up() == 0
		for connection, turn in queue[done:]:
			end(connection, turn)
		done = len(queue)
	assert sorted(connection for connection, _turn in queue) == vendors


def test_a_full_queue_is_no_error_and_leaves_nobody_out(vendors, queue):
	queue.room = 3
	assert jobs.top_up() == 3
	assert jobs.top_up() == 0
	assert frappe.db.count("Vendor Connection", {"queued_at": ("is", "set")}) == 3
	queue.room = 10**6
	assert jobs.top_up() == turns.QUEUED_PER_WORKER * WORKERS - 3


def test_who_has_waited_longest_goes_first(vendors, queue):
	now = stored_utc_now()
	for number, name in enumerate(vendors):
		frappe.db.set_value("Vendor Connection", name, "next_sync_at", now - timedelta(seconds=number))
	frappe.db.commit()
	jobs.top_up()
	assert [connection for connection, _turn in queue] == vendors[:-9:-1]


def test_a_job_that_the_queue_lost_is_queued_again_and_a_late_one_does_nothing(vendors, queue):
	jobs.top_up()
	connection, turn = queue[0]
	set_values(connection, queued_at=stored_utc_now() - turns.LOST_AFTER - timedelta(seconds=1))
	assert jobs.top_up() == 1
	assert queue[-1] == (connection, turn + 1)
	assert not turns.begin(connection, turn)
	assert turns.begin(connection, turn + 1)


def test_two_dispatchers_at_once_queue_a_connection_once(vendors):
	assert turns.take(vendors[0]) == 1
	assert turns.take(vendors[0]) is None


@pytest.mark.parametrize("next_sync_at", [None, "2999-01-01"])
def test_a_dead_workers_connection_is_due_as_soon_as_its_lease_is_over(connected, queue, next_sync_at):
	name = connected.connection()
	Worker(name)
	set_values(name, next_sync_at=next_sync_at)
	assert name not in turns.due_connections(10**6)
	kill("shipstation", name)
	assert name in turns.due_connections(10**6)


@pytest.mark.parametrize(
	("values", "is_due"),
	[
		({}, True),
		({"status": "error"}, True),
		({"status": "not_connected"}, False),
		({"integration": "sendblue"}, False),
	],
)
def test_who_is_due(connected, values, is_due):
	name = connected.connection()
	set_values(name, next_sync_at=None, **values)
	assert (name in turns.due_connections(10**6)) is is_due


def test_a_sync_gives_a_connection_its_next_turn_within_the_hour(connected):
	jobs.sync_connection(connected.connection())
	name = connected.connection()
	moment = frappe.db.get_value("Vendor Connection", name, "next_sync_at")
	assert timedelta(minutes=5) < moment - stored_utc_now() <= timedelta(minutes=67)
	assert name not in turns.due_connections(10**6)


def test_a_slice_ends_when_the_rate_limit_is_used_up_and_is_due_again_without_an_error(connected):
	connected.shipstation.set_limit(connected.api_key, 6, 30)
	names = [order((connected.item, 1, 10)).name for _number in range(8)]
	began = time.monotonic()
	jobs.sync_connection(connected.connection())
	assert time.monotonic() - began < 20
	sent = [name for name in names if connected.record(name).status == "Sent"]
	assert 0 < len(sent) < 8
	entry = connected.entry()
	assert (entry["status"], entry["last_error"]) == ("connected", None)
	moment = frappe.db.get_value("Vendor Connection", connected.connection(), "next_sync_at")
	assert timedelta(seconds=30) < moment - stored_utc_now() <= turns.BETWEEN_SLICES


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(timezone.utc))


@given(st.text(min_size=1), st.sampled_from(SYNCABLE), MOMENTS)
def test_a_connection_has_its_own_moment_in_each_interval(name, integration, now):
	interval = REGISTRY[integration].interval
	assert interval
	moment = turns.next_turn(name, integration, now)
	assert interval / 10 <= moment - now + timedelta(seconds=1)
	assert moment - now <= interval * 1.1 + timedelta(seconds=1)
	after = turns.next_turn(name, integration, moment + timedelta(seconds=1))
	assert abs(after - moment - interval) < timedelta(seconds=2)


def test_vendors_are_spread_over_the_hour():
	now = datetime(2026, 11, 26, 16, tzinfo=timezone.utc)
	minutes = Counter(
		turns.next_turn(f"vendor-{number}", "shipstation", now).minute for number in range(6000)
	)
	assert len(minutes) == 60
	assert max(minutes.values()) < 200
