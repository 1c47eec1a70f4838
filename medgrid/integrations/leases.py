"""A sync's lease on its connection: one at a time, and none for ever.

`status` is `syncing` while a lease is live. Whoever holds it renews it before each exchange; when a worker
dies, the lease runs out and the next sync takes over. A worker that comes back too late finds its token gone.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import Conflict, RuleViolated
from medgrid.integrations import incidents

DOCTYPE = "Vendor Connection"
# Longer than any one exchange with its retries and waits.
LEASE_SECONDS = 180
# From one worker to the next there may be a queue.
HANDOVER_SECONDS = 900


class LeaseLost(Exception):
	"""The connection was disconnected, or another sync took over: stop, and write nothing more."""


@dataclass(frozen=True)
class Lease:
	connection: str
	token: str

	def renew(self) -> None:
		"""Holds on for LEASE_SECONDS more. Commits: what was done so far is done.

		:raises LeaseLost: it is somebody else's now.
		"""
		self._check()
		until = _utc_now() + timedelta(seconds=LEASE_SECONDS)
		frappe.db.set_value(DOCTYPE, self.connection, "lease_until", until)
		frappe.db.commit()

	def finish(
		self,
		*,
		error: str | None,
		complaint: str | None,
		done: dict[str, int],
		shown: dict[str, Any] | None = None,
	) -> None:
		"""Ends the sync. Commits.

		:param error: why it failed, in words for the vendor; None: it is `connected`.
		:param complaint: what went wrong with single orders all the same.
		:param done: what to add to the connection's stats.
		:param shown: what to replace in them.
		:raises LeaseLost: it is somebody else's now.
		"""
		row = self._check()
		values = {
			"status": "error" if error else "connected",
			"last_error": error or complaint,
			"stats": _added(row.stats, done, shown or {}),
			"lease_token": None,
			"lease_until": None,
		}
		if not error:
			values["last_sync_at"] = frappe.utils.now_datetime()
		frappe.db.set_value(DOCTYPE, self.connection, values)
		incidents.note(self.connection, error)
		frappe.db.commit()

	def hand_over(self, done: dict[str, int]) -> "Lease":
		"""Ends this lease in favour of one for the job that goes on, and keeps what was done so far. Commits.

		:raises LeaseLost: it is somebody else's now.
		"""
		row = self._check()
		until = _utc_now() + timedelta(seconds=HANDOVER_SECONDS)
		successor = Lease(self.connection, _new_token())
		values = {"lease_token": successor.token, "lease_until": until, "stats": _added(row.stats, done, {})}
		frappe.db.set_value(DOCTYPE, self.connection, values)
		frappe.db.commit()
		return successor

	def _check(self):
		# What is done is done; and a locking read must be a transaction's first, to see what is there now.
		frappe.db.commit()
		fields = ["lease_token", "stats"]
		row = frappe.db.get_value(DOCTYPE, self.connection, fields, as_dict=True, for_update=True)
		if not row or row.lease_token != self.token:
			frappe.db.rollback()
			raise LeaseLost
		return row


def begin(connection: str) -> Lease:
	"""Starts a sync. Commits, so that everybody sees `syncing` at once.

	:raises Conflict: one is running.
	:raises RuleViolated: the connection was taken away in the meantime.
	"""
	frappe.db.commit()
	fields = ["status", "lease_until"]
	row = frappe.db.get_value(DOCTYPE, connection, fields, as_dict=True, for_update=True)
	if not row or row.status == "not_connected":
		raise RuleViolated(_("This integration is not connected any more."))
	if row.status == "syncing" and is_live(row.lease_until):
		raise Conflict(_("A sync is running already. Wait until it is done."))
	lease = Lease(connection, _new_token())
	until = _utc_now() + timedelta(seconds=LEASE_SECONDS)
	if row.status == "syncing":
		incidents.note(connection, _("The last sync was interrupted."))
	frappe.db.set_value(
		DOCTYPE, connection, {"status": "syncing", "lease_token": lease.token, "lease_until": until}
	)
	frappe.db.commit()
	return lease


def is_live(lease_until: datetime | None) -> bool:
	"""Whether a lease holds; its time is stored in UTC, whatever the site's zone and daylight saving time."""
	return bool(lease_until) and frappe.utils.get_datetime(lease_until) > _utc_now()


def _new_token() -> str:
	return secrets.token_hex(16)


def _added(stats: str | None, done: dict[str, int], shown: dict[str, Any]) -> str:
	totals = json.loads(stats or "{}")
	for name, count in done.items():
		totals[name] = totals.get(name, 0) + count
	return json.dumps({**totals, **shown})


def _utc_now() -> datetime:
	return datetime.now(timezone.utc).replace(tzinfo=None)
