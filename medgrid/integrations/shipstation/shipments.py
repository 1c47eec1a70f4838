"""Shipments on ShipStation Order records: what is stored, what changed, and writing just that, in chunks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe

from medgrid.integrations.shipstation import delivery_notes
from medgrid.integrations.shipstation.models import Shipment

RECORD, ROW = "ShipStation Order", "ShipStation Shipment"
CHUNK = 100
# What of a shipment matters: a difference in one of these is written.
COMPARED = ("shipment_id", "tracking_number", "carrier_code", "service_code", "voided")


@dataclass(frozen=True)
class OpenPush:
	"""A pushed order whose tracking may still change; times in the site's zone."""

	name: str
	sales_order: str
	order_id: str
	pushed_at: datetime
	tracking_number: str | None
	shipped_at: datetime | None


def apply_shipments(answers: Sequence[tuple[OpenPush, list[Shipment]]]) -> int:
	"""Brings records and their Delivery Notes to what ShipStation says now. Commits if anything changed.

	:param answers: at most CHUNK orders, each with all its shipments, voided ones included.
	:returns: how many have a tracking number now that they did not have before.
	"""
	stored = _stored([push.name for push, _shipments in answers])
	changed = [
		(push, rows)
		for push, shipments in answers
		if _compared(rows := _rows(shipments)) != stored.get(push.name, set())
	]
	renewed = sum(_write(push, rows) for push, rows in changed)
	if changed:
		frappe.db.commit()
	return renewed


def _stored(names: list[str]) -> dict[str, set[tuple]]:
	rows = frappe.get_all(ROW, filters={"parent": ("in", names)}, fields=["parent", *COMPARED])
	stored = defaultdict(set)
	for row in rows:
		stored[row.parent].add(_key(row))
	return stored


def _compared(rows: list[dict]) -> set[tuple]:
	return {_key(row) for row in rows}


def _key(row: dict) -> tuple:
	return tuple(row[name] or "" for name in COMPARED)


def _rows(shipments: list[Shipment]) -> list[dict]:
	"""Shipments as they are stored, the newest last."""
	zone = ZoneInfo(frappe.utils.get_system_timezone())
	return [
		{
			"shipment_id": shipment.shipmentId,
			"tracking_number": shipment.trackingNumber,
			"carrier_code": shipment.carrierCode,
			"service_code": shipment.serviceCode,
			"ship_date": shipment.shipDate,
			"created_at": _local(shipment.createDate, zone),
			"voided": int(bool(shipment.voided)),
			"counts": shipment.counts,
		}
		for shipment in sorted(shipments, key=lambda shipment: shipment.order_in_time)
	]


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
	return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def _write(push: OpenPush, rows: list[dict]) -> bool:
	newest = next((row for row in reversed(rows) if row["counts"]), None)
	number = newest["tracking_number"] if newest else None
	_replace_rows(push.name, rows)
	frappe.db.set_value(
		RECORD,
		push.name,
		{
			"status": "Shipped" if newest else "Pushed",
			"tracking_number": number,
			"carrier_code": newest["carrier_code"] if newest else None,
			"shipped_at": (push.shipped_at or frappe.utils.now_datetime()) if newest else None,
		},
	)
	delivery_notes.apply_tracking(push.sales_order, before_number=push.tracking_number)
	return bool(number) and number != push.tracking_number


def _replace_rows(parent: str, rows: list[dict]) -> None:
	frappe.db.delete(ROW, {"parent": parent})
	if not rows:
		return
	place = {"parent": parent, "parenttype": RECORD, "parentfield": "shipments"}
	moment, user = frappe.utils.now(), frappe.session.user
	stamps = {"creation": moment, "modified": moment, "owner": user, "modified_by": user}
	documents = [
		{"name": frappe.generate_hash(length=10), **place, "idx": index, **stamps, **row}
		for index, row in enumerate(rows, 1)
	]
	fields = [name for name in documents[0] if name != "counts"]
	values = [[document[name] for name in fields] for document in documents]
	frappe.db.bulk_insert(ROW, fields, values)
