"""An INVOICE is booked once, whatever happens in between."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import stored_utc_now
from medgrid.vertex.booking import reconciliation
from tests.support.connector import issue
from tests.support.http import message
from tests.support.records import write_values
from tests.vertex.webhooks import tax_document

DOCTYPE = "Vertex Tax Document"
SUPPLIES = "/vertex-ws/v2/supplies"
EXISTS = "/vertex-ws/v2/transaction-exists/"
HABITS = ["replace", "duplicate", "refuse"]


@pytest.fixture
def number():
	return f"#{secrets.token_hex(4)}"


@pytest.fixture
def invoice(complete_shop, number):
	"""`invoice()`: sends the invoice, with changes."""

	def send(**changes):
		values = {"saleMessageType": "INVOICE", "documentNumber": number, **changes}
		return complete_shop.call("shopify_tax_calculate", **complete_shop.sale(**values))

	return send


@pytest.fixture
def row(number):
	"""`row()`: the Vertex Tax Document as the database has it now."""

	def read():
		frappe.db.rollback()
		names = frappe.get_all(DOCTYPE, {"document_number": number}, pluck="name")
		assert len(names) <= 1
		return frappe.get_doc(DOCTYPE, names[0]) if names else None

	return read


def let_time_pass(row, seconds: float) -> None:
	"""As if the last attempt had begun so much earlier."""
	document = row()
	earlier = document.claimed_at - timedelta(seconds=seconds)
	write_values(DOCTYPE, document.name, "claimed_at", earlier)


def booked(vertex, number) -> list[dict]:
	return [entry for entry in vertex.journal(document_number=number) if not entry["deleted"]]


def sent(vertex, number) -> list[dict]:
	entries = vertex.received(path=SUPPLIES)
	return [entry["body"] for entry in entries if (entry["body"] or {}).get("documentNumber") == number]


def test_an_invoice_is_booked_and_the_same_again_is_answered_from_here(invoice, row, vertex, number):
	first = message(invoice(orderId="450789469"))
	assert first["transactionId"].startswith("MG-")
	assert (first["totalTax"], first["total"]) == (5.84, 62.84)
	assert "alreadyCommitted" not in first
	again = message(invoice(orderId="450789469"))
	assert again == {**first, "alreadyCommitted": True}
	[entry] = booked(vertex, number)
	assert (entry["id"], entry["totalTax"]) == (first["transactionId"], 5.84)
	assert len(sent(vertex, number)) == 1
	document = row()
	assert (document.status, document.kind, document.reference_doctype) == (
		"Committed",
		"Invoice",
		"Shopify Order",
	)
	assert (document.reference_name, document.order_id) == (number, "450789469")
	assert (document.total_tax, document.total, document.error, document.claim) == (5.84, 62.84, None, None)
	assert json.loads(document.request)["transactionId"] == first["transactionId"]


def test_a_date_that_was_left_out_is_the_stored_one(invoice, row):
	first = message(invoice(documentDate="2026-11-20"))
	assert message(invoice()) == {**first, "alreadyCommitted": True}


def test_the_shipping_is_apart_in_the_stored_answer_too(invoice):
	shipping = [{"id": "s", "title": "Ground", "price": 12.0}]
	first = message(invoice(shipping=shipping))
	assert [line["id"] for line in first["shipping"]] == ["s"]
	assert message(invoice(shipping=shipping)) == {**first, "alreadyCommitted": True}


def test_other_content_under_the_same_number_is_refused(invoice, vertex, number):
	message(invoice())
	body = issue(invoice(lineItems=[{"id": "1", "extendedPrice": 58.0}]), 400)
	assert body["detail"].endswith(
		f"Invoice {number} has other content already. Send it with another documentNumber."
	)
	assert len(booked(vertex, number)) == 1


@pytest.mark.parametrize("habit", HABITS)
def test_eight_at_once_are_booked_once(invoice, vertex, number, habit):
	vertex.set_repeated_id(habit)
	vertex.fault("slow", path=SUPPLIES, seconds=1)
	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(lambda _number: invoice(), range(8)))
	assert {answer.status_code for answer in answers} <= {200, 503}
	assert 200 in {answer.status_code for answer in answers}
	for answer in answers:
		if answer.status_code == 503:
			assert int(answer.headers["Retry-After"]) <= 10
	assert len(booked(vertex, number)) == 1
	assert len(sent(vertex, number)) == 1
	assert message(invoice())["totalTax"] == 5.84


@pytest.mark.parametrize("habit", HABITS)
def test_a_lost_answer_is_known_two_minutes_later(invoice, row, vertex, number, habit):
	vertex.set_repeated_id(habit)
	vertex.fault("drop_after", path=SUPPLIES)
	answer = invoice()
	body = issue(answer, 503)
	assert "not known yet" in body["detail"]
	assert answer.headers["Retry-After"] == "120"
	assert row().status == "In Doubt"
	early = invoice()
	issue(early, 503)
	assert 100 < int(early.headers["Retry-After"]) <= 120
	assert vertex.received(path=EXISTS + row().transaction_id) == []
	let_time_pass(row, 121)
	settled = message(invoice())
	assert (settled["totalTax"], settled["alreadyCommitted"]) == (5.84, True)
	assert message(invoice()) == settled
	assert row().status == "Committed"
	assert row().error == "settled without an answer"
	assert len(booked(vertex, number)) == 1
	assert len([each for each in sent(vertex, number) if each["saleMessageType"] == "INVOICE"]) == 1


def test_an_answer_that_comes_too_late_is_known_two_minutes_later(invoice, row, vertex, number):
	vertex.fault("timeout_after", path=SUPPLIES, seconds=60)
	answer = invoice()
	assert "not known yet" in issue(answer, 503)["detail"]
	assert answer.headers["Retry-After"] == "120"
	let_time_pass(row, 121)
	assert message(invoice())["alreadyCommitted"] is True
	assert len(booked(vertex, number)) == 1


@pytest.mark.parametrize("habit", HABITS)
def test_a_request_that_never_arrived_is_sent_again_with_the_same_id(invoice, row, vertex, number, habit):
	vertex.set_repeated_id(habit)
	vertex.fault("status", path=SUPPLIES, status=503)
	issue(invoice(), 503)
	first = row()
	assert first.status == "In Doubt"
	let_time_pass(row, 121)
	answer = message(invoice())
	assert answer["transactionId"] == first.transaction_id
	assert "alreadyCommitted" not in answer
	assert [each["transactionId"] for each in sent(vertex, number)] == [first.transaction_id] * 2
	assert len(booked(vertex, number)) == 1


@pytest.mark.parametrize("kind", ["bad_sum", "missing_line", "html_200"])
def test_an_answer_that_makes_no_sense_leaves_the_outcome_open(invoice, row, vertex, number, kind):
	vertex.fault(kind, path=SUPPLIES)
	answer = invoice()
	issue(answer, 502)
	assert row().status == "In Doubt"
	let_time_pass(row, 121)
	assert message(invoice())["totalTax"] == 5.84
	assert len(booked(vertex, number)) == 1


def test_the_worker_of_a_young_claim_is_waited_for(invoice, row, vertex, number):
	message(invoice())
	write_values(DOCTYPE, row().name, {"status": "Sending", "claim": "x", "claimed_at": stored_utc_now()})
	answer = invoice()
	body = issue(answer, 503)
	assert (answer.headers["Retry-After"], body["title"]) == ("5", "Service Unavailable")
	assert "is being booked by another request" in body["detail"]
	row()
	assert not frappe.db.exists("Integration Issue", body["id"])


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("was_booked", [True, False])
def test_a_killed_worker_leaves_one_booking(invoice, row, vertex, number, habit, was_booked):
	vertex.set_repeated_id(habit)
	if was_booked:
		message(invoice())
	else:
		vertex.fault("status", path=SUPPLIES, status=400)
		issue(invoice(), 400)
	killed = {"status": "Sending", "claim": "dead", "answer": None, "committed_at": None}
	write_values(DOCTYPE, row().name, killed)
	let_time_pass(row, 301)
	answer = message(invoice())
	assert answer["totalTax"] == 5.84
	assert answer.get("alreadyCommitted", False) is was_booked
	assert len(booked(vertex, number)) == 1


@pytest.mark.parametrize("habit", ["replace", "refuse"])
def test_a_backup_without_the_booking_ends_in_one(invoice, row, vertex, number, habit):
	vertex.set_repeated_id(habit)
	first = message(invoice())
	frappe.db.delete(DOCTYPE, {"name": row().name})
	frappe.db.commit()
	answer = message(invoice())
	assert (answer["transactionId"], answer["totalTax"]) == (first["transactionId"], 5.84)
	assert row().status == "Committed"
	assert len(booked(vertex, number)) == 1


def test_a_restored_doubt_is_settled(invoice, row, vertex, number):
	message(invoice())
	restored = {"status": "In Doubt", "claim": "old", "answer": None}
	write_values(DOCTYPE, row().name, restored)
	let_time_pass(row, 3600)
	assert message(invoice())["alreadyCommitted"] is True
	assert len(booked(vertex, number)) == 1


def test_what_vertex_refused_is_sent_again_with_the_same_id(invoice, row, vertex, number):
	vertex.fault("status", path=SUPPLIES, status=400)
	issue(invoice(), 400)
	failed = row()
	assert failed.status == "Failed"
	assert failed.error
	answer = message(invoice())
	assert (answer["transactionId"], "alreadyCommitted" in answer) == (failed.transaction_id, False)
	assert row().attempts == 2
	assert len(booked(vertex, number)) == 1


def test_what_vertex_refused_may_be_corrected(invoice, row, vertex, number):
	vertex.fault("status", path=SUPPLIES, status=400)
	issue(invoice(), 400)
	answer = message(invoice(lineItems=[{"id": "1", "extendedPrice": 100.0}]))
	assert (answer["subTotal"], row().status) == (100.0, "Committed")


def test_a_void_invoice_is_not_booked(invoice, row, vertex, number):
	vertex.fault("status", path=SUPPLIES, status=400)
	issue(invoice(), 400)
	write_values(DOCTYPE, row().name, "status", "Void")
	assert "was voided before it was booked" in issue(invoice(), 400)["detail"]
	assert booked(vertex, number) == []


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_is_not_the_documents_leaves_it_pending(invoice, row, vertex, number, status):
	vertex.fault("status", path=SUPPLIES, status=status, times=10)
	assert invoice().status_code in (401, 403, 503)
	document = row()
	assert document.status == "Pending"
	assert document.next_attempt_at > stored_utc_now()
	vertex.clear_faults()
	assert message(invoice())["totalTax"] == 5.84
	assert len(booked(vertex, number)) == 1


# The jobs


def test_the_hourly_job_settles_a_doubt(invoice, row, vertex, number):
	vertex.fault("drop_after", path=SUPPLIES)
	issue(invoice(), 503)
	reconciliation.look_up_open()
	assert row().status == "In Doubt"
	let_time_pass(row, 121)
	reconciliation.look_up_open()
	assert (row().status, row().error) == ("Committed", "settled without an answer")
	assert len(booked(vertex, number)) == 1


def test_the_job_sends_again_what_did_not_arrive(invoice, row, vertex, number):
	vertex.fault("status", path=SUPPLIES, status=503)
	issue(invoice(), 503)
	let_time_pass(row, 121)
	reconciliation.look_up_open()
	assert row().status == "Committed"
	assert len(booked(vertex, number)) == 1


def test_a_doubt_stays_while_vertex_is_away(invoice, row, vertex, number):
	vertex.fault("drop_after", path=SUPPLIES)
	issue(invoice(), 503)
	let_time_pass(row, 121)
	vertex.fault("status", path=EXISTS + "*", status=500, times=10)
	reconciliation.look_up_open()
	issue(invoice(), 503)
	assert row().status == "In Doubt"


def test_the_job_books_what_is_due_and_nothing_earlier(invoice, row, vertex, number):
	vertex.fault("status", path=SUPPLIES, status=429, times=2)
	issue(invoice(), 503)
	reconciliation.book_due()
	assert row().status == "Pending"
	write_values(DOCTYPE, row().name, "next_attempt_at", None)
	reconciliation.book_due()
	assert (row().status, row().total_tax) == ("Committed", 5.84)
	assert message(invoice())["alreadyCommitted"] is True


def test_refused_credentials_stop_a_merchants_jobs_until_it_is_onboarded(invoice, row, vertex, complete_shop):
	vertex.fault("status", path=SUPPLIES, status=403, times=2)
	issue(invoice(), 403)
	merchant = complete_shop.document()
	assert "denies the access" in merchant.last_error
	write_values(DOCTYPE, row().name, "next_attempt_at", None)
	reconciliation.book_due()
	assert reconciliation.is_blocked(merchant.name)
	assert row().status == "Pending"
	complete_shop.onboard()
	assert not reconciliation.is_blocked(merchant.name)
	reconciliation.book_due()
	assert row().status == "Committed"


def test_a_record_that_nobody_can_read_does_not_stop_the_others(invoice, row, vertex, number, complete_shop):
	broken = tax_document(complete_shop, "#broken", "Pending", request="{}")
	vertex.fault("status", path=SUPPLIES, status=429, times=2)
	issue(invoice(), 503)
	write_values(DOCTYPE, row().name, "next_attempt_at", None)
	try:
		reconciliation.book_due()
		assert row().status == "Committed"
		assert frappe.db.get_value(DOCTYPE, broken, "status") == "Pending"
		assert frappe.db.count("Error Log", {"method": ("like", f"%{broken}%")}) == 1
	finally:
		frappe.db.delete(DOCTYPE, {"name": broken})
		frappe.db.commit()
