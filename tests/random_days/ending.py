"""What is true of the orders of a day in the end."""

from typing import Any

import frappe
import pytest

from tests.random_days.day import RECORD, STOPPED, Day
from tests.random_days.store import StoresDay, first_of
from tests.support.vendors import Vendor

ISSUE = "Integration Issue"


class Ending:
	"""What must be true of each order of a day."""

	def __init__(self, day: Day, store: StoresDay):
		frappe.db.rollback()
		self.day, self.store = day, store
		self.remote: dict[tuple[str, str], dict] = {}
		for account in day.accounts:
			for number, parts in by_number(account.remote_orders()).items():
				key = account.supplier, number
				assert key not in self.remote, "two orders of one number"
				assert sum(part["orderKey"] == number for part in parts) == 1, "two orders with one key"
				self.remote[key] = as_one(number, parts)
		self.labels: dict[int, list[str]] = {}
		for account in day.accounts:
			for shipment in account.shipstation.shipments(account.api_key):
				if not shipment["voided"]:
					self.labels.setdefault(shipment["orderId"], []).append(shipment["trackingNumber"])

	def check(self) -> None:
		assert {key for _supplier, key in self.remote} <= set(self.day.names)
		for name in self.day.names:
			document = frappe.get_doc("Sales Order", name)
			for vendor in self.day.vendors:
				try:
					self._check(document, vendor)
				except AssertionError as error:
					raise AssertionError(self._described(document, vendor)) from error
			self._check_shippers(document)
			self._check_money(document)
		orders = frappe.get_all("Sales Order", {"name": ("in", self.day.names)}, ["name", "amended_from"])
		amends = {order.name: order.amended_from for order in orders}
		self._check_chains(amends)
		self._check_notes()
		self.store.check(amends)

	def _described(self, document: Any, vendor: Vendor) -> str:
		record, remote = vendor.record(document.name), self.remote_of(document, vendor)
		fields = ("status", "who_acts", "reason", "is_changed", "tracking_number", "delivery_note")
		rows = [(row.name, row.item_code, row.qty, row.delivered_qty) for row in document.items]
		return "\n".join(
			(
				f"{document.name} of {document.amended_from}: {document.docstatus} {document.status} {rows}",
				f"record: {record and {each: record.get(each) for each in fields}}",
				f"remote: {remote and (remote['orderStatus'], remote['items'], self.labels_of(remote))}",
			)
		)

	def rows(self, document: Any, vendor: Vendor) -> dict[str, tuple[float, float]]:
		"""A vendor's rows: what is open of each, and what was ordered."""
		elsewhere = self.store.rows_of(document.name)
		return {
			row.name: (row.qty - row.delivered_qty, row.qty)
			for row in document.items
			if (self.holder(document, row) or self.shipper(row)) is vendor and row.name not in elsewhere
		}

	def shipper(self, row: Any) -> Vendor | None:
		"""The vendor who ships a row if nobody has it yet."""
		if not row.delivered_by_supplier:
			return self.day.items[row.item_code]
		return next(vendor for vendor in self.day.vendors if vendor.supplier == row.supplier)

	def holder(self, document: Any, row: Any) -> Vendor | None:
		"""The vendor who got a row while its Item was theirs, and keeps it."""
		holders = (vendor for vendor in self.day.vendors if row.name in self.rows_there(document, vendor))
		return next(holders, None)

	def rows_there(self, document: Any, vendor: Vendor) -> set[str]:
		"""The rows of an order that a vendor has, or had until they were delivered."""
		record, remote = vendor.record(document.name), self.remote_of(document, vendor)
		if not remote or remote["orderStatus"] == "cancelled" or self.is_told(record):
			return set()
		kept = frappe.parse_json(record.lines or "[]") if record else []
		return {*kept, *(item["lineItemKey"] for item in remote["items"])}

	def remote_of(self, document: Any, vendor: Vendor) -> dict | None:
		"""Its order in ShipStation; one that it took over has the name of the original."""
		record = vendor.record(document.name)
		own = self.remote.get((vendor.supplier, document.name))
		known = record.shipstation_order_id if record else None
		return own or next((each for each in self.remote.values() if str(each["orderId"]) == known), None)

	def labels_of(self, remote: dict | None) -> list[str]:
		if not remote:
			return []
		return [number for order_id in remote["orderIds"] for number in self.labels.get(order_id, [])]

	def is_told(self, record: Any) -> bool:
		"""Whether an order is cancelled, and the vendor has said that it is not shipped, or the wholesaler
		is told that it was."""
		is_cancelled = record is not None and record.status == "Cancelled"
		return is_cancelled and bool(record.acknowledged_at or has_issue(record.name))

	def _check(self, document: Any, vendor: Vendor) -> None:
		record, remote = vendor.record(document.name), self.remote_of(document, vendor)
		numbers = self.labels_of(remote)
		if document.docstatus == 2:
			self._check_cancelled(record, remote)
			return
		rows = self.rows(document, vendor)
		is_open = any(left for left, _ordered in rows.values())
		is_stopped = document.status in STOPPED
		if not record:
			assert remote is None
			assert not is_open or is_stopped
			return
		if record.status == "Sent":
			assert remote and not numbers
			self._check_sent(document, record, remote, rows)
		elif record.status in ("Shipped", "Delivered"):
			kept = [row.tracking_number for row in record.shipments if not row.voided]
			assert sorted(kept) == sorted(numbers) and numbers
		elif record.status == "Cancelled":
			self._check_cancelled_there(record, remote, is_open=is_open)
		elif record.status == "Waiting":
			assert record.reason and (is_stopped or record.who_acts != "Nobody"), "nobody knows why it waits"
		else:
			assert record.status == "Not Ours" and remote is None and not is_open

	def _check_sent(self, document: Any, record: Any, remote: dict, rows: dict) -> None:
		if remote["orderKey"] != document.name:
			# It was taken over when it was shipped, and its label was voided: the vendor is told.
			assert not record.is_changed or record.who_acts == "Vendor"
			return
		if document.status in STOPPED:
			is_open = any(left for left, _ordered in rows.values())
			is_held = remote["orderStatus"] == "on_hold" or record.who_acts == "Vendor"
			assert is_held or not is_open
			return
		assert remote["orderStatus"] in ("awaiting_shipment", "on_hold")
		if remote["isSplit"]:
			# MedGrid changes none of its parts, and the vendor may have cancelled some of them.
			assert not record.is_changed or record.who_acts == "Vendor"
			return
		there = {item["lineItemKey"]: item["quantity"] for item in remote["items"]}
		assert set(there) <= set(rows) and not record.is_changed
		for row, (left, ordered) in rows.items():
			# A Delivery Note alone changes nothing there: it is most often that of the vendor's own parcel.
			assert left <= there.get(row, 0) <= ordered

	def _check_cancelled(self, record: Any, remote: dict | None) -> None:
		if remote is None or remote["orderStatus"] == "cancelled":
			assert record is None or (record.status == "Cancelled" and record.who_acts == "Nobody")
		elif record is None:
			# The order that amends it has its record.
			assert frappe.db.exists(RECORD, {"shipstation_order_id": str(remote["orderId"])})
		elif record.acknowledged_at or (remote["isSplit"] and remote["orderStatus"] != "shipped"):
			assert (record.status, record.who_acts) == ("Cancelled", "Vendor")
		else:
			assert remote["orderStatus"] == "shipped" and record.who_acts == "Wholesaler"

	def _check_cancelled_there(self, record: Any, remote: dict | None, *, is_open: bool) -> None:
		assert remote and (remote["orderStatus"] == "cancelled" or self.is_told(record))
		if is_open and remote["orderStatus"] == "cancelled":
			assert record.who_acts == "Wholesaler"
			assert frappe.db.exists(ISSUE, {"reference_name": record.name, "open_key": ("is", "set")})

	def _check_shippers(self, document: Any) -> None:
		"""No row is at two of the vendors and the store."""
		at = [self.rows_there(document, vendor) for vendor in self.day.vendors]
		at.append(set(self.store.rows_of(document.name)))
		for row in document.items:
			assert sum(row.name in rows for rows in at) <= 1, f"{document.name}, row {row.idx} is at two"

	def _check_money(self, document: Any) -> None:
		"""What the vendors were told is paid adds up to the total, while all of an order is with them."""
		theirs = [vendor for vendor in self.day.vendors if self.rows(document, vendor)]
		at_vendors = sum(len(self.rows(document, vendor)) for vendor in theirs)
		if document.docstatus != 1 or document.per_delivered or document.status in STOPPED:
			return
		records = [vendor.record(document.name) for vendor in theirs]
		if at_vendors == len(document.items) and all(
			record and record.status in ("Sent", "Shipped") for record in records
		):
			remotes = [self.remote.get((vendor.supplier, document.name)) for vendor in theirs]
			if not all(remotes) or any(remote["isSplit"] for remote in remotes if remote):
				# Taken over, with what was paid for the original; or each part says what was paid for all.
				return
			paid = sum(remote["amountPaid"] for remote in remotes if remote)
			assert paid == pytest.approx(document.rounded_total or document.grand_total), document.name

	def _check_chains(self, amends: dict[str, str | None]) -> None:
		"""Of an order and those that amend it, a vendor has one at most to ship or shipped."""
		seen: dict[tuple[str, str], str] = {}
		for (supplier, name), remote in self.remote.items():
			first = first_of(name, amends)
			key = frappe.db.get_value(RECORD, {"sales_order": name, "supplier": supplier})
			if key and self.is_told(frappe.get_doc(RECORD, key)):
				continue
			if remote["orderStatus"] != "cancelled":
				other = seen.setdefault((supplier, first), name)
				assert other == name, f"{supplier} has {other} and {name}"

	def _check_notes(self) -> None:
		valid = {number for numbers in self.labels.values() for number in numbers}
		for name in self.day.names:
			for note in self.day.notes_of(name):
				shown = {each.strip() for each in (note.lr_no or "").split(",") if each.strip()}
				assert shown <= valid, f"{note.name} shows voided labels"


