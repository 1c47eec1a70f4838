"""Whether ShipStation has the order of a ShipStation Order, or may have it. Pure."""

from typing import Any

from medgrid.outbox.states import LABELS, OPEN, State, WhoActs

_OPEN = [LABELS[state] for state in OPEN]
# What `may_have` reads.
MAY_HAVE = ("status", "shipstation_order_id", "claim")
# What `is_over` reads.
CANCELLATION_FIELDS = ("status", "shipstation_order_id", "who_acts", "acknowledged_at")


def may_have(row: Any) -> bool:
	"""Whether a vendor's ShipStation account has an order, or may have it.

	:param row: of ShipStation Order, with MAY_HAVE.
	"""
	is_parked_unknown = row.status == LABELS[State.FAILED] and row.claim
	return bool(row.shipstation_order_id or row.status in _OPEN or is_parked_unknown)


def may_ship(row: Any) -> bool:
	"""As `may_have`, of a Sales Order that is not cancelled. A cancelled record of it is cancelled in
	ShipStation: by the vendor, or by MedGrid, because no row was left.

	:param row: of ShipStation Order, with MAY_HAVE.
	"""
	return may_have(row) and row.status != LABELS[State.CANCELLED]


def is_over(row: Any) -> bool:
	"""Whether nobody can ship an order any more whose Sales Order was cancelled after it was sent: it is
	cancelled in ShipStation, too, or the vendor says so.

	:param row: with CANCELLATION_FIELDS.
	"""
	is_settled = bool(row.acknowledged_at) or row.who_acts == WhoActs.NOBODY.value
	return row.status == LABELS[State.CANCELLED] and is_settled
