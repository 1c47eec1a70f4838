"""The net under the webhooks: asks Shopify about the orders whose news may have been lost.

An order is final, and asked about no more, when it is cancelled; when it is fulfilled or restocked and
nothing has changed for two weeks, in which carriers' numbers are still corrected; and, fulfilled without any
tracking, after sixty days, beyond which Shopify shows orders only to apps with a special permission. What is
still open after sixty silent days is asked about daily, all else hourly.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import frappe
from frappe.query_builder.functions import Coalesce
from pydantic import ValidationError

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import FULFILLMENTS, ORDERS_STATUS
from medgrid.clients.shopify.models import OrderState
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy
from medgrid.exoceuticals.fulfillment import poll, updates
from medgrid.exoceuticals.fulfillment.changes import (
	CHECKED_AT,
	DOCTYPE,
	NUMBER,
	ORDER_ID,
	STATUS,
	UPDATED_AT,
)
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot, snapshot_from_graphql
from medgrid.exoceuticals.fulfillment.status import CANCELLED, FULFILLED, RESTOCKED
from medgrid.exoceuticals.fulfillment.updates import Outcome
from medgrid.http_client.errors import RequestRejected, UnexpectedResponse

# With so many fulfillments each, a batch stays below the 1,000 points that one query may cost.
BATCH = 90
# One id that is none would fail its whole batch.
ORDER_GIDS = "gid://shopify/Order/%"
FRESH, OLD_FRESH = timedelta(hours=1), timedelta(days=1)
TRACKING_SETTLES, OUT_OF_SIGHT = timedelta(days=14), timedelta(days=60)
# Before anything was looked at.
LONG_AGO = datetime(2000, 1, 1)


@dataclass
class Counts:
	"""What a reconciliation did.

	:param checked: orders that Shopify was asked about: the others' sum.
	:param stale: a webhook was faster.
	:param gone: Shopify does not show them any more; they stay as they are.
	:param failed: Shopify's answer was not readable, or others keep the order locked; the next run asks
		again.
	"""

	checked: int = 0
	updated: int = 0
	unchanged: int = 0
	stale: int = 0
	gone: int = 0
	failed: int = 0


@dataclass(frozen=True)
class Due:
	"""
	:param checked_at: when it was last looked at, UTC; None: never, or its last news left something open.
	"""

	sales_order: str
	order_id: str
	checked_at: datetime | None


def reconcile(
	client: ShopifyClient,
	*,
	counts: Counts | None = None,
	only_pending: bool = False,
) -> dict[str, int]:
	"""Asks about everything that is due, in batches, and applies what comes back. Commits after each order.

	One order that makes no sense does not keep the others from being asked about.

	:param counts: to count in, for a caller who wants to know what was done before a failure, too.
	:param only_pending: leave out what was looked at since its last news.
	:returns: Counts, as a dict.
	:raises DeadlineExceeded: the client's time is over; what it did not come to is first in the next run.
	:raises IntegrationError: Shopify cannot be asked; what was done stays done.
	"""
	counts = counts or Counts()
	for batch in _batches(only_pending):
		_check(client, batch, counts)
	return asdict(counts)


def _batches(only_pending: bool) -> Iterator[list[Due]]:
	"""What is due, a batch in memory at a time: first what was not looked at since its last news, then what
	was looked at longest ago. So what one run has no time for comes first in the next."""
	yield from _batches_after(None)
	if not only_pending:
		yield from _batches_after(LONG_AGO)


def _batches_after(checked_at: datetime | None) -> Iterator[list[Due]]:
	last = Due("", "", checked_at)
	while batch := _due_after(last):
		yield batch
		last = batch[-1]


def _due_after(last: Due) -> list[Due]:
	"""In the order of the index `medgrid_checked`: each batch goes on in it where the one before ended."""
	# A fresh view: the exchanges between two batches take their time.
	frappe.db.rollback()
	order, now = frappe.qb.DocType(DOCTYPE), stored_utc_now()
	known, checked, status = Coalesce(order[UPDATED_AT], order.creation), order[CHECKED_AT], order[STATUS]
	settled = status.isin([FULFILLED, RESTOCKED]) & (known < now - TRACKING_SETTLES)
	has_tracking = Coalesce(order[NUMBER], "") != ""
	is_final = (status == CANCELLED) | (settled & (has_tracking | (known < now - OUT_OF_SIGHT)))
	is_further = order[ORDER_ID] > last.order_id
	if last.checked_at is None:
		is_next = checked.isnull() & is_further
	else:
		is_old = (checked <= now - OLD_FRESH) | (known >= now - OUT_OF_SIGHT)
		is_next = (checked >= last.checked_at) & (checked <= now - FRESH) & is_old
		is_next &= (checked > last.checked_at) | is_further
	rows = (
		frappe.qb.from_(order)
		.select(order.name, order[ORDER_ID], checked)
		.where(is_next & order[ORDER_ID].like(ORDER_GIDS))
		.where(status.isnull() | is_final.negate())
		.orderby(checked, order[ORDER_ID])
		.limit(BATCH)
		.run()
	)
	return [Due(*row) for row in rows]


def _check(client: ShopifyClient, batch: list[Due], counts: Counts) -> None:
	variables = {"ids": [due.order_id for due in batch], "fulfillments": FULFILLMENTS}
	nodes = client.query(ORDERS_STATUS, variables, times=len(batch)).nodes
	found = {node.get("id"): node for node in nodes if node}
	unchanged = []
	for due in batch:
		what = _apply(client, due, found.get(due.order_id))
		counts.checked += 1
		setattr(counts, what, getattr(counts, what) + 1)
		# Not the stale ones: the news that were faster may have left something open.
		if what in ("unchanged", "gone"):
			unchanged.append(due.sales_order)
	in_transaction(lambda: updates.note_checked(unchanged))


def _apply(client: ShopifyClient, due: Due, node: dict | None) -> str:
	"""What came of one order: a field of Counts."""
	if not node:
		return "gone"
	try:
		snapshot = _snapshot_of(client, node)
	except (ValidationError, UnexpectedResponse, RequestRejected) as error:
		# What kind of error, and no more: a validation error repeats what it has seen.
		problem = type(error).__name__
		frappe.logger("medgrid").warning(f"Exoceuticals: {due.order_id} makes no sense: {problem}")
		return "failed"
	if not snapshot:
		return "gone"
	try:
		result = in_transaction(lambda: updates.apply(snapshot, due.sales_order, note_check=False))
	except Busy:
		return "failed"
	return {Outcome.UPDATED: "updated", Outcome.STALE: "stale"}.get(result.outcome, "unchanged")


def _snapshot_of(client: ShopifyClient, node: dict) -> OrderSnapshot | None:
	order = OrderState.model_validate(node)
	if len(order.fulfillments) < FULFILLMENTS:
		return snapshot_from_graphql(order)
	# There may be more than a batch shows.
	return poll.fetch(client, order.id)
