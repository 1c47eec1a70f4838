"""The reconciliation: requests the state of the orders whose webhooks may have been lost.

An order is final, so that it is no longer requested, in three cases:
- It is cancelled.
- It is fulfilled or restocked, has tracking, and has not changed for 14 days. Within that time tracking
  numbers are still corrected.
- It is fulfilled or restocked without tracking, and has not changed for 60 days. Shopify shows older orders
  only to apps with a special permission.

An order that is not final is requested hourly, or daily if it has not changed for 60 days.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Coalesce

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import FULFILLMENTS, ORDERS_STATUS
from medgrid.clients.shopify.order_results import OrderState
from medgrid.clients.shopify.pages import Nodes
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy
from medgrid.exoceuticals.fulfillment import poll, updates
from medgrid.exoceuticals.fulfillment.changes import (
	CHECKED_AT,
	DOCTYPE,
	NUMBER,
	ORDER_ID,
	SENT_AT,
	STATUS,
	UPDATED_AT,
	VERSION,
	Version,
)
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot, snapshot_from_graphql
from medgrid.exoceuticals.fulfillment.status import CANCELLED, FULFILLED, RESTOCKED
from medgrid.exoceuticals.fulfillment.updates import SnapshotOutcome
from medgrid.http_client.errors import IntegrationError
from medgrid.outbox.failures import FailuresInARow, is_of_document

# With FULFILLMENTS fulfillments per order, a batch costs less than Shopify's limit of 1,000 points per query.
BATCH = 90
# An invalid id would make its whole batch fail.
ORDER_GIDS = "gid://shopify/Order/%"
CHECK_INTERVAL, OLD_CHECK_INTERVAL = timedelta(hours=1), timedelta(days=1)
# VISIBLE: Shopify shows apps an order for so long.
TRACKING_MAY_CHANGE, VISIBLE = timedelta(days=14), timedelta(days=60)
DONE = (FULFILLED, RESTOCKED)
# The indexes by check and id; by status, check and id; by status and last change (`install.py`).
NEVER_CHECKED, OPEN_ONES, DONE_ONES = "medgrid_checked", "medgrid_unshipped", "medgrid_shipped"
# Before any order was checked.
LONG_AGO = datetime(2000, 1, 1)


@dataclass
class Counts:
	"""The numbers of orders that a reconciliation processed.

	:param checked: all orders that were requested: the sum of the other numbers.
	:param updated: the Sales Order changed.
	:param unchanged: the Sales Order was up to date.
	:param stale: a webhook wrote a later state in the meantime.
	:param gone: Shopify no longer shows the order; the Sales Order stays as it is.
	:param failed: the response could not be processed, or other transactions lock the Sales Order; the next
		run requests the order again.
	"""

	checked: int = 0
	updated: int = 0
	unchanged: int = 0
	stale: int = 0
	gone: int = 0
	failed: int = 0


@dataclass(frozen=True)
class Due:
	"""An order whose state must be requested.

	:param order_id: the order's GID.
	:param checked_at: when its state was last requested, UTC; None: never, or the last webhook left the
		status incomplete.
	:param version: see `changes.version`.
	"""

	sales_order: str
	order_id: str
	checked_at: datetime | None
	version: Version | None = None


def reconcile(
	client: ShopifyClient,
	*,
	counts: Counts | None = None,
	only_pending: bool = False,
) -> dict[str, int]:
	"""Requests the state of all due orders in batches, and updates their Sales Orders. Commits after each.

	An order that cannot be processed does not prevent the others from being processed.

	:param counts: is increased for each order, so that it is correct after a failure, too; None: a new one.
	:param only_pending: request only the orders with `checked_at` None.
	:returns: Counts, as a dict.
	:raises DeadlineExceeded: the client's time limit is reached; the next run begins with the remaining
		orders.
	:raises IntegrationError: a failure that affects all orders; earlier updates stay.
	"""
	counts, in_a_row = counts or Counts(), FailuresInARow()
	for batch in _batches(only_pending):
		_check(client, batch, counts, in_a_row)
	return asdict(counts)


def _batches(only_pending: bool) -> Iterator[list[Due]]:
	"""The due orders, in batches to bound the use of memory: first those with `checked_at` None, then those
	checked longest ago. So the next run begins with the orders for which one run has no time."""
	yield from _batches_after(None)
	if not only_pending:
		yield from _batches_after(LONG_AGO)


def _batches_after(checked_at: datetime | None) -> Iterator[list[Due]]:
	last = Due("", "", checked_at)
	while batch := _due_after(last):
		yield batch
		last = batch[-1]


def _due_after(last: Due) -> list[Due]:
	"""The batch after `last`, by the time of the last check and the order's id."""
	# Begin a new snapshot of the database: others commit changes during the requests between two batches.
	frappe.db.rollback()
	order = frappe.qb.DocType(DOCTYPE)
	checked, status = order[CHECKED_AT], order[STATUS]
	if last.checked_at is None:
		return _select(order, checked.isnull() & (order[ORDER_ID] > last.order_id), NEVER_CHECKED)
	is_next = (checked >= last.checked_at) & (checked <= stored_utc_now() - CHECK_INTERVAL)
	is_next &= (checked > last.checked_at) | (order[ORDER_ID] > last.order_id)
	is_open = status.isnull() | status.notin([CANCELLED, *DONE])
	# Those that have been final for long become more for ever, so the index must leave them out.
	may_change = order[UPDATED_AT].isnull() | (order[UPDATED_AT] >= stored_utc_now() - VISIBLE)
	found = [
		*_select(order, is_next & is_open, OPEN_ONES),
		*_select(order, is_next & status.isin(DONE) & may_change, DONE_ONES),
	]
	return sorted(found, key=lambda due: (due.checked_at, due.order_id))[:BATCH]


