"""Decides which connection is synced next. The database has the times (`next_sync_at`), not the queue: a
dispatcher takes the connections that have waited longest, and keeps a few jobs for each worker in the queue.

A job is one slice. It never waits for a rate limit to end: the connection is due again after it. If the queue
is full or has lost a job, the dispatcher queues the connection again later. If a worker died, the connection
is due when the lease expires.
"""

from datetime import datetime, timedelta
from functools import partial
from zlib import crc32

import frappe
from frappe.utils.background_jobs import get_workers
from redis.exceptions import RedisError

from medgrid.core.clock import stored_utc
from medgrid.core.database_clock import database_now, stored_database_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.integrations.registry import REGISTRY, SYNCABLE

DOCTYPE, RUN = "Vendor Connection", "Sync Run"
# After a slice that left something, for example because the rate limit is used up: ShipStation's window.
BETWEEN_SLICES = timedelta(seconds=60)
QUEUED_PER_WORKER = 4
# A job that has not begun after this time counts as lost; should it begin later, it does nothing.
LOST_AFTER = timedelta(minutes=10)


def next_turn(connection: str, integration: str, now: datetime) -> datetime:
	"""When a connection is synced next by itself after a good sync. Connections are spread evenly over the
	interval, each has its own moment in it.

	:param connection: the name of the Vendor Connection.
	:param now: aware.
	"""
	every = REGISTRY[integration].interval
	if not every:
		raise ValueError(f"{integration} is not synced")
	interval = every.total_seconds()
	own = crc32(connection.encode()) % int(interval)
	since = (now.timestamp() - own) % interval
	left = interval - since
	# Not at once again: a person may just have synced.
	return now + timedelta(seconds=left if left >= interval / 10 else left + interval)


def due_connections(most: int) -> list[str]:
	"""The connections whose turn it is, those that have waited longest first.

	:param most: their maximum number.
	"""
	connection, run = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(RUN)
	supplier, now = frappe.qb.DocType("Supplier"), stored_database_now()
	is_due = connection.next_sync_at.isnull() | (connection.next_sync_at <= now)
	is_queued = connection.queued_at.notnull() & (connection.queued_at > now - LOST_AFTER)
	is_running = run.name.notnull() & (run.lease_until > now)
	# Its worker died, whenever its next turn would be.
	is_due |= run.name.notnull() & (run.lease_until <= now)
	return (
		frappe.qb.from_(connection)
		.join(supplier)
		.on(supplier.name == connection.supplier)
		.left_join(run)
		.on((run.connection == connection.name) & run.running.notnull())
		.select(connection.name)
		.where((connection.status != "not_connected") & connection.integration.isin(SYNCABLE))
		# A vendor with whom nobody trades any more must not receive further customers' addresses.
		.where(connection.paused_at.isnull())
		.where((supplier.disabled == 0) & is_due & is_queued.negate() & is_running.negate())
		.orderby(connection.next_sync_at)
		.orderby(connection.name)
		.limit(most)
		.run(pluck=True)
	)


def connections_of(integration: str, supplier: str) -> list[str]:
	"""The connections of a Supplier to an integration that have credentials, the first account first."""
	filters = {"supplier": supplier, "integration": integration, "status": ("!=", "not_connected")}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="name", order_by="creation asc, name asc")


def room_in_queue() -> int:
	"""How many more jobs the dispatcher queues."""
	waiting = frappe.db.count(DOCTYPE, {"queued_at": (">", stored_database_now() - LOST_AFTER)})
	return max(0, QUEUED_PER_WORKER * _workers() - waiting)


def _workers() -> int:
	try:
		return max(1, len(get_workers()))
	except RedisError:
		# Redis is down; then nothing can be queued either.
		return 1


def make_due(connection: str) -> None:
	"""Makes a connection due at once. Commits."""

	def work() -> None:
		if locked_row(DOCTYPE, connection, ["name"]):
			frappe.db.set_value(DOCTYPE, connection, "next_sync_at", None, update_modified=False)

	in_transaction(work)


def take(connection: str) -> int | None:
	"""Notes that a connection's job is being queued. Commits.

	:returns: the number of the turn, which the job must have when it begins; None: another dispatcher was
		faster, or somebody has paused or disconnected it.
	"""
	return in_transaction(partial(_take, connection))


def _take(connection: str) -> int | None:
	row = locked_row(DOCTYPE, connection, ["status", "queued_at", "turn", "paused_at"])
	now = stored_database_now()
	if not row or row.status == "not_connected" or row.paused_at:
		return None
	if row.queued_at and row.queued_at > now - LOST_AFTER:
		return None
	turn = (row.turn or 0) + 1
	frappe.db.set_value(DOCTYPE, connection, {"queued_at": now, "turn": turn}, update_modified=False)
	return turn


def give_back(connection: str) -> None:
	"""Notes that the queue did not take a connection's job. Commits."""
	in_transaction(lambda: _no_longer_queued(connection))


def begin(connection: str, turn: int) -> bool:
	"""Notes that a connection's job begins. Commits.

	:returns: whether it may: False if it was taken for lost and queued again.
	"""

	def work() -> bool:
		row = locked_row(DOCTYPE, connection, ["turn"])
		if not row or row.turn != turn:
			return False
		_no_longer_queued(connection)
		return True

	return in_transaction(work)


def _no_longer_queued(connection: str) -> None:
	frappe.db.set_value(DOCTYPE, connection, "queued_at", None, update_modified=False)


def after_good_sync(connection: str, integration: str, *, is_unfinished: bool) -> datetime:
	"""The value of `next_sync_at` after a sync that succeeded.

	:param is_unfinished: whether the slice left something to do.
	"""
	now = database_now()
	moment = now + BETWEEN_SLICES if is_unfinished else next_turn(connection, integration, now)
	return stored_utc(moment)
