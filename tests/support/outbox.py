"""A destination for Sales Orders whose other side is a file: each document that it makes is a line of it."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import frappe

from medgrid.exceptions import Conflict, MedgridError, RuleViolated
from medgrid.outbox import delivery
from medgrid.outbox.destinations import Outbox, Outcome, Reason, Record
from medgrid.outbox.states import State, Timing, WhoActs

CLAIM_SECONDS, SEARCH_LAG_SECONDS = 60, 30


class NotMade(MedgridError):
	"""The other side says that it has made nothing."""


class Refused(NotMade):
	"""The other side refuses the document as it is."""


class AnswerLost(MedgridError):
	"""Nobody knows what the other side made."""


class FileDestination:
	"""Documents for one Supplier; its records are ShipStation Orders.

	:param path: of the file.
	:param seconds: how long the call takes after the document was made.
	"""

	outbox = Outbox("ShipStation Order", Timing(CLAIM_SECONDS, SEARCH_LAG_SECONDS))

	def __init__(self, path: str, supplier: str, seconds: float = 0):
		self.path, self.supplier, self.seconds = Path(path), supplier, seconds
		self.fault: Exception | None = None
		self.rejection: Exception | None = None
		self.obstacle: Exception | None = None
		self.search_fault: Exception | None = None
		self.pause: timedelta | None = None
		self.makes = True
		self.prepared = 0

	def key(self, document: str) -> dict[str, str]:
		return {"sales_order": document, "supplier": self.supplier}

	def prepare(self, document: Any) -> str:
		self.prepared += 1
		if document.docstatus != 1:
			raise RuleViolated(f"{document.name} is not submitted.")
		return document.name

	def content(self, payload: str) -> dict[str, Any]:
		return {"lines": '["row"]'}

	def check(self, payload: str) -> None:
		if self.rejection:
			raise self.rejection

	def make_way(self, payload: str) -> None:
		if self.obstacle:
			raise self.obstacle

	def send(self, payload: str) -> str:
		if self.makes:
			with self.path.open("a") as file:
				file.write(f"{payload}\n")
		time.sleep(self.seconds)
		if self.fault:
			raise self.fault
		return f"id of {payload}"

	def is_not_made(self, error: Exception) -> bool:
		return isinstance(error, NotMade)

	def is_refused(self, error: Exception) -> bool:
		return isinstance(error, Refused)

	def pause_after(self, error: Exception, attempts: int) -> timedelta | None:
		return self.pause

	def find(self, document: str) -> str | None:
		if self.search_fault:
			raise self.search_fault
		return f"id of {document}" if document in self.made() else None

	def outcome(self, document: str, record: Record | None, receipt: str) -> Outcome:
		known = frappe.db.get_value(self.outbox.doctype, self.key(document), "shipstation_order_id")
		if known and known != receipt:
			raise Conflict(f"{document} is there twice.")
		values = {"shipstation_order_id": receipt}
		if frappe.db.get_value("Sales Order", document, "docstatus") == 2:
			return Outcome(values, State.CANCELLED, Reason("Cancel it there.", WhoActs.VENDOR))
		return Outcome(values)

	def reason_of(self, error: Exception) -> Reason:
		return Reason(str(error), WhoActs.ADMINISTRATOR)

	def reason_of_nothing(self) -> Reason:
		return Reason("It came to nothing.", WhoActs.WHOLESALER)

	def made(self) -> list[str]:
		return self.path.read_text().split() if self.path.exists() else []


def deliver(path: str, supplier: str, document: str, seconds: float) -> None:
	"""Delivers a document in a process of its own, as soon as the file `go` is there."""
	frappe.set_user("Administrator")
	Path(f"{path}.{time.time_ns()}.ready").touch()
	while not Path(f"{path}.go").exists():
		time.sleep(0.01)
	delivery.deliver(FileDestination(path, supplier, seconds), document)
