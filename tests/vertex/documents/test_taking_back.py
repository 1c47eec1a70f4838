"""A cancellation writes nothing that jobs write: what was booked is taken back right after its commit, and by
a job if that was missed."""

import frappe
import pytest

from medgrid.vertex import jobs
from medgrid.vertex.booking import records, taking_back
from tests.support.books import book_all, bookings, states
from tests.support.rival import rival_connection

pytestmark = pytest.mark.usefixtures("no_worker")


def lost(monkeypatch) -> None:
	"""The process dies as soon as the cancellation is committed."""
	monkeypatch.setattr(taking_back, "_after_cancellation", lambda *_arguments: None)


@pytest.mark.parametrize("was_booked", [True, False])
def test_what_was_missed_is_taken_back_by_the_five_minute_job(books, monkeypatch, was_booked):
	document = books.booked() if was_booked else books.submitted()
	with monkeypatch.context() as patched:
		lost(patched)
		document.reload().cancel()
		frappe.db.commit()
	assert len(states(document)) == 1
	jobs.book_due()
	jobs.book_due()
	frappe.db.rollback()
	expected = [("Invoice", "Committed"), ("Reversal", "Committed")] if was_booked else [("Invoice", "Void")]
	assert states(document) == expected
	assert document.reload().vertex_status == ("Reversed" if was_booked else "Quoted")
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(0)


def test_nothing_books_an_invoice_whose_cancellation_is_not_written_yet(books, monkeypatch):
	document = books.submitted()
	with monkeypatch.context() as patched:
		lost(patched)
		document.cancel()
		frappe.db.commit()
	book_all()
	assert (states(document), books.vertex.journal()) == ([("Invoice", "Pending")], [])


def test_a_job_that_books_it_at_that_moment_does_not_undo_the_cancellation(books):
	"""With snapshot isolation, a write after the job's would fail (1020)."""
	document = books.submitted()
	name = bookings(document)[0].name
	frappe.db.commit()
	document.reload()
	frappe.db.get_value(records.DOCTYPE, name, "status")
	with rival_connection() as rival:
		rival.sql(
			f"UPDATE `tab{records.DOCTYPE}` SET status = 'Sending', claim = 'x' WHERE name = %s", [name]
		)
		rival.commit()
	document.cancel()
	frappe.db.commit()
	assert states(document) == [("Invoice", "Sending"), ("Reversal", "Pending")]
	assert document.reload().vertex_status == "Reversal Pending"


def test_a_failure_after_the_commit_is_reported_and_made_up_for(books, monkeypatch):
	document = books.booked()

	def fails(*_arguments):
		raise RuntimeError("the database went away")

	with monkeypatch.context() as patched:
		patched.setattr(taking_back, "_take_back", fails)
		document.reload().cancel()
		frappe.db.commit()
	assert document.reload().docstatus == 2
	jobs.book_due()
	frappe.db.rollback()
	assert ("Reversal", "Committed") in states(document)


def test_a_cancellation_that_is_undone_takes_nothing_back(books):
	document = books.booked()
	document.reload().cancel()
	frappe.db.rollback()
	jobs.book_due()
	frappe.db.rollback()
	assert states(document) == [("Invoice", "Committed")]
	assert document.reload().vertex_status == "Committed"


def test_an_invoice_that_is_deleted_in_the_same_transaction_is_taken_back(books):
	document = books.booked()
	document.reload().cancel()
	for ledger in ("GL Entry", "Payment Ledger Entry"):
		if frappe.db.table_exists(ledger):
			frappe.db.delete(ledger, {"voucher_no": document.name})
	frappe.delete_doc("Sales Invoice", document.name)
	frappe.db.commit()
	book_all()
	try:
		assert states(document) == [("Invoice", "Committed"), ("Reversal", "Committed")]
	finally:
		# Other tests' invoices get this name.
		frappe.db.rollback()
		frappe.db.delete(records.DOCTYPE, {"reference_name": document.name})
		frappe.db.commit()


def test_taking_back_twice_takes_back_once(books):
	document = books.booked()
	document.reload().cancel()
	frappe.db.commit()
	taking_back.take_back(document.name, document.vertex_transaction_id)
	taking_back.catch_up()
	assert [kind for kind, _status in states(document)] == ["Invoice", "Reversal"]