def _select(order: Any, is_next: Criterion, along: str) -> list[Due]:
	"""The first BATCH of some orders that are due and not final.

	:param along: the index that finds them.
	"""
	now = stored_utc_now()
	known = Coalesce(order[UPDATED_AT], order[SENT_AT], order.creation)
	checked, status = order[CHECKED_AT], order[STATUS]
	is_done = status.isin(DONE) & (known < now - TRACKING_MAY_CHANGE)
	has_tracking = Coalesce(order[NUMBER], "") != ""
	is_final = (status == CANCELLED) | (is_done & (has_tracking | (known < now - VISIBLE)))
	is_due = checked.isnull() | (checked <= now - OLD_CHECK_INTERVAL) | (known >= now - VISIBLE)
	rows = (
		frappe.qb.from_(order)
		.force_index(along)
		.select(order.name, order[ORDER_ID], checked, *(order[field] for field in VERSION))
		.where(is_next & is_due & order[ORDER_ID].like(ORDER_GIDS))
		.where(status.isnull() | is_final.negate())
		.orderby(checked, order[ORDER_ID])
		.limit(BATCH)
		.run()
	)
	return [Due(row[0], row[1], row[2], tuple(row[3:])) for row in rows]


def _check(client: ShopifyClient, batch: list[Due], counts: Counts, in_a_row: FailuresInARow) -> None:
	"""Requests the state of a batch. If the request fails, each half is requested for itself, down to the one
	order that makes it fail: that one is counted as failed, and the others go on."""
	parts = [batch]
	while parts:
		part = parts.pop()
		try:
			answer = _request(client, part)
		except IntegrationError as error:
			if not is_of_document(error):
				raise
			if len(part) > 1:
				middle = len(part) // 2
				parts += [part[middle:], part[:middle]]
				continue
			_note_failed(part[0], error, counts)
			in_a_row.note(error)
			continue
		in_a_row.note_answer()
		_apply_answer(client, part, answer, counts)


def _request(client: ShopifyClient, batch: list[Due]) -> Nodes[OrderState]:
	variables = {"ids": [due.order_id for due in batch], "fulfillments": FULFILLMENTS}
	return client.query(ORDERS_STATUS, variables, times=len(batch))


def _note_failed(due: Due, error: IntegrationError, counts: Counts) -> None:
	counts.checked += 1
	counts.failed += 1
	frappe.logger("medgrid").warning(
		f"Exoceuticals: the state of {due.order_id} cannot be requested: {error}"
	)
	# Else it would be the first one of each run, with others of its kind.
	in_transaction(lambda: updates.note_checked([due.sales_order]))


def _apply_answer(client: ShopifyClient, batch: list[Due], answer: Nodes[OrderState], counts: Counts) -> None:
	found = {order.id: order for order in answer.nodes if order}
	unreadable = _unreadable(answer, batch)
	unchanged = []
	for due in batch:
		is_unreadable = due.order_id in unreadable
		what = "failed" if is_unreadable else _apply(client, due, found.get(due.order_id))
		counts.checked += 1
		setattr(counts, what, getattr(counts, what) + 1)
		# Not the stale ones: the faster webhook may have left the status incomplete.
		if what in ("unchanged", "gone"):
			unchanged.append(due.sales_order)
	in_transaction(lambda: updates.note_checked(unchanged))


def _unreadable(answer: Nodes[OrderState], batch: list[Due]) -> set[str]:
	"""The orders of a batch whose state is not valid. Shopify sends the nodes in the order of the ids."""
	places = {node.index for node in answer.unreadable}
	found = {node.id for node in answer.unreadable if node.id}
	if len(answer.nodes) == len(batch):
		found |= {batch[place].order_id for place in places}
	for order_id in found:
		frappe.logger("medgrid").warning(f"Exoceuticals: the state of {order_id} is not valid")
	return found


def _apply(client: ShopifyClient, due: Due, order: OrderState | None) -> str:
	"""Updates one Sales Order. Returns the field of Counts to increase."""
	if not order:
		return "gone"
	try:
		snapshot = _snapshot_of(client, order)
	except IntegrationError as error:
		if not is_of_document(error):
			raise
		problem = type(error).__name__
		frappe.logger("medgrid").warning(f"Exoceuticals: {due.order_id} could not be processed: {problem}")
		return "failed"
	if not snapshot:
		return "gone"
	try:
		result = in_transaction(
			lambda: updates.apply(snapshot, due.sales_order, note_check=False, asked_of=due.version)
		)
	except Busy:
		return "failed"
	if not snapshot.status:
		return "failed"
	return {SnapshotOutcome.UPDATED: "updated", SnapshotOutcome.STALE: "stale"}.get(
		result.outcome, "unchanged"
	)


def _snapshot_of(client: ShopifyClient, order: OrderState) -> OrderSnapshot | None:
	if len(order.fulfillments) < FULFILLMENTS:
		return snapshot_from_graphql(order)
	# The order may have more fulfillments than the query for a batch returns.
	return poll.fetch(client, order.id)
