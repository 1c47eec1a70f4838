"""Random days of a wholesaler and two vendors: orders come, change, are cancelled and amended, labels are
bought and voided, ShipStation loses answers, workers are killed, and jobs come late or never. In the end
ERPNext and ShipStation say the same.

`--order-days N` says how many days, `--order-seed N` which ones (0: random ones). A failure names the seed
with which its day alone happens again. Issue 16, "Done when".
"""

import json
import os
import random
import secrets
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import frappe
import pytest

from medgrid.core.waiting.patience import Patience
from medgrid.integrations import jobs
from medgrid.integrations.notices import do_not_ship
from medgrid.integrations.shipstation.due.missed import register_missed
from tests.support.changes import amend, change_address, own_address, set_status, update_items
from tests.support.runs import kill
from tests.support.vendors import Vendor, item_of, make_vendor, order
from tests.support.waiting import wait_for

RECORD, ISSUE = "ShipStation Order", "Integration Issue"
LONG_AGO = "2020-01-01 00:00:00"
MOVES = 25
CREATE = "/orders/createorder"
STOPPED = ("On Hold", "Closed")
# What Sales Orders, Delivery Notes and people at ShipStation refuse.
REFUSED = (frappe.ValidationError, frappe.DoesNotExistError)


@dataclass
class Day:
	"""One run.

	:ivar names: of all Sales Orders.
	:ivar waiting: the jobs that were queued and have not run.
	:ivar diary: what happened, for whoever reads a failure.
	"""

	vendors: list[Vendor]
	items: dict[str, Vendor]
	random: random.Random
	names: list[str] = field(default_factory=list)
	waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
	diary: list[str] = field(default_factory=list)

	def moves(self) -> list[Callable[[], str | None]]:
		often = [self.new_order, self.new_order, self.sync, self.sync, self.sync, self.job, self.job]
		changes = [self.update, self.update, self.readdress, self.stop, self.reopen, self.cancel, self.amend]
		goods = [self.label, self.deliver, self.deliver, self.cancel_note, self.void]
		there = [self.cancel_there, self.hold_there, self.release_there]
		trouble = [self.misbehave, self.misbehave, self.killed, self.lose_job, self.time_passes]
		return [*often, *changes, *goods, *there, *trouble]

	def run(self) -> None:
		self.new_order()
		while len(self.diary) < MOVES:
			move = self.random.choice(self.moves())
			try:
				what = move()
				frappe.db.commit()
			except REFUSED as refused:
				what = f"refused: {refused}"[:100]
				frappe.db.rollback()
			if what:
				self.diary.append(f"{move.__name__} {what}")

	# What is there

	def some_order(self, **filters: Any) -> Any | None:
		found = frappe.get_all(
			"Sales Order", {"name": ("in", self.names), **filters}, pluck="name", order_by="name"
		)
		return frappe.get_doc("Sales Order", self.random.choice(found)) if found else None

	def some_remote(self, *statuses: str) -> tuple[Vendor, dict] | None:
		found = [
			(vendor, remote)
			for vendor in self.vendors
			for remote in vendor.remote_orders()
			if remote["orderStatus"] in statuses
		]
		return self.random.choice(found) if found else None

	def live_order(self) -> Any | None:
		return self.some_order(docstatus=1, status=("not in", (*STOPPED, "Completed")))

	# What the wholesaler does

	def new_order(self) -> str:
		chosen = self.random.sample(sorted(self.items), self.random.randint(1, 3))
		document = order(*((item, self.random.randint(1, 5), self.price()) for item in chosen))
		self.names.append(document.name)
		return document.name

	def price(self) -> float:
		return self.random.randint(1, 9999) / 100

	def update(self) -> str | None:
		if not (document := self.live_order()):
			return None
		row = self.random.choice(document.items)
		unknown = [
			item for item in sorted(self.items) if item not in {each.item_code for each in document.items}
		]
		what = self.random.choice(("quantity", "quantity", "more", "less"))
		if what == "more" and unknown:
			update_items(document, (self.random.choice(unknown), self.random.randint(1, 5), self.price()))
		elif what == "less" and len(document.items) > 1 and not row.delivered_qty:
			update_items(document, removed=[row.idx])
		else:
			update_items(document, (row.idx, int(row.delivered_qty) + self.random.randint(1, 5)))
		return f"{document.name} {what}"

	def readdress(self) -> str | None:
		if not (document := self.live_order()):
			return None
		title = f"MGT {document.name}"
		if document.shipping_address_name and document.shipping_address_name.startswith(title):
			street = f"{self.random.randint(1, 999)} Fifth Avenue"
			change_address(document.shipping_address_name, address_line1=street)
		else:
			own_address(document, title)
		return document.name

	def stop(self) -> str | None:
		if not (document := self.live_order()):
			return None
		set_status(document, status := self.random.choice(STOPPED))
		return f"{document.name} {status}"

	def reopen(self) -> str | None:
		if not (document := self.some_order(docstatus=1, status=("in", STOPPED))):
			return None
		set_status(document, "Draft")
		return document.name

	def cancel(self) -> str | None:
		if not (document := self.live_order()):
			return None
		document.cancel()
		return document.name

	def amend(self) -> str | None:
		if self.random.random() < 0.5 and (document := self.live_order()):
			amended = amend(document, row_1=self.random.randint(1, 5))
		elif document := self._cancelled():
			amended = frappe.copy_doc(document)
			amended.amended_from, amended.docstatus = document.name, 0
			amended.insert(ignore_permissions=True).submit()
		else:
			return None
		self.names.append(amended.name)
		return f"{document.name} as {amended.name}"

	def _cancelled(self) -> Any | None:
		amended = frappe.get_all("Sales Order", {"amended_from": ("in", self.names)}, pluck="amended_from")
		free = sorted({*self.names} - {*amended})
		return self.some_order(docstatus=2, name=("in", free)) if free else None

	def deliver(self) -> str | None:
		from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

		if not (document := self.live_order()):
			return None
		note = make_delivery_note(document.name)
		if not note.items:
			return None
		if self.random.random() < 0.5:
			note.items = [self.random.choice(note.items)]
			note.items[0].qty = self.random.randint(1, int(note.items[0].qty))
		note.insert(ignore_permissions=True).submit()
		return f"{document.name} by {note.name}"

	def notes_of(self, sales_order: str) -> list[Any]:
		rows = frappe.get_all(
			"Delivery Note Item",
			{"against_sales_order": sales_order, "docstatus": 1},
			pluck="parent",
			distinct=True,
		)
		return [frappe.get_doc("Delivery Note", name) for name in sorted(rows)]

	def cancel_note(self) -> str | None:
		document = self.some_order(docstatus=1)
		notes = self.notes_of(document.name) if document else []
		if not notes:
			return None
		note = self.random.choice(notes)
		note.cancel()
		return f"{note.name} of {document.name}"

	# What the vendors do

	def label(self) -> str | None:
		if not (found := self.some_remote("awaiting_shipment", "shipped")):
			return None
		vendor, remote = found
		items = None
		if remote["items"] and self.random.random() < 0.4:
			item = self.random.choice(remote["items"])
			items = {item["lineItemKey"]: self.random.randint(1, item["quantity"])}
		vendor.shipstation.buy_label(vendor.api_key, order_id=remote["orderId"], items=items)
		return remote["orderKey"]

	def void(self) -> str | None:
		found = [
			(vendor, shipment)
			for vendor in self.vendors
			for shipment in vendor.shipstation.shipments(vendor.api_key)
			if not shipment["voided"]
		]
		if not found:
			return None
		vendor, shipment = self.random.choice(found)
		vendor.shipstation.void_label(shipment["shipmentId"])
		return shipment["orderKey"]

	def cancel_there(self) -> str | None:
		return self._set_there(("awaiting_shipment", "on_hold"), "cancelled")

	def hold_there(self) -> str | None:
		return self._set_there(("awaiting_shipment",), "on_hold")

	def release_there(self) -> str | None:
		return self._set_there(("on_hold",), "awaiting_shipment")

	def _set_there(self, before: tuple[str, ...], after: str) -> str | None:
		if not (found := self.some_remote(*before)):
			return None
		vendor, remote = found
		vendor.shipstation.set_order_status(vendor.api_key, remote["orderId"], after)
		return remote["orderKey"]

	# What MedGrid does

	def sync(self) -> str:
		vendor = self.random.choice(self.vendors)
		frappe.db.commit()
		jobs.sync_connection(vendor.connection(), limit=self.random.choice((None, None, 1)))
		return vendor.supplier

	def job(self) -> str | None:
		"""Any of those that wait, so that they come late and overtake each other."""
		if not self.waiting:
			return None
		method, arguments = self.waiting.pop(self.random.randrange(len(self.waiting)))
		frappe.db.commit()
		frappe.get_attr(method)(**arguments)
		frappe.set_user("Administrator")
		return f"{method} {arguments}"

	def lose_job(self) -> str | None:
		if not self.waiting:
			return None
		return str(self.waiting.pop(self.random.randrange(len(self.waiting))))

	def time_passes(self) -> str:
		"""The next attempts are due, and the leases and claims of dead workers are over."""
		for vendor in self.vendors:
			connection = vendor.connection()
			if frappe.db.exists("Sync Run", {"connection": connection, "running": ("is", "set")}):
				kill("shipstation", connection)
			mine = {"supplier": vendor.supplier}
			for name, value in (("next_attempt_at", LONG_AGO), ("tracking_asked_at", None)):
				frappe.db.set_value(RECORD, {**mine, name: (">", LONG_AGO)}, name, value)
			unknown = {**mine, "status": ("in", ("Sending", "Outcome Unknown"))}
			frappe.db.set_value(RECORD, unknown, "claimed_at", LONG_AGO)
		frappe.db.commit()
		return "by"

	def misbehave(self) -> str:
		"""ShipStation loses an answer, is away, or refuses, once."""
		kind = self.random.choice(
			("drop_after", "drop_after", "half", "malformed", "null", "status", "status")
		)
		path = self.random.choice((CREATE, "/orders*", "/shipments*", None))
		more = {"status": self.random.choice((400, 401, 404, 429, 500, 503))} if kind == "status" else {}
		self.vendors[0].shipstation.fault(kind, path=path, **more)
		return f"{kind} {path} {more}"

	def killed(self) -> str | None:
		"""A worker ends in the middle of a sync: before or after ShipStation has done what it asked for."""
		frappe.db.commit()
		vendor = self.random.choice(self.vendors)
		connection, there = vendor.connection(), vendor.shipstation
		kind, path = (
			self.random.choice(("timeout_before", "timeout_after")),
			self.random.choice((CREATE, "/orders*")),
		)
		there.fault(kind, path=path, seconds=60)
		worker = os.fork()
		if worker == 0:
			_sync_and_end(connection)
		try:
			wait_for(lambda: not any(each["kind"] == kind for each in there.faults()) or _has_ended(worker))
		finally:
			os.kill(worker, signal.SIGKILL)
			os.waitpid(worker, 0)
		there.clear_faults()
		frappe.db.rollback()
		return f"{vendor.supplier} {kind} {path}"

	def end(self) -> None:
		"""All is well, and time passes: the jobs of the scheduler do what is left."""
		for vendor in self.vendors:
			vendor.shipstation.clear_faults()
		while self.waiting:
			self.random.choice((self.job, self.lose_job))()
		for _round in range(4):
			self.time_passes()
			register_missed()
			for vendor in self.vendors:
				jobs.sync_connection(vendor.connection())
			do_not_ship.tell_overdue()
			while self.waiting:
				self.job()
		frappe.db.commit()

	def is_quiet(self) -> None:
		"""Another sync sends nothing."""
		for vendor in self.vendors:
			vendor.shipstation.clear_received()
			jobs.sync_connection(vendor.connection())
			paths = [request["path"] for request in vendor.shipstation.received(vendor.api_key)]
			assert CREATE not in paths and "/accounts/listtags" in paths


