"""The operations of the hub for ShipStation: test and sync. Contract: "Integration Flow"."""

import time
from typing import Any

from frappe import _
from pydantic import SecretStr

from medgrid.core import rate_limits
from medgrid.core.clock import stored_utc_now
from medgrid.core.rate_limits import Limit
from medgrid.exceptions import Busy
from medgrid.http_client.errors import DeadlineExceeded, IntegrationError
from medgrid.integrations.connections.credentials import account_fingerprint
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.connections.sync import ConnectionSync
from medgrid.integrations.shipstation.client import client_of, client_with, context_of
from medgrid.integrations.shipstation.due.missed import register_missed_of
from medgrid.integrations.shipstation.parcels import notices
from medgrid.integrations.shipstation.parcels.tracking import PullReport, pull_tracking
from medgrid.integrations.shipstation.push import PushReport, push_due_orders
from medgrid.sync.runs import Run

PROBE_SECONDS = 12
# How many keys that ShipStation rejects, or does not answer for, one user may try.
UNPROVEN_KEYS = Limit("shipstation keys, one user", times=30, seconds=3600)


def account_of(credentials: dict[str, SecretStr]) -> str:
	"""A fingerprint of a ShipStation key: it identifies connections with the same key without revealing the
	key."""
	return account_fingerprint("shipstation", credentials["api_key"].get_secret_value())


def probe(user: str, credentials: dict[str, SecretStr]) -> None:
	"""Tests credentials that no connection has yet, within PROBE_SECONDS. They have a budget of their own,
	their user's: keys that somebody invents or tries out take nothing from the rate limit of a connection.

	:param user: who tries them.
	:raises TooManyRequests: the user has tried too many that did not work; or another request of the user
		calls another system.
	:raises Busy: see `outgoing.take_slot`.
	:raises IntegrationError: ShipStation rejects them, or the test failed.
	"""
	with client_with(credentials, time.monotonic() + PROBE_SECONDS, window=None) as client:
		use = rate_limits.take((UNPROVEN_KEYS, user))
		client.list_tags()
	rate_limits.give_back(use, (UNPROVEN_KEYS, user))


def test(connection: Connection) -> None:
	"""Tests the stored credentials, within PROBE_SECONDS.

	:raises IntegrationError: ShipStation rejects them, or the test failed.
	"""
	with client_of(connection, time.monotonic() + PROBE_SECONDS) as client:
		client.list_tags()


def sync_of(
	connection: Connection, limit: int | None = None, *, by_person: bool = False
) -> "ShipStationSync":
	"""Returns the sync of a connection; see `Operations.sync_of`."""
	return ShipStationSync(connection, limit, by_person=by_person)


class ShipStationSync(ConnectionSync):
	"""Tests the credentials, pushes orders and pulls tracking. A failure ends the sync; the stats contain
	what was done before it."""

	def __init__(self, connection: Connection, limit: int | None = None, *, by_person: bool = False):
		super().__init__(connection, limit, by_person=by_person)
		self.pushed, self.pulled = PushReport(), PullReport()
		self.round_trip_ok = False

	def carry_out(self, run: Run) -> None:
		"""Carries out the sync; see `Sync.carry_out`.

		:raises RuleViolated: the Supplier is disabled.
		"""
		context, began = context_of(self.connection), stored_utc_now()
		try:
			with client_of(self.connection, run.deadline, run.heartbeat) as client:
				client.list_tags()
				self.round_trip_ok = True
				self.pushed.deferred += register_missed_of(context.supplier)
				push_due_orders(client, context, self.limit, self.pushed, by_person=self.by_person)
				pull_tracking(client, context, self.pulled, by_person=self.by_person, began=began)
				notices.subscribe(client, self.connection)
		except (DeadlineExceeded, Busy):
			# Not even the test succeeded in time, or others hold what the sync needs.
			self.pushed.deferred = self.pushed.deferred or 1
			raise
		except IntegrationError:
			self.round_trip_ok = False
			raise
		if self.pushed.deferred or self.pulled.deferred:
			raise DeadlineExceeded(_("There was not enough time to finish. Try again."))

	def stats(self) -> dict[str, Any]:
		return _stats(self.pushed, self.pulled, round_trip_ok=self.round_trip_ok)

	def added_stats(self) -> dict[str, int]:
		return {"orders_pushed": self.pushed.pushed, "tracking_pulled": self.pulled.pulled}

	def is_unfinished(self) -> bool:
		return bool(self.pushed.deferred or self.pulled.deferred)

	def warning(self) -> str | None:
		errors = [*self.pushed.errors, *self.pulled.errors]
		if not errors:
			return None
		more = " " + _("(and {0} more)").format(len(errors) - 1) if len(errors) > 1 else ""
		return f"{errors[0]}{more}"

	def push_quota_left(self) -> int | None:
		return None if self.limit is None else self.limit - self.pushed.pushed


def empty_stats() -> dict:
	"""The stats of a sync that did nothing."""
	return _stats(PushReport(), PullReport(), round_trip_ok=False)


def _stats(pushed: PushReport, pulled: PullReport, *, round_trip_ok: bool) -> dict:
	return {
		"orders_pushed": pushed.pushed,
		"tracking_pulled": pulled.pulled,
		"round_trip_ok": round_trip_ok,
		"push_errors": pushed.errors,
		"pull_errors": pulled.errors,
		"deferred": pushed.deferred + pulled.deferred,
		"tracking_method": pulled.method,
	}
