"""Many invoices submitted by four workers at once, while another one books them. Bookings keep
up, and memory stays flat.

`--submitted-invoices 500` submits as many; the figures are printed.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import frappe
import pytest

from medgrid.core.transactions import in_transaction
from medgrid.vertex.booking import reconciliation, records
from tests.support import vertex as places
from tests.support.books import freight, ledger, of_company

pytestmark = pytest.mark.usefixtures("no_worker")
WORKERS = 4
# In MiB: what a process may have more at the end than when half of its work was done.
GROWTH = 10
# Collected, a worker's copy of the connection would end the connection of the process that it comes from.
INHERITED: list[Any] = []
CITIES = ("CHICAGO", "SEATTLE", "NEW_YORK", "SAN_JUAN", "MONTREAL")


@pytest.fixture
def number(request) -> int:
	return request.config.getoption("--submitted-invoices")


def resident() -> float:
	"""The memory that this process has now, in MiB."""
	[kilobytes] = re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
	return int(kilobytes) / 1024


def submit_one(books, customer: str, position: int) -> None:
	rows = [{"qty": 1 + position % 7, "rate": 9.99 + position / 100}, {"qty": 1, "rate": 0.07}]
	charges = [freight(12.34)] if position % 3 else []
	books.document("Sales Invoice", *rows, customer=customer, taxes=charges).insert().submit()


def work_and_end(books, customers: list[str], positions: range, report: int) -> NoReturn:
	"""A worker's process. Its connection to the database is its own."""
	status = 1
	INHERITED.append(frappe.local.db)
	try:
		frappe.connect(set_admin_as_user=False)
		half = 0.0
		for done, position in enumerate(positions, 1):
			in_transaction(partial(submit_one, books, customers[position % len(customers)], position))
			frappe.clear_messages()
			if done == (len(positions) + 1) // 2:
				half = resident()
		os.write(report, f"{resident() - half:.3f} {waiting(books)}\n".encode())
		status = 0
	except BaseException as error:
		sys.stderr.write(f"\na worker ended: {error!r}\n")
	finally:
		os._exit(status)


@contextmanager
def at_work(books, customers: list[str], number: int) -> Iterator[tuple[list[int], int]]:
	"""The four workers' processes, and where each reports at its end how its memory has grown, and how many
	invoices are not booked yet."""
	read, write = os.pipe()
	workers = []
	for first in range(WORKERS):
		worker = os.fork()
		if worker == 0:
			work_and_end(books, customers, range(first, number, WORKERS), write)
		workers.append(worker)
	os.close(write)
	try:
		yield workers, read
	finally:
		os.close(read)


def still_at_work(workers: list[int]) -> bool:
	for worker in list(workers):
		ended, status = os.waitpid(worker, os.WNOHANG)
		if ended:
			workers.remove(worker)
			assert status == 0
	return bool(workers)


def waiting(books) -> int:
	frappe.db.rollback()
	return frappe.db.count(records.DOCTYPE, {"status": "Pending", "merchant": books.merchant})


def test_bookings_keep_up_with_four_workers_and_memory_stays_flat(books, number):
	customers = [books.customer(getattr(places, city)) for city in CITIES]
	frappe.db.commit()
	started, booked, half = time.monotonic(), 0, 0.0
	with at_work(books, customers, number) as (workers, report):
		while still_at_work(workers):
			booked += reconciliation.book_due().booked
			if not half and booked >= number / 2:
				half = resident()
		submitted = time.monotonic() - started
		while run := reconciliation.book_due().booked:
			booked += run
		reports = [line.split() for line in os.read(report, 4096).decode().splitlines()]
	all_booked = time.monotonic() - started
	growths, left = [float(each[0]) for each in reports], int(reports[-1][1])
	own = resident() - half if half else 0.0
	sys.stderr.write(
		f"\n{number} invoices submitted in {submitted:.1f} s, booked after {all_booked:.1f} s; not booked at "
		f"the end {left}; memory grew by {growths} MiB, of the one that books by {own:.1f}\n"
	)
	check(books, customers, number)
	assert left <= max(10, number // 10)
	assert len(growths) == WORKERS
	assert max(*growths, own) < GROWTH


def check(books, customers: list[str], number: int) -> None:
	"""The invoices, the books and Vertex say the same."""
	frappe.db.rollback()
	invoices = frappe.get_all("Sales Invoice", {"customer": ("in", customers), "docstatus": 1}, "*")
	assert len(invoices) == number
	assert {each.vertex_status for each in invoices} == {"Committed"}
	entries = books.entries()
	assert sorted(each["documentNumber"] for each in entries) == sorted(each.name for each in invoices)
	booked = {each["documentNumber"]: each["totalTax"] for each in entries}
	assert booked == pytest.approx({each.name: each.vertex_total_tax for each in invoices})
	documents = [frappe.get_doc("Sales Invoice", each.name) for each in invoices]
	taxed = {each.name: -ledger(each).get(of_company("MGT Sales Tax"), 0) for each in documents}
	assert booked == pytest.approx(taxed)
