"""Random days of an accountant, with a Vertex that loses answers and workers that are killed: in the end the
invoices, the books and Vertex say the same.

`--tax-runs N` says how many runs, `--tax-seed N` which ones (0: a random one). A failure names the seed with
which its run alone happens again.
"""

import os
import random
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import frappe
import pytest

from medgrid.vertex.booking import reconciliation, records
from tests.support import vertex as places
from tests.support.books import bookings, credit_of, freight, ledger, of_company, settle_all, states
from tests.support.waiting import wait_for

pytestmark = pytest.mark.usefixtures("no_worker")
CALLS = "/vertex-ws/*"
TAX_ACCOUNT = "MGT Sales Tax"
CITIES = ("CHICAGO", "SEATTLE", "NEW_YORK", "SAN_JUAN", "PORTLAND", "MONTREAL")
MOVES = 12


class Day:
	"""One run.

	:ivar invoices: names of all invoices and credit notes.
	"""

	def __init__(self, books, customers: list[str], seed: int):
		self.books, self.random = books, random.Random(seed)
		self.customers = customers
		self.invoices: list[str] = []
		self.diary: list[str] = []

	def moves(self) -> list[Callable[[], None]]:
		return [
			self.save,
			self.save,
			self.submit,
			self.submit,
			self.submit,
			self.change,
			self.cancel,
			self.give_back,
			self.give_back,
			self.amend,
			self.book,
			self.book,
			self.killed,
			self.killed,
			self.settle,
			self.misbehave,
			self.misbehave,
		]

	def run(self) -> None:
		for _number in range(MOVES):
			move = self.random.choice(self.moves())
			self.diary.append(move.__name__)
			try:
				move()
				frappe.db.commit()
			except frappe.ValidationError as refused:
				# ERPNext or MedGrid refuses it; nothing of it happened.
				self.diary.append(f"refused: {refused}"[:100])
				frappe.db.rollback()

	def some(self, **filters) -> str | None:
		rows = frappe.get_all(
			"Sales Invoice", {"name": ("in", self.invoices or [""]), **filters}, pluck="name", order_by="name"
		)
		return self.random.choice(rows) if rows else None

	def lines(self) -> list[dict]:
		return [
			{"qty": self.random.randint(1, 9), "rate": self.random.randint(1, 9999) / 100}
			for _line in range(self.random.randint(1, 4))
		]

	def insert(self, document) -> None:
		document.insert()
		self.invoices.append(document.name)

	def save(self) -> None:
		charges = [freight(self.random.randint(1, 2000) / 100)] if self.random.random() < 0.5 else []
		customer = self.random.choice(self.customers)
		self.insert(self.books.document("Sales Invoice", *self.lines(), customer=customer, taxes=charges))

	def submit(self) -> None:
		if name := self.some(docstatus=0):
			frappe.get_doc("Sales Invoice", name).submit()
		else:
			self.save()

	def change(self) -> None:
		if name := self.some(docstatus=0, is_return=0):
			document = frappe.get_doc("Sales Invoice", name)
			document.items[0].rate = self.random.randint(1, 9999) / 100
			document.save()

	def cancel(self) -> None:
		if name := self.some(docstatus=1):
			frappe.get_doc("Sales Invoice", name).cancel()

	def give_back(self) -> None:
		if name := self.some(docstatus=1, is_return=0):
			credit = credit_of(frappe.get_doc("Sales Invoice", name))
			if len(credit.items) > 1 and self.random.random() < 0.5:
				credit.items = credit.items[:1]
			self.insert(credit)

	def amend(self) -> None:
		amended = set(
			frappe.get_all(
				"Sales Invoice", {"amended_from": ("in", self.invoices or [""])}, pluck="amended_from"
			)
		)
		if (name := self.some(docstatus=2, is_return=0)) and name not in amended:
			document = frappe.copy_doc(frappe.get_doc("Sales Invoice", name))
			document.amended_from = name
			self.insert(document)

	def book(self) -> None:
		frappe.db.commit()
		reconciliation.book_due()

	def settle(self) -> None:
		settle_all()

	def misbehave(self) -> None:
		"""Vertex loses an answer, is too slow, is away, or refuses once."""
		kind = self.random.choice(("drop_after", "drop_after", "half", "html_200", "status", "malformed"))
		status = self.random.choice((400, 401, 403, 429, 500, 503))
		more = {"status": status} if kind == "status" else {}
		self.books.vertex.fault(kind, path=CALLS, times=1, **more)

	def killed(self) -> None:
		"""A worker ends in the middle of a booking: before Vertex has booked it, or after that."""
		frappe.db.commit()
		waiting = [name for name, _merchant in records.due(50)]
		if not waiting:
			return
		name, kind = self.random.choice(waiting), self.random.choice(("timeout_before", "timeout_after"))
		self.diary.append(kind)
		vertex = self.books.vertex
		vertex.clear_faults()
		vertex.fault(kind, path=CALLS, times=1, seconds=60)
		before = len(vertex.received(path=CALLS))
		worker = os.fork()
		if worker == 0:
			_book_and_end(name)
		try:
			wait_for(lambda: len(vertex.received(path=CALLS)) > before or _has_ended(worker))
		finally:
			os.kill(worker, signal.SIGKILL)
			_wait(worker)
		vertex.clear_faults()
		frappe.db.rollback()

	def end(self) -> None:
		"""Vertex is well, and time passes: the jobs do what is left, people retry what was refused."""
		self.books.vertex.clear_faults()
		for _round in range(4):
			reconciliation.release(self.books.merchant)
			for name in frappe.get_all(
				records.DOCTYPE, {"status": "Failed", "merchant": self.books.merchant}, pluck="name"
			):
				frappe.db.commit()
				reconciliation.book_document(name, retries=True)
			frappe.db.set_value(
				records.DOCTYPE,
				{"status": "Pending", "merchant": self.books.merchant},
				"next_attempt_at",
				None,
			)
			settle_all()
			self.book()
			frappe.db.rollback()