def _sync_and_end(connection: str) -> NoReturn:
	"""The worker's process. Its connection to the database is its own."""
	# If nobody held it here, it would be closed, and with it the session of the process that goes on.
	inherited = frappe.local.db
	try:
		frappe.connect(set_admin_as_user=False)
		assert frappe.local.db is not inherited
		jobs.sync_connection(connection)
	finally:
		os._exit(0)


def _has_ended(worker: int) -> bool:
	return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


# In the end


class Ending:
	"""What must be true of each order of a day."""

	def __init__(self, day: Day):
		frappe.db.rollback()
		self.day = day
		self.remote: dict[tuple[str, str], dict] = {}
		for vendor in day.vendors:
			for remote in vendor.remote_orders():
				key = vendor.supplier, remote["orderKey"]
				assert key not in self.remote, "two orders with one key"
				self.remote[key] = remote
		self.labels: dict[int, list[str]] = {}
		for vendor in day.vendors:
			for shipment in vendor.shipstation.shipments(vendor.api_key):
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
			self._check_money(document)
		self._check_chains()
		self._check_notes()

	def _described(self, document: Any, vendor: Vendor) -> str:
		record, remote = vendor.record(document.name), self.remote.get((vendor.supplier, document.name))
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
		return {
			row.name: (row.qty - row.delivered_qty, row.qty)
			for row in document.items
			if self.day.items[row.item_code] is vendor
		}

	def labels_of(self, remote: dict | None) -> list[str]:
		return self.labels.get(remote["orderId"], []) if remote else []

	def _check(self, document: Any, vendor: Vendor) -> None:
		record, remote = vendor.record(document.name), self.remote.get((vendor.supplier, document.name))
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
		if document.status in STOPPED:
			is_open = any(left for left, _ordered in rows.values())
			assert remote["orderStatus"] == "on_hold" or not is_open
			return
		assert remote["orderStatus"] in ("awaiting_shipment", "on_hold")
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
		else:
			assert remote["orderStatus"] == "shipped" and record.who_acts == "Wholesaler"

	def _check_cancelled_there(self, record: Any, remote: dict | None, *, is_open: bool) -> None:
		assert remote and remote["orderStatus"] == "cancelled"
		if is_open:
			assert record.who_acts == "Wholesaler"
			assert frappe.db.exists(ISSUE, {"reference_name": record.name, "open_key": ("is", "set")})

	def _check_money(self, document: Any) -> None:
		"""What the vendors were told is paid adds up to the total, while all of an order is with them."""
		theirs = [vendor for vendor in self.day.vendors if self.rows(document, vendor)]
		records = [vendor.record(document.name) for vendor in theirs]
		if document.docstatus != 1 or document.per_delivered or document.status in STOPPED:
			return
		if all(record and record.status in ("Sent", "Shipped") for record in records):
			paid = sum(self.remote[vendor.supplier, document.name]["amountPaid"] for vendor in theirs)
			assert paid == pytest.approx(document.rounded_total or document.grand_total), document.name

	def _check_chains(self) -> None:
		"""Of an order and those that amend it, a vendor has one at most to ship or shipped."""
		amends = dict(
			frappe.get_all(
				"Sales Order", {"name": ("in", self.day.names)}, ["name", "amended_from"], as_list=True
			)
		)
		seen: dict[tuple[str, str], str] = {}
		for (supplier, name), remote in self.remote.items():
			first = name
			while amends[first]:
				first = amends[first]
			if remote["orderStatus"] != "cancelled":
				other = seen.setdefault((supplier, first), name)
				assert other == name, f"{supplier} has {other} and {name}"

	def _check_notes(self) -> None:
		valid = {number for numbers in self.labels.values() for number in numbers}
		for name in self.day.names:
			for note in self.day.notes_of(name):
				shown = {each.strip() for each in (note.lr_no or "").split(",") if each.strip()}
				assert shown <= valid, f"{note.name} shows voided labels"


