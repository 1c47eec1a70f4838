"""The store's part of a random day: orders are sent to it, fulfilled and cancelled there, answers are lost
and workers are killed."""

import json
from collections import Counter
from functools import partial
from typing import Any

import frappe

from medgrid.exoceuticals import jobs
from medgrid.exoceuticals.fulfillment.changes import CHECKED_AT
from medgrid.exoceuticals.orders import send
from tests.random_days.day import LONG_AGO, Day, Move, kill_worker
from tests.support.runs import kill
from tests.support.store import Store

STORE_RECORD = "Exoceuticals Order"
OPEN = ("Sending", "Outcome Unknown")


class StoresDay:
	"""
	:param sold: the codes of the Items that the store sells.
	"""

	def __init__(self, day: Day, store: Store, sold: set[str]):
		self.day, self.store, self.sold, self.control = day, store, sold, store.control
		day.others += self.moves()

	def moves(self) -> list[Move]:
		return [
			self.send_to_store,
			self.send_to_store,
			self.send_to_store,
			self.fulfill,
			self.cancel_at_store,
			self.misbehave_store,
			self.killed_sender,
			self.send_due,
			self.reconcile,
		]

	def some_order(self) -> str | None:
		rows = frappe.get_all(
			"Sales Order Item",
			{"parent": ("in", self.day.names), "item_code": ("in", self.sold)},
			pluck="parent",
		)
		found = self.day.some_order(name=("in", sorted({*rows} or {""})), docstatus=1)
		return found.name if found else None

	def orders(self) -> list[dict]:
		"""Those of this day."""
		return [
			each
			for each in self.control.orders(self.store.domain)
			if each["source_identifier"] in self.day.names
		]

	def some_remote(self) -> dict | None:
		found = [each for each in self.orders() if not each["cancelled_at"]]
		return self.day.random.choice(found) if found else None

	def send_to_store(self) -> str | None:
		if not (name := self.some_order()):
			return None
		frappe.db.commit()
		send.send(name, None)
		return name

	def fulfill(self) -> str | None:
		"""The store ships what is open, or a part of it."""
		if not (remote := self.some_remote()) or remote["display_fulfillment_status"] == "FULFILLED":
			return None
		number, part = f"1Z{self.day.random.randint(10**8, 10**9)}", None
		is_whole = remote["display_fulfillment_status"] == "UNFULFILLED"
		pieces = sum(line["quantity"] for line in remote["line_items"])
		if is_whole and pieces > 1 and self.day.random.random() < 0.5:
			part = {self.day.random.choice(remote["line_items"])["sku"]: 1}
		self.control.fulfill(
			self.store.domain,
			remote["admin_graphql_api_id"],
			number,
			"UPS",
			quantities=part,
			silent=True,
		)
		return f"{remote['source_identifier']} {number} {part or ''}"

	def cancel_at_store(self) -> str | None:
		"""Maybe after a part was shipped."""
		if not (remote := self.some_remote()) or remote["display_fulfillment_status"] == "FULFILLED":
			return None
		self.control.cancel(self.store.domain, remote["admin_graphql_api_id"], silent=True)
		return remote["source_identifier"]

	def misbehave_store(self) -> str:
		kind = self.day.random.choice(
			("drop_after", "drop_after", "half", "malformed", "throttled", "status")
		)
		operation = self.day.random.choice(("order_create", "order_create", None))
		more = {"status": self.day.random.choice((401, 403, 429, 500, 503))} if kind == "status" else {}
		self.control.fault(kind, operation=operation, **more)
		return f"{kind} {operation} {more}"

	def killed_sender(self) -> str | None:
		"""A worker ends while it sends an order: before or after the store has it."""
		if not (name := self.some_order()):
			return None
		kind = self.day.random.choice(("timeout_before", "timeout_after"))
		kill_worker(self.control, partial(send.send, name, None), kind, operation="order_create")
		return f"{name} {kind}"

	def send_due(self) -> str:
		frappe.db.commit()
		self.time_passes()
		jobs.send_due_orders()
		return "again"

	def reconcile(self) -> str:
		frappe.db.commit()
		jobs.run_reconciliation()
		return "with the store"

	def time_passes(self) -> None:
		"""Pauses are over, and claims of dead workers."""
		for name, values in (
			("next_attempt_at", {"next_attempt_at": (">", LONG_AGO)}),
			("claimed_at", {"status": ("in", OPEN)}),
		):
			frappe.db.set_value(STORE_RECORD, values, name, LONG_AGO)
		frappe.db.set_value(
			"Integration Issue", {"issue_type": "exoceuticals/orders"}, "occurred_at", LONG_AGO
		)
		frappe.db.set_value(
			"Sales Order", {"name": ("in", self.day.names)}, CHECKED_AT, None, update_modified=False
		)
		if frappe.db.exists("Sync Run", {"kind": "reconciliation", "running": ("is", "set")}):
			kill("reconciliation")
		frappe.db.commit()

	def end(self) -> None:
		"""The store is well, and the scheduler's jobs do what is left."""
		self.control.clear_faults()
		self.time_passes()
		jobs.send_due_orders()
		jobs.run_reconciliation()

	def rows_of(self, sales_order: str) -> set[str]:
		"""The rows that the store has or had."""
		row = frappe.db.get_value(
			STORE_RECORD, {"sales_order": sales_order}, ["order_id", "lines"], as_dict=True
		)
		return set(json.loads(row.lines or "[]")) if row and row.order_id else set()

	# In the end

	def check(self, amends: dict[str, str | None]) -> None:
		remote = {each["admin_graphql_api_id"]: each for each in self.orders()}
		for name in self.day.names:
			document = frappe.get_doc("Sales Order", name)
			key = frappe.db.get_value(STORE_RECORD, {"sales_order": name})
			record = frappe.get_doc(STORE_RECORD, key) if key else None
			found = remote.get(record.order_id) if record and record.order_id else None
			try:
				self._check(document, record, found)
			except AssertionError as error:
				fields = ("status", "who_acts", "reason", "is_changed", "difference", "order_id", "lines")
				said = record and {each: record.get(each) for each in fields}
				raise AssertionError(
					f"{name}: {document.docstatus} {document.status} {said} {found}"
				) from error
		self._check_chains(remote, amends)

	def _check(self, document: Any, record: Any, found: dict | None) -> None:
		if not record:
			return
		assert record.status not in OPEN
		if record.status in ("Sent", "Shipped", "Delivered"):
			assert document.docstatus == 1 and found and not found["cancelled_at"]
			self._check_content(document, record, found)
		elif record.status == "Cancelled" and document.docstatus == 1:
			assert found and found["cancelled_at"] and record.who_acts == "Wholesaler"
		elif record.status == "Cancelled" and found and not found["cancelled_at"]:
			assert record.who_acts == "Administrator" and self._has_issue(document.name)
		elif record.status == "Cancelled":
			assert record.who_acts == ("Wholesaler" if found and is_shipped(found) else "Nobody")
		elif record.status == "Waiting":
			assert record.reason, "nobody knows why it waits"
		else:
			assert record.status == "Not Ours" and not found

	def _check_content(self, document: Any, record: Any, found: dict) -> None:
		mine = set(json.loads(record.lines))
		left, ordered, there = Counter[str](), Counter[str](), Counter[str]()
		for row in document.items:
			if row.name in mine:
				# What was delivered before is not sent.
				left[row.item_code] += row.qty - row.delivered_qty
				ordered[row.item_code] += row.qty
		for line in found["line_items"]:
			there[line["sku"]] += line["quantity"]
		if not left <= there <= ordered:
			assert record.is_changed and self._has_issue(document.name), (left, there, ordered)

	def _has_issue(self, sales_order: str) -> bool:
		named = {"reference_name": sales_order, "open_key": ("is", "set")}
		return bool(frappe.db.exists("Integration Issue", named))

	def _check_chains(self, remote: dict[str, dict], amends: dict[str, str | None]) -> None:
		"""Of an order and those that amend it, the store has one at most, and a record knows it."""
		seen: dict[str, str] = {}
		for id, each in remote.items():
			if each["cancelled_at"] and not is_shipped(each):
				continue
			first = first_of(each["source_identifier"], amends)
			assert seen.setdefault(first, id) == id, f"two orders for {first}"
			assert frappe.db.exists(STORE_RECORD, {"order_id": id}), f"nobody knows {id}"


def is_shipped(order: dict) -> bool:
	"""Whether the store has shipped goods of an order."""
	return any(each["status"] == "success" for each in order["fulfillments"])


def first_of(name: str, amends: dict[str, str | None]) -> str:
	"""The order that was there before it was amended, and amended again.

	:param amends: the name of each order -> the one that it amends.
	"""
	while original := amends[name]:
		name = original
	return name
