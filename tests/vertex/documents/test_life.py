"""What happens to documents between the draft and the archive, and what of it Vertex hears."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import frappe
import pytest

from medgrid.vertex import jobs
from medgrid.vertex.booking import reconciliation, records, sales_invoices, unbooked
from tests.support.books import (
	book_all,
	bookings,
	credit_of,
	freight,
	own_rows,
	settle_all,
	states,
)
from tests.support.connector import issue, set_up_settings
from tests.support.http import Caller, message
from tests.support.people import person
from tests.support.waiting import wait_until_equal

RETRY = "medgrid.vertex.retry_document"
SUPPLIES = "/vertex-ws/v2/supplies"


@pytest.fixture
def clerk(environment):
	roles = ("Sales User", "Sales Manager", "Accounts User", "Accounts Manager")
	return Caller(environment, person("mgt.vertex.clerk@example.com", *roles))


# Drafts


def test_two_new_documents_of_one_series_do_not_wait_for_each_other(books, clerk):
	"""Vertex gets the second question while it thinks about the first."""
	documents = [books.document("Sales Order").as_dict(no_default_fields=True) for _number in range(2)]
	frappe.db.commit()
	books.vertex.fault("slow", path=SUPPLIES, seconds=3, times=2)
	contents = [frappe.parse_json(frappe.as_json(each)) for each in documents]
	with ThreadPoolExecutor(2) as pool:
		answers = list(
			pool.map(
				lambda values: clerk.post("frappe.client.insert", doc={"doctype": "Sales Order", **values}),
				contents,
			)
		)
	names = [message(answer)["name"] for answer in answers]
	assert len(set(names)) == 2
	times = [datetime.fromisoformat(each["time"]) for each in books.requests()]
	assert len(times) == 2
	assert abs((times[1] - times[0]).total_seconds()) < 3


def test_no_job_changes_a_draft_behind_its_author_s_back(books):
	books.vertex.fault("status", path=SUPPLIES, status=503, times=None)
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	books.vertex.clear_faults()
	for job in (jobs.book_due, jobs.settle_bookings, jobs.search_unbooked):
		job()
	frappe.db.rollback()
	fresh = frappe.get_doc("Sales Invoice", document.name)
	assert str(fresh.modified) == str(document.modified)
	assert (fresh.vertex_status, own_rows(fresh)) == ("Out of Date", [])


def test_who_saves_an_old_draft_is_refused_before_vertex_is_asked(books):
	document = books.document("Sales Order").insert()
	older = frappe.get_doc("Sales Order", document.name)
	document.po_no = "1"
	document.save()
	asked = len(books.requests())
	older.items[0].qty = 9
	with pytest.raises(frappe.TimestampMismatchError):
		older.save()
	assert len(books.requests()) == asked


def test_a_copy_of_an_invoice_starts_anew(books):
	document = books.booked()
	# It has all fields: what a program sends back is not believed.
	copy = frappe.copy_doc(document).insert()
	assert (copy.vertex_status, copy.vertex_transaction_id) == ("Quoted", None)
	assert own_rows(copy) == own_rows(document)


# Submitting


@pytest.mark.usefixtures("no_worker")
def test_a_submit_that_is_undone_later_in_its_transaction_leaves_nothing(books):
	document = books.document("Sales Invoice").insert()
	frappe.db.commit()
	document.submit()
	assert states(document) == [("Invoice", "Pending")]
	frappe.db.rollback()
	book_all()
	assert bookings(document) == []
	assert books.vertex.journal() == []


@pytest.mark.usefixtures("no_worker")
def test_a_booking_leaves_the_form_that_is_open_as_new_as_it_was(books):
	document = books.submitted()
	book_all()
	assert str(frappe.db.get_value("Sales Invoice", document.name, "modified")) == str(document.modified)
	document.cancel()
	assert document.vertex_status == "Reversal Pending"


@pytest.mark.usefixtures("no_worker")
def test_what_is_written_after_the_submit_changes_nothing_of_the_tax(books):
	document = books.booked()
	asked = len(books.requests())
	forged = {"vertex_status": "Failed", "vertex_total_tax": 1, "vertex_transaction_id": "MG-0"}
	document.update({"remarks": "paid in cash", "po_no": "77", **forged})
	try:
		document.save()
	except frappe.UpdateAfterSubmitError:
		document.reload()
	stored = frappe.get_doc("Sales Invoice", document.name)
	assert (stored.vertex_status, stored.vertex_total_tax) == ("Committed", pytest.approx(5.84))
	assert len(books.requests()) == asked


@pytest.mark.usefixtures("no_worker")
def test_an_invoice_submitted_without_any_tax_is_booked_and_the_difference_is_told(books):
	set_up_settings(submit_without_tax=1)
	books.vertex.fault("status", path=SUPPLIES, status=503, times=None)
	document = books.submitted()
	assert (document.vertex_status, own_rows(document)) == ("Pending", [])
	books.vertex.clear_faults()
	book_all()
	document.reload()
	[booking] = bookings(document)
	assert (booking.status, booking.total_tax, booking.mismatch) == ("Committed", 5.84, 1)
	assert document.vertex_error == "Vertex booked 5.84, the invoice says 0.00."


def address_of(document) -> str:
	return document.shipping_address_name or document.customer_address


@pytest.mark.usefixtures("no_worker")
def test_an_invoice_that_cannot_be_sent_is_submitted_where_the_settings_say_so_and_booked_once_corrected(
	books, manager
):
	document = books.document("Sales Invoice").insert()
	frappe.db.set_value("Address", address_of(document), "pincode", None)
	with pytest.raises(frappe.ValidationError, match="lacks the ZIP code"):
		document.submit()
	frappe.db.rollback()
	document = books.document("Sales Invoice").insert()
	set_up_settings(submit_without_tax=1)
	frappe.db.set_value("Address", address_of(document), "pincode", None)
	document.submit()
	frappe.db.commit()
	[booking] = bookings(document)
	assert (booking.status, document.vertex_status) == ("Failed", "Failed")
	assert "lacks the ZIP code" in booking.error
	opened = {"reference_name": booking.name, "settled_at": ("is", "not set")}
	assert frappe.db.count("Integration Issue", opened) == 1
	body = issue(manager.post(RETRY, doctype="Sales Invoice", name=document.name), 400)
	assert "lacks the ZIP code" in body["detail"]
	frappe.db.rollback()
	frappe.db.set_value("Address", address_of(document), "pincode", "60610")
	frappe.db.commit()
	message(manager.post(RETRY, doctype="Sales Invoice", name=document.name))
	wait_until_equal(lambda: fresh_status(document), "Committed")
	assert frappe.db.count("Integration Issue", opened) == 0
	assert [each["totalTax"] for each in books.entries()] == [5.84]


def status_of(booking: str) -> str:
	frappe.db.rollback()
	return frappe.db.get_value(records.DOCTYPE, booking, "status")


def fresh_status(document) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Sales Invoice", document.name, "vertex_status")


@pytest.mark.usefixtures("no_worker")
def test_an_invoice_that_could_not_be_sent_may_be_cancelled(books):
	set_up_settings(submit_without_tax=1)
	document = books.document("Sales Invoice").insert()
	frappe.db.set_value("Address", address_of(document), "pincode", None)
	document.submit()
	document.cancel()
	book_all()
	assert states(document) == [("Invoice", "Void")]
	assert books.vertex.journal() == []
	opened = {"reference_name": bookings(document)[0].name, "settled_at": ("is", "not set")}
	assert frappe.db.count("Integration Issue", opened) == 0


@pytest.mark.usefixtures("no_worker")
def test_what_vertex_refused_is_sent_with_the_address_that_was_corrected(books, manager):
	document = books.submitted()
	books.vertex.fault("status", path=SUPPLIES, status=400, times=1)
	book_all()
	assert document.reload().vertex_status == "Failed"
	frappe.db.set_value("Address", address_of(document), "address_line1", "1 Corrected Street")
	frappe.db.commit()
	message(manager.post(RETRY, doctype="Sales Invoice", name=document.name))
	wait_until_equal(lambda: fresh_status(document), "Committed")
	[entry] = books.entries()
	assert entry["request"]["customer"]["destination"]["streetAddress1"] == "1 Corrected Street"
	assert entry["id"] == document.vertex_transaction_id


# Cancelling


@pytest.mark.usefixtures("no_worker")
def test_cancelled_while_vertex_books_it(books):
	"""The request is on its way: the cancellation does not wait for it, and its reversal comes after it."""
	document = books.submitted()
	name = bookings(document)[0].name
	books.vertex.fault("slow", path=SUPPLIES, seconds=15, times=1)
	site = frappe.local.site

	def book() -> None:
		frappe.connect(site)
		try:
			reconciliation.book_document(name)
		finally:
			frappe.destroy()

	frappe.db.commit()
	worker = threading.Thread(target=book)
	worker.start()
	wait_until_equal(lambda: status_of(name), records.SENDING)
	frappe.db.rollback()
	document.reload().cancel()
	frappe.db.commit()
	assert worker.is_alive()
	worker.join()
	book_all()
	assert states(document) == [("Invoice", "Committed"), ("Reversal", "Committed")]
	assert document.reload().vertex_status == "Reversed"
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(0)


@pytest.fixture
def delete():
	"""Deletes a cancelled invoice, as Frappe lets people do who delete its entries in the ledger first."""
	names = []

	def act(invoice) -> None:
		names.append(invoice.name)
		for ledger in ("GL Entry", "Payment Ledger Entry", "Stock Ledger Entry"):
			if frappe.db.table_exists(ledger):
				frappe.db.delete(ledger, {"voucher_no": invoice.name})
		frappe.delete_doc("Sales Invoice", invoice.name)
		frappe.db.commit()
		assert not frappe.db.exists("Sales Invoice", invoice.name)

	yield act
	# Other tests' invoices get these names.
	frappe.db.rollback()
	frappe.db.delete(records.DOCTYPE, {"reference_name": ("in", names)})
	frappe.db.commit()


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize("was_booked", [True, False])
def test_a_cancelled_invoice_may_be_deleted_and_its_tax_document_stays(books, delete, was_booked):
	document = books.submitted(taxes=[freight(12)])
	if was_booked:
		book_all()
	document.reload().cancel()
	frappe.db.commit()
	before = states(document)
	delete(document)
	assert states(document) == before
	book_all()
	expected = [("Invoice", "Committed"), ("Reversal", "Committed")] if was_booked else [("Invoice", "Void")]
	assert states(document) == expected
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(0)


@pytest.mark.usefixtures("no_worker")
def test_an_invoice_that_gets_the_name_of_a_deleted_one_has_nothing_to_do_with_it(books, delete):
	first = books.booked()
	first.cancel()
	book_all()
	delete(first)
	again = books.submitted({"qty": 1, "rate": 100})
	assert again.name == first.name
	book_all()
	again.reload()
	assert again.vertex_status == "Committed"
	assert states(again) == [("Invoice", "Committed"), ("Reversal", "Committed"), ("Invoice", "Committed")]
	sales_invoices.show(bookings(again)[0].name)
	assert again.reload().vertex_status == "Committed"
	credit = credit_of(again).insert().submit()
	assert credit.vertex_total_tax == pytest.approx(-again.vertex_total_tax)
	book_all()
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(0)
	frappe.db.delete(records.DOCTYPE, {"transaction_id": again.vertex_transaction_id})
	frappe.db.commit()
	unbooked.search()
	filters = {"issue_type": "vertex/document/unbooked", "reference_name": again.name}
	assert frappe.db.get_value("Integration Issue", {**filters, "settled_at": ("is", "not set")})


@pytest.mark.usefixtures("no_worker")
def test_an_invoice_that_is_amended_three_times_is_at_vertex_once(books):
	document = books.booked()
	for number in range(3):
		document.cancel()
		# Every second time the reversal comes later.
		if number % 2:
			book_all()
		amended = frappe.copy_doc(document)
		amended.amended_from = document.name
		amended.items[0].qty = 3 + number
		document = amended.insert().submit()
		book_all()
		document.reload()
	assert document.vertex_status == "Committed"
	[entry] = [each for each in books.entries() if each["kind"] == "INVOICE"]
	assert (entry["id"], entry["subTotal"]) == (document.vertex_transaction_id, 5 * 28.5)
	total = sum(each["totalTax"] for each in books.vertex.journal())
	assert total == pytest.approx(document.vertex_total_tax)
	credit = credit_of(document).insert().submit()
	book_all()
	assert credit.vertex_total_tax == pytest.approx(-document.vertex_total_tax)


@pytest.mark.usefixtures("no_worker")
def test_the_answer_to_a_reversal_is_lost(books):
	document = books.booked()
	document.cancel()
	books.vertex.fault("drop_after", times=1)
	book_all()
	assert document.reload().vertex_status == "Reversal Pending"
	settle_all()
	assert document.reload().vertex_status == "Reversed"
	assert [each["kind"] for each in books.vertex.journal()] == ["INVOICE", "REVERSAL"]