def _book_and_end(name: str) -> NoReturn:
	"""The worker's process. Its connection to the database is its own."""
	# If nobody held it here, it would be closed, and with it the session of the process that goes on.
	inherited = frappe.local.db
	try:
		frappe.connect(set_admin_as_user=False)
		assert frappe.local.db is not inherited
		reconciliation.book_document(name)
	finally:
		os._exit(0)


def _has_ended(worker: int) -> bool:
	"""Whether it had nothing to do: the credentials are refused, or Vertex issues no token."""
	return Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _wait(worker: int) -> None:
	os.waitpid(worker, 0)


def in_books(name: str) -> float:
	return -ledger(frappe.get_doc("Sales Invoice", name)).get(of_company(TAX_ACCOUNT), 0)


def check(day: Day) -> None:
	entries = day.books.vertex.journal()
	by_number: dict[str, list] = {}
	for entry in entries:
		# Jobs of earlier tests may still book invoices of shops, whose numbers begin with "#".
		if not entry["documentNumber"].startswith("#"):
			by_number.setdefault(entry["documentNumber"], []).append(entry)
	assert set(by_number) <= set(day.invoices)
	ids = [entry["id"] for entry in entries]
	assert len(ids) == len(set(ids)), "something is booked twice"
	for name in day.invoices:
		invoice = frappe.get_doc("Sales Invoice", name)
		at_vertex = round(sum(entry["totalTax"] for entry in by_number.get(name, [])), 2)
		assert at_vertex == pytest.approx(in_books(name)), (name, states(invoice))
		assert all(row.mismatch == 0 for row in bookings(invoice))
		sums = ledger(invoice)
		assert sum(sums.values()) == pytest.approx(0)
		allowed = {
			0: ("Quoted", "Out of Date"),
			1: ("Committed",),
			2: ("Quoted", "Reversed"),
		}[invoice.docstatus]
		assert invoice.vertex_status in allowed, (name, invoice.vertex_status, states(invoice))
		if invoice.docstatus == 1:
			assert at_vertex == pytest.approx(invoice.vertex_total_tax)


def test_books_and_vertex_end_equal(books, request):
	runs = request.config.getoption("--tax-runs")
	seed = request.config.getoption("--tax-seed") or secrets.randbelow(2**31)
	sys.stderr.write(f"\n{runs} random runs of bookings, --tax-seed {seed}\n")
	customers = [books.customer(getattr(places, city)) for city in CITIES]
	frappe.db.commit()
	for number in range(runs):
		books.vertex.clear_faults()
		places.set_up(books.vertex)
		books.vertex.set_repeated_id(random.Random(seed + number).choice(("replace", "refuse")))
		day = Day(books, customers, seed + number)
		try:
			day.run()
			day.end()
			check(day)
		except BaseException:
			sys.stderr.write(f"\n--tax-runs 1 --tax-seed {seed + number}: {', '.join(day.diary)}\n")
			raise
