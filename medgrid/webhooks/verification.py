"""Webhooks that MedGrid believes only after it has asked the sender's API.

The signature of an uninstallation proves that Shopify once sent this body. It does not prove when: the same
body may be sent again, by Shopify or by somebody who has seen it, after the app was installed again. The
webhook's handler therefore only records the event as To Be Verified, and a job asks. If the job is lost or
Shopify does not answer, the scheduler queues the job again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.core.jobs import SHORT, enqueue, enqueue_after_commit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError
from medgrid.services.failure_texts import failure_text
from medgrid.webhooks.events import DOCTYPE, MAX_ERROR
from medgrid.webhooks.source import WebhookOutcome

# With the scheduler's ten minutes between two attempts, about four hours.
MAX_ATTEMPTS = 24
# Events that wait are found along the index on `received_at`.
LONGEST_DAYS = 7
# Webhooks that arrive while a job asks are verified by the same job.
ROUNDS = 3


@dataclass(frozen=True)
class Notice:
	"""An event that waits for its verification.

	:param received_at: a repetition of the webhook changes it.
	:param attempts: how often the sender was asked, including this time.
	"""

	name: str
	received_at: datetime
	attempts: int


@dataclass(frozen=True)
class WebhookVerification:
	"""How the webhooks of one topic are verified.

	:param source: see `Source.name`.
	:param topic: e.g. "app/uninstalled".
	:param ask: asks Shopify whether the app is uninstalled, and disconnects the shop if it is. It commits,
		and returns the webhook's outcome; it raises a MedgridError if Shopify cannot be asked now.
	:param answered: called with the shop when Shopify has answered, in the transaction that records it.
	:param give_up: called with the shop and the reason after the last attempt, in the transaction that
		records it.
	"""

	source: str
	topic: str
	ask: Callable[[str], WebhookOutcome]
	answered: Callable[[str], Any]
	give_up: Callable[[str, str], Any]

	def verify(self, shop: str) -> None:
		"""Asks about the waiting events of a shop. The RQ job's work; a repetition is harmless. Commits.

		:param shop: the shop's domain, from the webhook's body.
		"""
		for _round in range(ROUNDS):
			notices = in_transaction(lambda: self._begin_attempt(shop))
			if not notices:
				return
			try:
				outcome = self.ask(shop)
			except MedgridError as error:
				reason = failure_text(error)
				in_transaction(partial(self._postpone, shop, notices, reason))
				return
			in_transaction(partial(self._end, shop, notices, outcome, stored_utc_now()))

	def queue(self, job: Callable[[str], Any], shop: str) -> None:
		"""Queues the job that asks about a shop, once the caller's transaction is committed.

		:param job: the RQ function, which calls `verify` with the shop.
		"""
		enqueue_after_commit(job, **self._options(shop))

	def queue_waiting(self, job: Callable[[str], Any]) -> None:
		"""Queues the jobs for the shops whose events wait.

		:param job: see `queue`.
		"""
		for shop in self.waiting_shops():
			enqueue(job, **self._options(shop))

	def _options(self, shop: str) -> dict[str, Any]:
		return {"queue": SHORT, "job_id": f"medgrid-{self.source}-uninstall-{shop}", "shop": shop}

	def waiting_shops(self) -> list[str]:
		"""The shops whose events wait, also those whose job was lost."""
		return sorted({row.shop for row in self._waiting() if row.shop})

	def _waiting(self, **filters: str) -> list[Any]:
		since = stored_utc_now() - timedelta(days=LONGEST_DAYS)
		return frappe.get_all(
			DOCTYPE,
			filters={
				"received_at": (">", since),
				"source": self.source,
				"topic": self.topic,
				"outcome": WebhookOutcome.TO_BE_VERIFIED.value,
				**filters,
			},
			fields=["name", "shop"],
		)

	def _begin_attempt(self, shop: str) -> list[Notice]:
		# Found without locks and locked by name: locking the index would make new webhooks wait.
		notices = [self._count_attempt(row.name) for row in self._waiting(shop=shop)]
		return [notice for notice in notices if notice]

	def _count_attempt(self, name: str) -> Notice | None:
		row = _locked(name)
		if not row:
			return None
		attempts = (row.attempts or 0) + 1
		# Before the call: an attempt whose worker dies counts, too.
		frappe.db.set_value(DOCTYPE, name, "attempts", attempts, update_modified=False)
		return Notice(name, row.received_at, attempts)

	def _postpone(self, shop: str, notices: list[Notice], reason: str) -> None:
		is_last = False
		for notice in notices:
			if not _is_unchanged(notice):
				continue
			values: dict[str, Any] = {"error": reason[:MAX_ERROR]}
			if notice.attempts >= MAX_ATTEMPTS:
				values["outcome"], is_last = WebhookOutcome.FAILED.value, True
			frappe.db.set_value(DOCTYPE, notice.name, values)
		if is_last:
			self.give_up(shop, reason)

	def _end(self, shop: str, notices: list[Notice], outcome: WebhookOutcome, ended_at: datetime) -> None:
		is_done = (
			_is_disconnected_until(ended_at) if outcome is WebhookOutcome.DISCONNECTED else _is_unchanged
		)
		for notice in notices:
			if is_done(notice):
				frappe.db.set_value(DOCTYPE, notice.name, {"outcome": outcome.value, "error": None})
		self.answered(shop)


def _locked(name: str, *outcomes: WebhookOutcome) -> Any:
	"""An event, locked until the transaction ends; None if it does not wait any more.

	:param outcomes: with which it is returned, too.
	"""
	fields = ["outcome", "received_at", "attempts"]
	row = frappe.db.get_value(DOCTYPE, name, fields, as_dict=True, for_update=True)
	wanted = [outcome.value for outcome in (WebhookOutcome.TO_BE_VERIFIED, *outcomes)]
	return row if row and row.outcome in wanted else None


def _is_unchanged(notice: Notice) -> bool:
	"""Whether the webhook did not arrive again since the attempt began."""
	row = _locked(notice.name)
	return bool(row and row.received_at == notice.received_at)


def _is_disconnected_until(ended_at: datetime) -> Callable[[Notice], bool]:
	"""Whether the shop is disconnected because of a webhook, by an attempt that ended then.

	What arrived again meanwhile is done, too: the token that was forgotten was the last one. Another attempt
	at the same time finds nothing left to do, and may have ended first.
	"""

	def is_done(notice: Notice) -> bool:
		row = _locked(notice.name, WebhookOutcome.IGNORED, WebhookOutcome.STALE)
		return bool(row and (row.received_at == notice.received_at or row.received_at <= ended_at))

	return is_done
