"""Determines what a snapshot of an order changes on its Sales Order, whether it came from a webhook or from
GraphQL. Pure.

Contract: "Sales Order Status Fields (Exoceuticals)", "Supported Topics".
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from medgrid.core.clock import stored_utc
from medgrid.exoceuticals.fulfillment import fulfillments
from medgrid.exoceuticals.fulfillment.order_state import OrderSnapshot
from medgrid.exoceuticals.fulfillment.status import CANCELLED, is_graphql_only, rank

DOCTYPE = "Sales Order"
ORDER_ID, CHECKED_AT = "exoceuticals_order_id", "exoceuticals_checked_at"
ORDER_NAME, STATUS = "exoceuticals_order_name", "exoceuticals_status"
NUMBER, CARRIER = "exoceuticals_tracking_number", "exoceuticals_carrier"
URL, SHIPMENTS = "exoceuticals_tracking_url", "exoceuticals_fulfillments"
UPDATED_AT = "exoceuticals_updated_at"
SENT_AT = "exoceuticals_sync_date"
FIELDS = [ORDER_ID, ORDER_NAME, STATUS, NUMBER, CARRIER, URL, SHIPMENTS, UPDATED_AT]
# Every write of a state that people see changes `modified`, every other one the time of the state.
VERSION = (UPDATED_AT, "modified")
Version = tuple[Any, ...]


def version(row: Mapping[str, Any]) -> Version:
	"""Returns a value that differs after every write of a Sales Order's state.

	:param row: its VERSION.
	"""
	return tuple(row[field] for field in VERSION)


def is_stale(row: Mapping[str, Any], snapshot: OrderSnapshot) -> bool:
	"""Whether a snapshot must not change its Sales Order, because a later state is known. The answer of
	Shopify is never stale if nothing was written since it was requested: then the caller does not ask.

	:param row: the Sales Order's FIELDS.
	"""
	if row[STATUS] == CANCELLED and not snapshot.cancelled:
		return True
	known, reported = row[UPDATED_AT], _stored(snapshot.updated_at)
	if reported and reported != known:
		return bool(known) and reported < known
	if not reported and rank(snapshot.status) > rank(row[STATUS]):
		# A status that is further on is the later one, although the payload has no time.
		return False
	# Shopify's times have a precision of one second. Within one second, or without a time, compare progress.
	known_progress = fulfillments.progress(row[STATUS] == CANCELLED, fulfillments.from_json(row[SHIPMENTS]))
	return fulfillments.progress(snapshot.cancelled, snapshot.fulfillments) < known_progress


def changes(row: Mapping[str, Any], snapshot: OrderSnapshot) -> dict[str, Any]:
	"""Returns the new values of the fields that a snapshot changes, by fieldname.

	:param row: the Sales Order's FIELDS.
	:param snapshot: one that is not stale.
	"""
	known = fulfillments.from_json(row[SHIPMENTS])
	merged = fulfillments.bounded(fulfillments.merged(known, snapshot.fulfillments))
	values: dict[str, Any] = {
		STATUS: _status(row[STATUS], snapshot, same_shipments=merged == known),
		SHIPMENTS: fulfillments.as_json(merged),
		**_tracking(row, merged),
	}
	if snapshot.name:
		values[ORDER_NAME] = snapshot.name
	if snapshot.updated_at:
		values[UPDATED_AT] = _stored(snapshot.updated_at)
	return {field: value for field, value in values.items() if (row[field] or None) != value}


def exceeds_bounds(row: Mapping[str, Any], snapshot: OrderSnapshot) -> bool:
	"""Whether an order has more fulfillments or labels than its Sales Order stores.

	:param row: the Sales Order's FIELDS.
	"""
	merged = fulfillments.merged(fulfillments.from_json(row[SHIPMENTS]), snapshot.fulfillments)
	return fulfillments.bounded(merged) != merged


def _status(known: str | None, snapshot: OrderSnapshot, *, same_shipments: bool) -> str | None:
	"""The status to store: the known one if the payload's cannot be read. A webhook's "unfulfilled" does not
	replace GraphQL's "On Hold" unless shipments changed: REST reports both as "unfulfilled"."""
	keeps = snapshot.may_hide_detail and is_graphql_only(known) and same_shipments
	return known if (known and keeps) or not snapshot.status else snapshot.status


def _tracking(row: Mapping[str, Any], merged: tuple[fulfillments.Fulfillment, ...]) -> dict[str, str | None]:
	label = fulfillments.latest_label(merged)
	if label:
		return {NUMBER: label.number, CARRIER: label.company, URL: label.url}
	if row[NUMBER] and row[NUMBER] in fulfillments.voided_numbers(merged):
		return {NUMBER: None, CARRIER: None, URL: None}
	# No shipment with the stored number was cancelled, so the stored tracking remains.
	return {}


def _stored(moment: datetime | None) -> datetime | None:
	"""Converts a time to the form of `exoceuticals_updated_at`."""
	return stored_utc(moment) if moment else None
