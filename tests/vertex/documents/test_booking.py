"""Invoices are booked once, credit notes take back what was charged, cancellations what was booked."""

import frappe
import pytest

from medgrid.vertex.booking import reconciliation, records, sales_invoices, unbooked
from tests.support import vertex as places
from tests.support.books import (
	book_all,
	bookings,
	credit_of,
	freight,
	ledger,
	of_company,
	own_rows,
	states,
)
from tests.support.connector import set_up_settings
from tests.support.records import write_values

TAX_ACCOUNT = "MGT Sales Tax"
pytestmark = pytest.mark.usefixtures("no_worker")


def test_a_submitted_invoice_is_booked_once_and_the_books_agree(books):
	document = books.submitted(taxes=[freight(12)])
	assert document.vertex_status == "Pending"
	assert states(document) == [("Invoice", "Pending")]
	assert books.entries() == []
	book_all()
	book_all()
	document.reload()
	assert document.vertex_status == "Committed"
	assert states(document) == [("Invoice", "Committed")]
	assert [each["id"] for each in books.entries()] == [document.vertex_transaction_id]
	row = bookings(document)[0]
	assert (row.total_tax, row.mismatch) == (5.84, 0)
	sums = ledger(document)
	assert sums[of_company(TAX_ACCOUNT)] == pytest.approx(-5.84)
	assert sum(sums.values()) == pytest.approx(0)


def test_a_submit_that_erpnext_refuses_leaves_nothing(books):
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	frappe.db.set_value("Account", of_company("Sales"), "disabled", 1)
	frappe.clear_document_cache("Account", of_company("Sales"))
	with pytest.raises(frappe.ValidationError):
		document.submit()
	frappe.db.rollback()
	assert bookings(document) == []
	assert books.entries() == []


def test_a_submit_is_refused_while_vertex_is_away(books):
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	books.vertex.fault("status", status=503, times=50)
	with pytest.raises(frappe.ValidationError, match="cannot be calculated"):
		document.submit()
	frappe.db.rollback()
	assert frappe.db.get_value("Sales Invoice", document.name, "docstatus") == 0
	assert bookings(document) == []


def test_a_submit_without_tax_is_booked_later(books):
	set_up_settings(submit_without_tax=1)
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	books.vertex.fault("status", status=503, times=50)
	document.submit()
	frappe.db.commit()
	assert states(document) == [("Invoice", "Pending")]
	books.vertex.clear_faults()
	book_all()
	assert document.reload().vertex_status == "Committed"


def test_a_difference_is_shown_and_makes_an_issue(books):
	document = books.submitted()
	write_values(records.DOCTYPE, bookings(document)[0].name, "quoted_tax", 5.80)
	book_all()
	document.reload()
	assert document.vertex_error == "Vertex booked 5.84, the invoice says 5.80."
	assert bookings(document)[0].mismatch == 1
	issue = {"issue_type": "vertex/document/mismatch", "reference_name": document.name}
	assert frappe.db.exists("Integration Issue", issue)


def mismatch_is_open(document) -> bool:
	issue = {"issue_type": "vertex/document/mismatch", "reference_name": document.name}
	issue["settled_at"] = ("is", "not set")
	return bool(frappe.db.exists("Integration Issue", issue))


def booked_with_a_difference(books):
	document = books.submitted()
	write_values(records.DOCTYPE, bookings(document)[0].name, "quoted_tax", 5.80)
	book_all()
	assert mismatch_is_open(document)
	return document.reload()


def test_the_issue_of_a_difference_is_settled_once_vertex_took_the_invoice_back(books):
	document = booked_with_a_difference(books)
	document.cancel()
	books.vertex.fault("status", status=429, times=50)
	book_all()
	assert mismatch_is_open(document), "Vertex still has the other tax"
	books.vertex.clear_faults()
	reversal = bookings(document)[-1]
	assert (reversal.kind, reversal.status) == ("Reversal", "Pending")
	write_values(records.DOCTYPE, reversal.name, "next_attempt_at", None)
	book_all()
	assert document.reload().vertex_status == "Reversed"
	assert document.vertex_error is None
	assert not mismatch_is_open(document)


def grown_old(document) -> None:
	"""The invoice was booked before what Vertex reverses."""
	filters = {"reference_name": document.name, "kind": "Invoice"}
	write_values(records.DOCTYPE, filters, "committed_at", "2026-01-01")


def test_an_old_invoice_is_taken_back_by_a_negative_one_at_the_rates_of_its_day(books):
	document = booked_with_a_difference(books)
	grown_old(document)
	document.cancel()
	book_all()
	document.reload()
	assert (document.vertex_status, document.vertex_error) == ("Reversed", None)
	reversal = bookings(document)[-1]
	assert (reversal.kind, reversal.total_tax, reversal.mismatch) == ("Reversal", -5.84, 0)
	assert not mismatch_is_open(document)
	[sent] = [each for each in books.vertex.journal() if each["id"] == reversal.transaction_id]
	assert (sent["kind"], sent["totalTax"]) == ("INVOICE", -5.84)
	assert sent["request"]["lineItems"][0]["taxDate"] == str(document.posting_date)
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


def test_a_negative_invoice_that_leaves_some_tax_at_vertex_is_told(books):
	document = books.booked()
	grown_old(document)
	document.cancel()
	books.vertex.fault("deferred", times=1)
	book_all()
	document.reload()
	reversal = bookings(document)[-1]
	left = f"Vertex took back {-reversal.total_tax:.2f} of 5.84."
	assert reversal.mismatch == 1
	assert (document.vertex_status, document.vertex_error) == ("Reversed", left)
	assert mismatch_is_open(document)
	assert reversal.name in records.open_mismatches()


