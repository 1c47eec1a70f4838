"""What the syncs of all integrations share: what a sync does to its Vendor Connection."""

import json
from typing import Any

import frappe
from frappe import _

from medgrid.core.transactions import locked_row
from medgrid.exceptions import RuleViolated
from medgrid.integrations.connection_issues import note_state
from medgrid.integrations.connections import DOCTYPE, Connection
from medgrid.integrations.suppliers import supplier_of
from medgrid.sync.runs import Job, Run


class ConnectionSync:
	"""Base of the `medgrid.sync.engine.Sync` of one connection.

	:param limit: how many documents to push at most; None: all.
	"""

	def __init__(self, connection: Connection, limit: int | None = None):
		self.connection, self.limit = connection, limit
		self.job = Job(connection.integration.id, connection.name)

	# What an integration adds

	def carry_out(self, run: Run) -> None:
		"""See `Sync.carry_out`."""
		raise NotImplementedError

	def stats(self) -> dict[str, Any]:
		"""What the caller of `sync_now` gets, with the contract's keys."""
		raise NotImplementedError

	def added_stats(self) -> dict[str, int]:
		"""What to add to the connection's stats."""
		return {}

	def replaced_stats(self) -> dict[str, Any]:
		"""What to show in the connection's stats instead of what was there."""
		return {}

	def warning(self) -> str | None:
		"""What went wrong with single documents, although the sync succeeded."""
		return None

	def push_quota_left(self) -> int | None:
		"""How many documents the job that goes on may push; None: all."""
		return self.limit

	# What the engine calls

	def prepare(self) -> None:
		"""
		:raises RuleViolated: the user belongs to no Supplier.
		"""
		supplier_of(self.connection.user)

	def counts(self, run: Run) -> dict[str, Any]:
		return self.stats()

	def began(self) -> None:
		"""
		:raises RuleViolated: the connection was disconnected meanwhile.
		"""
		row = locked_row(DOCTYPE, self.connection.name, ["status"])
		if not row or row.status == "not_connected":
			raise RuleViolated(_("This integration is not connected any more."))
		frappe.db.set_value(DOCTYPE, self.connection.name, "status", "syncing")

	def interrupted(self) -> None:
		note_state(self.connection.name, _("The last sync was interrupted."))

	def ended(self, run: Run, error: str | None) -> None:
		values = {
			"status": "error" if error else "connected",
			"last_error": error or self.warning(),
			"stats": self._stats_of_connection(),
		}
		if not error:
			values["last_sync_at"] = frappe.utils.now_datetime()
		frappe.db.set_value(DOCTYPE, self.connection.name, values)
		note_state(self.connection.name, error)

	def handed_over(self, run: Run) -> None:
		frappe.db.set_value(DOCTYPE, self.connection.name, "stats", self._stats_of_connection())

	def _stats_of_connection(self) -> str:
		totals = json.loads(frappe.db.get_value(DOCTYPE, self.connection.name, "stats") or "{}")
		for name, count in self.added_stats().items():
			totals[name] = totals.get(name, 0) + count
		return json.dumps({**totals, **self.replaced_stats()})
