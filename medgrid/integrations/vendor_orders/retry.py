"""Makes a vendor's failed orders due again, because the vendor says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction
from medgrid.exceptions import NotFound
from medgrid.integrations import jobs
from medgrid.integrations.connections.actions import record_action
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX
from medgrid.integrations.vendor_orders.listing import can_retry
from medgrid.outbox import due_documents
from medgrid.outbox.states import State

# So many failed orders are retried in one request: each is a transaction of its own.
MOST = 200


@dataclass(frozen=True)
class Retried:
	"""
	:param retried: the Sales Orders that are due again.
	:param unchanged: those that nothing can be retried of.
	:param left: how many failed orders of the vendor are still parked.
	"""

	retried: list[str]
	unchanged: list[str]
	left: int


def retry(supplier: str, sales_orders: Sequence[str] | None, sentence: str) -> Retried:
	"""Makes orders due that are parked, or that wait for a later attempt, and queues a sync of the vendor's
	connection. Commits.

	:param sales_orders: None: all that are parked, up to MOST.
	:param sentence: who does it, for the record of each order.
	:raises NotFound: the vendor has no record of one of them; then nothing changes.
	"""
	known = _parked(supplier) if sales_orders is None else _named(supplier, sales_orders)
	due = {row.name: row.sales_order for row in known if can_retry(OUTBOX.state_of(row.status), row.next)}
	for name in due:
		due_documents.retry(OUTBOX, name)
	if due:
		in_transaction(partial(_record, list(due), sentence))
		jobs.sync_soon("shipstation", supplier)
	unchanged = [row.sales_order for row in known if row.name not in due]
	return Retried(list(due.values()), unchanged, frappe.db.count(DOCTYPE, _is_parked(supplier)))


def _record(names: list[str], sentence: str) -> None:
	for name in names:
		record_action(name, frappe.session.user, sentence, doctype=DOCTYPE)


def _is_parked(supplier: str) -> dict[str, str]:
	return {"supplier": supplier, "status": LABELS[State.FAILED]}


def _parked(supplier: str) -> list:
	return frappe.get_all(
		DOCTYPE,
		filters=_is_parked(supplier),
		fields=["name", "sales_order", "status", "next_attempt_at as next"],
		order_by="creation asc, name asc",
		limit=MOST,
	)


def _named(supplier: str, sales_orders: Sequence[str]) -> list:
	found = {
		row.sales_order: row
		for row in frappe.get_all(
			DOCTYPE,
			filters={"supplier": supplier, "sales_order": ("in", list(sales_orders))},
			fields=["name", "sales_order", "status", "next_attempt_at as next"],
		)
	}
	for name in sales_orders:
		if name not in found:
			# The same for an order of another vendor and for one that does not exist.
			raise NotFound(_("There is no order {0} of yours.").format(name))
	return [found[name] for name in dict.fromkeys(sales_orders)]