def by_number(remotes: list[dict]) -> dict[str, list[dict]]:
	"""Number -> the orders of that number: several if one was split."""
	found: dict[str, list[dict]] = {}
	for remote in remotes:
		found.setdefault(remote["orderNumber"], []).append(remote)
	return found


def as_one(number: str, parts: list[dict]) -> dict:
	"""A split order as if it was not: what is left of its parts, and the state of those that are open."""
	left = [part for part in parts if part["orderStatus"] != "cancelled"] or parts
	quantities: dict[str, int] = {}
	for item in (item for part in left for item in part["items"]):
		quantities[item["lineItemKey"]] = quantities.get(item["lineItemKey"], 0) + item["quantity"]
	is_open = [part["orderStatus"] for part in left if part["orderStatus"] != "shipped"]
	first = next(part for part in parts if part["orderKey"] == number)
	return {
		**first,
		"orderStatus": is_open[0] if is_open else left[0]["orderStatus"],
		"items": [{"lineItemKey": row, "quantity": quantity} for row, quantity in quantities.items()],
		"orderIds": [part["orderId"] for part in parts],
		"isSplit": len(parts) > 1,
	}


def has_issue(record: str) -> bool:
	"""Whether there is an open issue about a record."""
	return bool(frappe.db.exists(ISSUE, {"reference_name": record, "open_key": ("is", "set")}))
