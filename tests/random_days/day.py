"""One random day: what the wholesaler, the vendors, MedGrid and fate do with orders for vendors."""

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import frappe
from pydantic import SecretStr

from medgrid.clients.shipstation.request_window import RequestWindow
from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import MedgridError
from medgrid.integrations import jobs
from medgrid.integrations.notices import do_not_ship
from medgrid.integrations.shipstation.changes.acknowledgements import acknowledge, open_cancellations
from medgrid.integrations.shipstation.due.missed import register_missed
from tests.support.changes import amend, change_address, own_address, set_status, update_items
from tests.support.runs import kill
from tests.support.vendors import Account, Vendor, order
from tests.support.waiting import wait_for

RECORD = "ShipStation Order"
LONG_AGO = "2020-01-01 00:00:00"
MOVES = 30
CREATE = "/orders/createorder"
STOPPED = ("On Hold", "Closed")
# What ERPNext, MedGrid and people at the other systems refuse: nothing of it happened, or a record says what.
REFUSED = (frappe.ValidationError, frappe.DoesNotExistError, MedgridError)
Move = Callable[[], str | None]


@dataclass
class Day:
	"""One run.

	:param accounts: the vendors' ShipStation accounts; each vendor's first one comes first.
	:param items: code -> the vendor who ships it now; None: only the store does.
	:param brand: of some Items; a rule may name it.
	:param others: the moves of others, e.g. of the store.
	:ivar names: of all Sales Orders.
	:ivar waiting: the jobs that were queued and have not run.
	:ivar diary: what happened, for whoever reads a failure.
	"""

	vendors: list[Vendor]
	accounts: list[Account]
	items: dict[str, Vendor | None]
	random: random.Random
	brand: str
	names: list[str] = field(default_factory=list)
	waiting: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
	diary: list[str] = field(default_factory=list)
	others: list[Move] = field(default_factory=list)

	def moves(self) -> list[Move]:
		often = [self.new_order, self.new_order, self.sync, self.sync, self.sync, self.job, self.job]
		changes = [self.update, self.update, self.readdress, self.stop, self.reopen, self.cancel, self.amend]
		changes += [self.amend, self.give_to_other_vendor]
		goods = [self.label, self.deliver, self.deliver, self.cancel_note, self.void]
		there = [self.cancel_there, self.hold_there, self.release_there, self.restore_there]
		there += [self.split_there, self.acknowledge, self.acknowledge, self.change_rule]
		trouble = [self.misbehave, self.misbehave, self.killed, self.lose_job, self.time_passes]
		return [*often, *changes, *goods, *there, *trouble, *self.others]

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

	def some_remote(self, *statuses: str) -> tuple[Account, dict] | None:
		found = [
			(account, remote)
			for account in self.accounts
			for remote in account.remote_orders()
			if remote["orderStatus"] in statuses
		]
		return self.random.choice(found) if found else None

	def live_order(self) -> Any | None:
		return self.some_order(docstatus=1, status=("not in", (*STOPPED, "Completed")))

	# What the wholesaler does

	def new_order(self) -> str:
		chosen = self.random.sample(sorted(self.items), self.random.randint(1, 3))
		rows = [(item, self.random.randint(1, 5), self.price(), self.drop_shipped()) for item in chosen]
		document = order(*rows)
		self.names.append(document.name)
		return document.name

	def drop_shipped(self) -> dict[str, Any]:
		"""What some rows say: a vendor sends them, whose Item it may not be."""
		if self.random.random() < 0.8:
			return {}
		return {"delivered_by_supplier": 1, "supplier": self.random.choice(self.vendors).supplier}

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

	def give_to_other_vendor(self) -> str:
		"""An Item gets another default supplier, whatever was sent of it."""
		item = self.random.choice([item for item, vendor in sorted(self.items.items()) if vendor])
		vendor = self.random.choice(self.vendors)
		default = {"parent": item, "company": "Skydell Medical"}
		frappe.db.set_value("Item Default", default, "default_supplier", vendor.supplier)
		self.items[item] = vendor
		return f"{item} to {vendor.supplier}"

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

	def given_up(self) -> set[str]:
		"""The IDs and numbers of orders of which vendors have said that they are not shipped."""
		rows = frappe.get_all(
			RECORD, {"acknowledged_at": ("is", "set")}, ["sales_order", "shipstation_order_id"]
		)
		return {name for row in rows for name in (row.sales_order, row.shipstation_order_id) if name}

	def label(self) -> str | None:
		if not (found := self.some_remote("awaiting_shipment", "shipped")):
			return None
		vendor, remote = found
		if {remote["orderNumber"], str(remote["orderId"])} & self.given_up():
			return None
		items = None
		if remote["items"] and self.random.random() < 0.4:
			item = self.random.choice(remote["items"])
			items = {item["lineItemKey"]: self.random.randint(1, item["quantity"])}
		vendor.shipstation.buy_label(vendor.api_key, order_id=remote["orderId"], items=items)
		return remote["orderKey"]

	def void(self) -> str | None:
		found = [
			(account, shipment)
			for account in self.accounts
			for shipment in account.shipstation.shipments(account.api_key)
			if not shipment["voided"]
		]
		if not found:
			return None
		account, shipment = self.random.choice(found)
		account.shipstation.void_label(shipment["shipmentId"])
		return shipment["orderKey"]

	def cancel_there(self) -> str | None:
		return self._set_there(("awaiting_shipment", "on_hold"), "cancelled")

	def hold_there(self) -> str | None:
		return self._set_there(("awaiting_shipment",), "on_hold")

	def release_there(self) -> str | None:
		return self._set_there(("on_hold",), "awaiting_shipment")

	def restore_there(self) -> str | None:
		if not (found := self.some_remote("cancelled")) or not found[1]["items"]:
			return None
		account, remote = found
		account.shipstation.set_order_status(account.api_key, remote["orderId"], "awaiting_shipment")
		return remote["orderKey"]

	def split_there(self) -> str | None:
		"""A part of an order gets an ID of its own."""
		if not (found := self.some_remote("awaiting_shipment")):
			return None
		account, remote = found
		pieces = {item["lineItemKey"]: item["quantity"] for item in remote["items"]}
		if sum(pieces.values()) < 2:
			return None
		row = self.random.choice(sorted(pieces))
		most = pieces[row] if len(pieces) > 1 else pieces[row] - 1
		if not most:
			return None
		moved = {row: self.random.randint(1, most)}
		account.shipstation.split_order(account.api_key, remote["orderId"], moved)
		return f"{remote['orderKey']} {moved}"

	def acknowledge(self) -> str | None:
		"""A vendor says that a cancelled order is not shipped, and has not shipped it."""
		vendor = self.random.choice(self.vendors)
		shipped = {
			str(remote["orderId"])
			for account in self.accounts
			for remote in account.remote_orders()
			if remote["orderStatus"] == "shipped"
		}
		shown = [
			each["sales_order"]
			for each in open_cancellations(vendor.supplier)
			if each["shipstation_order_id"] not in shipped
		]
		if not shown:
			return None
		acknowledge(vendor.user.email, vendor.supplier, [name := self.random.choice(shown)])
		return f"{name} by {vendor.supplier}"

	def change_rule(self) -> str:
		"""A vendor has more orders go to another account, or none."""
		account = self.random.choice([each for each in self.accounts if each.account != "default"])
		connection, rule = account.connection(), "Vendor Connection Rule"
		if frappe.db.exists(rule, {"parent": connection}):
			frappe.db.delete(rule, {"parent": connection})
			return f"{account.supplier} none"
		brand = {"kind": "Brand", "value": self.brand}
		place = {"parent": connection, "parenttype": "Vendor Connection", "parentfield": "rules", "idx": 1}
		frappe.get_doc({"doctype": rule, **place, **brand}).db_insert()
		return f"{account.supplier} {self.brand}"

	def _set_there(self, before: tuple[str, ...], after: str) -> str | None:
		if not (found := self.some_remote(*before)):
			return None
		vendor, remote = found
		vendor.shipstation.set_order_status(vendor.api_key, remote["orderId"], after)
		return remote["orderKey"]

	# What MedGrid does

	def sync(self) -> str:
		vendor = self.random.choice(self.accounts)
		frappe.db.commit()
		jobs.sync_connection(vendor.connection(), limit=self.random.choice((None, None, 1)))
		return f"{vendor.supplier} {vendor.account}"

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
		"""The next attempts are due; the leases and claims of dead workers, and what ShipStation counts of a
		minute's requests, are over."""
		for vendor in self.accounts:
			connection = vendor.connection()
			key_pair = SecretStr(vendor.api_key), SecretStr(vendor.api_secret)
			frappe.cache.delete(RequestWindow(frappe.cache, *key_pair).key)
			if frappe.db.exists("Sync Run", {"connection": connection, "running": ("is", "set")}):
				kill("shipstation", connection)
			mine = {"supplier": vendor.supplier}
			for name, value in (("next_attempt_at", LONG_AGO), ("tracking_asked_at", None)):
				frappe.db.set_value(RECORD, {**mine, name: (">", LONG_AGO)}, name, value)
			unknown = {**mine, "status": ("in", ("Sending", "Outcome Unknown"))}
			# Not longer ago: what was sent months ago is not looked for any more.
			an_hour_ago = stored_utc_now() - timedelta(hours=1)
			frappe.db.set_value(RECORD, unknown, "claimed_at", an_hour_ago)
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
		vendor = self.random.choice(self.accounts)
		connection = vendor.connection()
		kind = self.random.choice(("timeout_before", "timeout_after"))
		path = self.random.choice((CREATE, "/orders*"))
		kill_worker(vendor.shipstation, lambda: jobs.sync_connection(connection), kind, path=path)
		return f"{vendor.supplier} {kind} {path}"

	def end(self, store: Any) -> None:
		"""All is well, and time passes: the jobs of the scheduler do what is left.

		:param store: ends its part of the day, too.
		"""
		self.vendors[0].shipstation.clear_faults()
		while self.waiting:
			self.random.choice((self.job, self.lose_job))()
		for _round in range(4):
			self.time_passes()
			register_missed()
			for vendor in self.accounts:
				jobs.sync_connection(vendor.connection())
			store.end()
			do_not_ship.tell_overdue()
			while self.waiting:
				self.job()
		# Until then a change that nobody can send again waits "for the next sync".
		for vendor in self.accounts:
			jobs.sync_connection(vendor.connection())
		frappe.db.commit()

	def is_quiet(self) -> None:
		"""Another sync sends nothing."""
		for vendor in self.accounts:
			vendor.shipstation.clear_received()
			jobs.sync_connection(vendor.connection())
			paths = [request["path"] for request in vendor.shipstation.received(vendor.api_key)]
			assert CREATE not in paths and "/accounts/listtags" in paths


def kill_worker(there: Any, work: Callable[[], Any], kind: str, **where: str) -> None:
	"""Kills a worker while the other system lets it wait for an answer.

	:param there: the control of the simulator.
	:param work: what the worker does.
	:param kind: "timeout_before" or "timeout_after": whether the request takes effect.
	:param where: the request that is not answered, as `Fault` names it.
	"""
	frappe.db.commit()
	there.clear_faults()
	there.fault(kind, seconds=60, **where)
	worker = os.fork()
	if worker == 0:
		_work_and_end(work)
	try:
		wait_for(lambda: not there.faults() or _has_ended(worker))
	finally:
		os.kill(worker, signal.SIGKILL)
		os.waitpid(worker, 0)
	there.clear_faults()
	frappe.db.rollback()


def _work_and_end(work: Callable[[], Any]) -> NoReturn:
	"""The worker's process. Its connection to the database is its own."""
	# If nobody held it here, it would be closed, and with it the session of the process that goes on.
	inherited = frappe.local.db
	try:
		frappe.connect(set_admin_as_user=False)
		assert frappe.local.db is not inherited
		work()
	finally:
		os._exit(0)


def _has_ended(worker: int) -> bool:
	return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