@pytest.fixture
def late_jobs(monkeypatch):
	"""Jobs wait until the day has them done. No pause is waited for."""
	queued: list[tuple[str, dict[str, Any]]] = []
	options = ("queue", "job_id", "deduplicate", "timeout")

	def enqueue(method: str, **arguments: Any) -> None:
		if method.startswith("medgrid.integrations."):
			queued.append((method, {name: value for name, value in arguments.items() if name not in options}))

	monkeypatch.setattr(frappe, "enqueue", enqueue)
	monkeypatch.setattr(Patience, "sleep", Patience.note)
	return queued


def test_erpnext_and_shipstation_end_equal(environment, shipstation, site, late_jobs, request):
	days = request.config.getoption("--order-days")
	seed = request.config.getoption("--order-seed") or secrets.randbelow(2**31)
	sys.stderr.write(f"\n{days} random days of orders, --order-seed {seed}\n")
	for number in range(seed, seed + days):
		shipstation.reset()
		late_jobs.clear()
		vendors = [make_vendor(environment, shipstation, person) for person in ("one", "two")]
		items = {vendor.item: vendor for vendor in vendors}
		items |= {item_of(vendor.supplier, f"{vendor.item}-B"): vendor for vendor in vendors}
		frappe.db.commit()
		for vendor in vendors:
			vendor.shipstation.add_account(vendor.api_key, vendor.api_secret, limit=100_000)
			vendor.connect()
		day = Day(vendors, items, random.Random(number), waiting=late_jobs)
		try:
			day.run()
			day.end()
			Ending(day).check()
			day.is_quiet()
		except BaseException:
			sys.stderr.write(f"\n--order-days 1 --order-seed {number}: {json.dumps(day.diary, indent=1)}\n")
			raise
