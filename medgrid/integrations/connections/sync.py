"""The base class of all integrations' syncs: it writes the status and the stats of the Vendor Connection."""

import json
from abc import ABC, abstractmethod
from typing import Any

import frappe
from frappe import _

from medgrid.core.clock import stored_utc, stored_utc_now, utc_now
from medgrid.core.transactions import locked_row
from medgrid.exceptions import RuleViolated
from medgrid.integrations import turns
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.issues import note_state
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.suppliers import enabled
from medgrid.outbox.schedule import WITHOUT_END
from medgrid.services.failure_advice import kind_of
from medgrid.sync.job import Job
from medgrid.sync.runs import Run


class ConnectionSync(ABC):
	"""The base class of the `medgrid.sync.engine.Sync` of a connection.

	:param limit: the maximum number of documents to push; None: all.
	:param by_person: whether a person asks for it; see `Operations.sync_of`.
	"""

	# Whether a run that is handed over continues exactly where it stopped.
	is_resumable = False

	def __init__(self, connection: Connection, limit: int | None = None, *, by_person: bool = False):
		self.connection, self.limit, self.by_person = connection, limit, by_person
		self.job = Job(connection.integration.id, connection.name)

	# Methods that an integration overrides

	@abstractmethod
	def carry_out(self, run: Run) -> None:
		"""Carries out the sync; see `Sync.carry_out`."""

	@abstractmethod
	def stats(self) -> dict[str, Any]:
		"""Returns the stats for the caller of `sync_now`, with the contract's keys."""

	def added_stats(self) -> dict[str, int]:
		"""Returns the counts to add to the connection's stats."""
		return {}

	def replaced_stats(self) -> dict[str, Any]:
		"""Returns the values that replace those in the connection's stats."""
		return {}

	def warning(self) -> str | None:
		"""Returns the sentence about single documents that failed in a sync that succeeded; None if none
		did."""
		return None

	def is_unfinished(self) -> bool:
		"""Returns whether the sync left something to do that does not wait for anything but time."""
		return False

	def push_quota_left(self) -> int | None:
		"""Returns the maximum number of documents that the job which continues may push; None: all."""
		return self.limit

	# Methods that the callers and the engine call

	def prepare(self) -> None:
		"""Checks, before a run begins, that the connection may sync.

		:raises RuleViolated: it belongs to no Supplier, or the Supplier is disabled.
		"""
		enabled(self.connection.supplier)

	def counts(self, run: Run) -> dict[str, Any]:
		"""The counts of the run's record; see `Sync.counts`."""
		warning = self.warning()
		return {**self.stats(), "warning": warning} if warning else self.stats()

	def began(self) -> None:
		"""Sets the connection's status to syncing; see `Sync.began`.

		:raises RuleViolated: the connection was disconnected meanwhile, or is paused.
		"""
		row = locked_row(DOCTYPE, self.connection.name, ["status", "paused_at"])
		if not row or row.status == "not_connected":
			raise RuleViolated(_("This integration is no longer connected. Connect it again."))
		if row.paused_at:
			label = self.connection.integration.label
			raise RuleViolated(_("{0} is paused. Resume it, then sync again.").format(label))
		frappe.db.set_value(DOCTYPE, self.connection.name, "status", "syncing")

	def interrupted(self) -> None:
		"""Opens the connection's issue; see `Sync.interrupted`."""
		note_state(self.connection.name, _("The last sync was interrupted."))

	def ended(self, run: Run, error: str | None) -> None:
		"""Writes the connection's status, error and stats; see `Sync.ended`."""
		values = {
			"status": "error" if error else "connected",
			# What failed of single documents is on their own records, and in the run's.
			"last_error": error,
			"failure_kind": kind_of(run.failure) if error else None,
			"stats": self._stats_of_connection(),
			**self._turn(error),
		}
		if not error and not self.is_unfinished():
			values["last_sync_at"] = stored_utc_now()
		frappe.db.set_value(DOCTYPE, self.connection.name, values)
		note_state(self.connection.name, error, run.failure)

	def handed_over(self, run: Run) -> None:
		"""Writes the connection's stats; see `Sync.handed_over`."""
		frappe.db.set_value(DOCTYPE, self.connection.name, "stats", self._stats_of_connection())

	def _stats_of_connection(self) -> str:
		totals = json.loads(frappe.db.get_value(DOCTYPE, self.connection.name, "stats") or "{}")
		for name, count in self.added_stats().items():
			totals[name] = totals.get(name, 0) + count
		return json.dumps({**totals, **self.replaced_stats()})

	def _turn(self, error: str | None) -> dict[str, Any]:
		"""The values of the connection that say when its next sync begins by itself: the more syncs in a row
		fail, the later."""
		name = self.connection.name
		if not error:
			integration, is_unfinished = self.connection.integration.id, self.is_unfinished()
			moment = turns.after_good_sync(name, integration, is_unfinished=is_unfinished)
			return {"failed_syncs": 0, "next_sync_at": moment}
		failures = (frappe.db.get_value(DOCTYPE, name, "failed_syncs") or 0) + 1
		pause = WITHOUT_END.pause_after(failures)
		return {"failed_syncs": failures, "next_sync_at": stored_utc(utc_now() + pause)}
