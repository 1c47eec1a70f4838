"""Creates an Exoceuticals Order for every Sales Order that was sent to the Exoceuticals store or whose
attempt is open, and removes the hidden claim fields from Sales Order."""

from collections.abc import Iterator
from typing import Any

import frappe

from medgrid.core.bulk import CHUNK, insert_rows
from medgrid.core.clock import stored_utc_now

DOCTYPE = "Exoceuticals Order"
CLAIM, CLAIMED_AT = "exoceuticals_claim", "exoceuticals_claimed_at"
# How release 0.1 wrote a claim: "running:TOKEN".
STATES = {"running": "Sending", "doubtful": "Outcome Unknown"}


def execute() -> None:
	for orders in _chunks_of_sent_orders():
		_insert([_sent(order) for order in orders])
	# Frappe keeps the column of a removed field.
	if frappe.db.has_column("Sales Order", CLAIM):
		_move_claims()
	for fieldname in (CLAIM, CLAIMED_AT):
		frappe.delete_doc("Custom Field", f"Sales Order-{fieldname}", ignore_missing=True, force=True)


def _chunks_of_sent_orders() -> Iterator[list[Any]]:
	order = frappe.qb.DocType("Sales Order")
	last = ""
	while True:
		rows = (
			frappe.qb.from_(order)
			.select(
				order.name,
				order.exoceuticals_order_id,
				order.exoceuticals_order_name,
				order.exoceuticals_sync_date,
			)
			.where((order.exoceuticals_order_id != "") & (order.name > last))
			.orderby(order.name)
			.limit(CHUNK)
			.run(as_dict=True)
		)
		if not rows:
			return
		yield rows
		last = rows[-1].name


def _sent(order: Any) -> dict[str, Any]:
	return {
		"sales_order": order.name,
		"status": "Sent",
		"who_acts": "Nobody",
		"attempts": 1,
		"order_id": order.exoceuticals_order_id,
		"order_name": order.exoceuticals_order_name,
		"sent_at": order.exoceuticals_sync_date,
	}


def _move_claims() -> None:
	order = frappe.qb.DocType("Sales Order")
	columns = (order.name, order.exoceuticals_order_id, order[CLAIM], order[CLAIMED_AT])
	rows = frappe.qb.from_(order).select(*columns).where(order[CLAIM] != "").run(as_dict=True)
	_insert([_open(row) for row in rows if not row.exoceuticals_order_id])
	frappe.qb.update(order).set(order[CLAIM], None).set(order[CLAIMED_AT], None).where(
		order[CLAIM] != ""
	).run()


def _open(order: Any) -> dict[str, Any]:
	kind, _colon, token = order[CLAIM].partition(":")
	return {
		"sales_order": order.name,
		"status": STATES.get(kind, "Outcome Unknown"),
		"who_acts": "Nobody",
		"attempts": 1,
		"claim": token,
		"claimed_at": order[CLAIMED_AT] or stored_utc_now(),
	}


def _insert(rows: list[dict[str, Any]]) -> None:
	"""Inserts the records that do not exist yet."""
	orders = [row["sales_order"] for row in rows]
	filters = {"sales_order": ("in", orders)}
	known = set(frappe.get_all(DOCTYPE, filters=filters, pluck="sales_order")) if orders else set()
	insert_rows(DOCTYPE, [row for row in rows if row["sales_order"] not in known])
