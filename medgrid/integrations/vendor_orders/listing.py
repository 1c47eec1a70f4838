"""A vendor's orders as values for callers: pages of them, and how many there are in each state."""

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from medgrid.core.clock import is_ahead, stored_utc, stored_utc_text
from medgrid.core.site_time import midnight
from medgrid.integrations.shipstation.due import routing
from medgrid.integrations.shipstation.order_records import DOCTYPE, LABELS, OUTBOX
from medgrid.integrations.vendor_orders.carrier_links import tracking_page
from medgrid.integrations.vendor_orders.selection import OrderFilter, number_of, rows_of_vendor, select
from medgrid.outbox.states import State, WhoActs

FIELDS = (
	"name",
	"sales_order",
	"status",
	"since",
	"reason",
	"who_acts",
	"attempts",
	"next_attempt_at",
	"pushed_at",
	"shipstation_order_id",
	"tracking_number",
	"carrier_code",
	"delivery_note",
)
PARCEL = "ShipStation Shipment"


def page(selection: OrderFilter, *, offset: int, rows: int) -> list[dict[str, Any]]:
	"""Lists a vendor's orders, newest first.

	:param offset: the number of orders to skip.
	:param rows: their maximum number.
	:returns: for each order `sales_order`, `state`, `since`, `reason`, `who_acts`, `attempts`,
		`next_attempt_at`, `sent_at`, `shipstation_order_id`, `parcels`, `delivery_note`, `items`,
		`can_retry`; times in UTC. `items` has this vendor's rows only.
	"""
	records = select(selection, *FIELDS, offset=offset, rows=rows)
	return _entries(selection.supplier, records)


def entry_of(supplier: str, record: Any) -> dict[str, Any]:
	"""One order as `page` lists it.

	:param record: with the fields of FIELDS.
	"""
	[entry] = _entries(supplier, [record])
	return entry


def _entries(supplier: str, records: list[Any]) -> list[dict[str, Any]]:
	names = [record.name for record in records]
	parcels, items = parcels_of(names), _items(supplier, names)
	entries = [{**state_of(record, parcels[record.name]), "items": items[record.name]} for record in records]
	return _saying_that_it_is_paused(supplier, entries)


def _saying_that_it_is_paused(supplier: str, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Adds to the orders that wait for nothing else that the vendor has paused what sends them."""
	waiting = [entry for entry in entries if entry["state"] == State.WAITING.value and not entry["reason"]]
	paused = routing.paused(supplier, [entry["sales_order"] for entry in waiting]) if waiting else set()
	sentence = _("ShipStation is paused. Resume it on the page Integrations.")
	for entry in waiting:
		if entry["sales_order"] in paused:
			entry.update(reason=sentence, who_acts=WhoActs.VENDOR.value.lower())
	return entries


def counts(supplier: str) -> dict[str, int]:
	"""How many orders a vendor has in each state, and `sent_today`: how many were sent since midnight, in the
	site's time zone."""
	record = frappe.qb.DocType(DOCTYPE)
	of_vendor = record.supplier == supplier
	found = dict(
		frappe.qb.from_(record)
		.select(record.status, Count("*"))
		.where(of_vendor)
		.groupby(record.status)
		.run()
	)
	today = frappe.qb.from_(record).select(Count("*")).where(of_vendor & (record.pushed_at >= _midnight()))
	return {**{state.value: found.get(LABELS[state], 0) for state in State}, "sent_today": today.run()[0][0]}


def total(selection: OrderFilter, counted: dict[str, int]) -> int:
	"""How many orders a selection has.

	:param counted: what `counts` returned. A search alone must count by itself.
	"""
	if selection.text:
		return number_of(selection)
	if selection.state:
		return counted[selection.state.value]
	return sum(counted[state.value] for state in State if state is not State.NOT_OURS)


def _midnight() -> Any:
	return stored_utc(midnight())


def state_of(record: Any, parcels: list[dict]) -> dict[str, Any]:
	"""An entry of `page` without its `items`.

	:param record: with the fields of FIELDS.
	:param parcels: see `parcels_of`.
	"""
	state = OUTBOX.state_of(record.status)
	if not parcels and record.tracking_number:
		# Release 0.1 stored the number only.
		parcels = [_parcel(record.tracking_number, record.carrier_code)]
	is_unsent = state in (State.WAITING, State.FAILED)
	return {
		"sales_order": record.sales_order,
		"state": state.value,
		"since": stored_utc_text(record.since),
		"reason": record.reason or None,
		"who_acts": (record.who_acts or WhoActs.NOBODY.value).lower(),
		"attempts": record.attempts or 0,
		"next_attempt_at": stored_utc_text(record.next_attempt_at) if is_unsent else None,
		"sent_at": stored_utc_text(record.pushed_at),
		"shipstation_order_id": record.shipstation_order_id or None,
		"parcels": parcels,
		"delivery_note": record.delivery_note or None,
		"can_retry": can_retry(state, record.next_attempt_at),
	}


def can_retry(state: State, next_attempt_at: Any) -> bool:
	"""Whether *Retry* changes an order: it is parked, or waits for a later attempt."""
	return state is State.FAILED or (state is State.WAITING and is_ahead(next_attempt_at))


def parcels_of(names: list[str]) -> dict[str, list[dict]]:
	"""Record -> its parcels with a number, in the order in which their labels were bought."""
	found: dict[str, list[dict]] = defaultdict(list)
	fields = ["parent", "tracking_number", "carrier_code", "service_code", "ship_date", "voided"]
	filters = {"parent": ("in", names), "parenttype": DOCTYPE, "tracking_number": ("is", "set")}
	for row in frappe.get_all(PARCEL, filters=filters, fields=fields, order_by="idx asc") if names else ():
		parcel = _parcel(row.tracking_number, row.carrier_code)
		day = str(row.ship_date) if row.ship_date else None
		found[row.parent].append(
			{**parcel, "service": row.service_code or None, "ship_date": day, "voided": bool(row.voided)}
		)
	return found


def _parcel(number: str, carrier: str | None) -> dict[str, Any]:
	return {
		"tracking_number": number,
		"carrier": carrier or None,
		"service": None,
		"ship_date": None,
		"voided": False,
		"tracking_url": tracking_page(carrier, number),
	}


def _items(supplier: str, names: list[str]) -> dict[str, list[dict]]:
	found: dict[str, list[dict]] = defaultdict(list)
	for row in rows_of_vendor(supplier, names):
		found[row.pop("record")].append(dict(row))
	return found