def test_a_second_look_at_a_difference_leaves_its_issue_open(books):
	document = booked_with_a_difference(books)
	sales_invoices.show(bookings(document)[0].name)
	assert mismatch_is_open(document)


def test_the_issue_of_one_invoice_says_nothing_about_another(books):
	first, second = booked_with_a_difference(books), booked_with_a_difference(books)
	first.cancel()
	book_all()
	assert (mismatch_is_open(first), mismatch_is_open(second)) == (False, True)


def test_cancelled_before_it_was_booked_is_void(books):
	document = books.submitted()
	document.cancel()
	book_all()
	assert states(document) == [("Invoice", "Void")]
	assert books.entries() == []


def test_cancelled_after_it_was_booked_is_reversed(books):
	document = books.booked()
	document.cancel()
	assert document.vertex_status == "Reversal Pending"
	book_all()
	assert document.reload().vertex_status == "Reversed"
	assert states(document) == [("Invoice", "Committed"), ("Reversal", "Committed")]
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(0)


@pytest.mark.parametrize("state", ["Sending", "In Doubt"])
def test_cancelled_while_it_is_being_booked_waits_for_the_original(books, state):
	document = books.submitted()
	name = bookings(document)[0].name
	write_values(records.DOCTYPE, name, {"status": state, "claim": "x", "claimed_at": "2026-01-01"})
	document.reload().cancel()
	book_all()
	assert states(document) == [("Invoice", state), ("Reversal", "Pending")]
	reconciliation.look_up_open()
	book_all()
	assert states(document) == [("Invoice", "Committed"), ("Reversal", "Committed")]


@pytest.mark.parametrize("place", [places.CHICAGO, places.SEATTLE, places.NEW_YORK, places.MONTREAL])
def test_a_credit_note_takes_back_what_was_charged_by_level(books, place):
	document = books.booked(customer=books.customer(place), taxes=[freight(12)])
	credit = credit_of(document).insert()
	assert own_rows(credit) == [(level, text, -amount) for level, text, amount in own_rows(document)]
	credit.submit()
	book_all()
	assert states(credit) == [("Credit", "Committed")]
	assert ledger(credit) == {account: -amount for account, amount in ledger(document).items()}


def test_a_customer_who_became_exempt_gets_back_what_was_charged(books):
	document = books.booked()
	frappe.db.set_value("Customer", document.customer, "vertex_tax_exempt", 1)
	credit = credit_of(document).insert()
	assert credit.vertex_total_tax == pytest.approx(-5.84)
	line = books.requests()[-1]["body"]["lineItems"][0]
	assert line["taxDate"] == str(document.posting_date)


def test_amending_books_a_new_transaction_each_time(books):
	document = books.booked()
	ids = {document.vertex_transaction_id}
	for _number in range(3):
		document.cancel()
		book_all()
		amended = frappe.copy_doc(document)
		amended.amended_from = document.name
		document = amended.insert().submit()
		book_all()
		document.reload()
		ids.add(document.vertex_transaction_id)
		assert document.vertex_status == "Committed"
	assert len(ids) == 4


def test_settings_may_say_that_nothing_is_booked(books):
	set_up_settings(commit_invoices=0)
	document = books.submitted()
	assert (document.vertex_status, bookings(document)) == ("Quoted", [])


def test_a_lost_answer_is_settled_by_asking(books):
	document = books.submitted()
	books.vertex.fault("drop_after", times=1)
	book_all()
	assert document.reload().vertex_status == "In Doubt"
	name = bookings(document)[0].name
	write_values(records.DOCTYPE, name, "claimed_at", "2026-01-01")
	reconciliation.look_up_open()
	frappe.db.rollback()
	assert document.reload().vertex_status == "Committed"
	assert len(books.entries()) == 1


# Invoices that a restored backup has left without a booking


def unbooked_issues(document) -> list:
	reference = {"reference_doctype": "Sales Invoice", "reference_name": document.name}
	filters = {"issue_type": "vertex/document/unbooked", **reference}
	return frappe.get_all("Integration Issue", filters, ["attempts", "settled_at", "what_to_do"])


def test_a_submitted_invoice_without_a_booking_is_reported_and_not_booked(books):
	document, other = books.submitted(), books.submitted()
	frappe.db.delete(records.DOCTYPE, {"reference_name": document.name})
	frappe.db.commit()
	unbooked.search()
	unbooked.search()
	(issue,) = unbooked_issues(document)
	assert (issue.attempts, issue.settled_at) == (2, None)
	assert document.name in issue.what_to_do
	assert unbooked_issues(other) == []
	assert bookings(document) == []
	document.reload().cancel()
	frappe.db.commit()
	unbooked.search()
	assert unbooked_issues(document)[0].settled_at


def test_invoices_that_are_old_or_not_taxed_or_not_to_be_booked_are_not_reported(books):
	old = books.submitted()
	books.change_merchant(enabled=0)
	untaxed = books.submitted()
	for document in (old, untaxed):
		frappe.db.delete(records.DOCTYPE, {"reference_name": document.name})
	earlier = frappe.utils.add_days(frappe.utils.today(), -8)
	frappe.db.set_value("Sales Invoice", old.name, "posting_date", earlier)
	frappe.db.commit()
	unbooked.search()
	assert unbooked_issues(old) == unbooked_issues(untaxed) == []
	frappe.db.set_value("Sales Invoice", old.name, "posting_date", frappe.utils.today())
	set_up_settings(commit_invoices=0)
	unbooked.search()
	assert unbooked_issues(old) == []
