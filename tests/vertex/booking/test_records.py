"""The rows of what is booked."""

import secrets
from datetime import timedelta
from decimal import Decimal

import frappe
import pytest

from medgrid.clients.vertex.calculation import read_calculation
from medgrid.clients.vertex.wire import SaleRequest
from medgrid.http_client.errors import CredentialsRejected, NotSent, RateLimited, UnexpectedResponse
from medgrid.vertex.booking import contents, records
from medgrid.vertex.booking.destination import VertexBookings, receipt_of
from tests.support.records import write_values
from tests.unit.clients.vertex.factories import answer, line, sale, tax

BOOKINGS = VertexBookings(lambda: pytest.fail("no request is made"))


def invoice(transaction: str, price: str = "57.00") -> contents.NewInvoice:
	request = sale(price, message_type="INVOICE", transactionId=transaction, documentNumber="#1")
	return contents.NewInvoice("merchant", (records.SHOPIFY_ORDER, "#1"), request)


@pytest.fixture
def transaction(site):
	transaction = contents.transaction_id(secrets.token_hex(4))
	yield transaction
	frappe.db.delete(records.DOCTYPE, {"transaction_id": transaction})
	frappe.db.commit()


def test_the_id_is_the_same_for_every_attempt_and_differs_by_number(site):
	one = contents.transaction_id("merchant", "#1")
	assert one == contents.transaction_id("merchant", "#1")
	assert one != contents.transaction_id("merchant", "#2")
	assert len(one) == 35


def test_a_row_has_what_is_sent_and_is_added_once(transaction):
	first = contents.add(invoice(transaction))
	again = contents.add(invoice(transaction, "99.00"))
	assert again == first
	assert (first.is_new, again.is_new) == (True, False)
	assert (first.status, first.attempts) == ("Pending", 0)
	stored = SaleRequest.from_text(first.request)
	assert stored.lineItems[0].extendedPrice == Decimal("57")
	assert contents.hash_of(stored) == first.request_hash


def test_a_row_that_another_worker_adds_meanwhile_is_found(transaction, environment):
	from tests.support.rival import rival_connection

	# The snapshot of this transaction is from before the rival's row.
	assert frappe.db.count(records.DOCTYPE, {"transaction_id": transaction}) == 0
	with rival_connection() as rival:
		own = frappe.local.db
		frappe.local.db = rival
		try:
			first = contents.add(invoice(transaction))
		finally:
			frappe.local.db = own
	again = contents.add(invoice(transaction))
	assert (again, again.is_new) == (first, False)


def test_only_a_refused_row_gets_another_content(transaction):
	name = contents.add(invoice(transaction)).name
	contents.replace_content(name, invoice(transaction, "99.00"))
	assert SaleRequest.from_text(records.find(transaction).request).lineItems[0].extendedPrice == 57
	write_values(records.DOCTYPE, name, {"status": "Failed", "attempts": 3})
	contents.replace_content(name, invoice(transaction, "99.00"))
	changed = records.find(transaction)
	assert SaleRequest.from_text(changed.request).lineItems[0].extendedPrice == 99
	assert (changed.status, changed.attempts) == ("Failed", 3)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 360), (50, 360)])
def test_the_pauses_grow(attempts, minutes):
	assert BOOKINGS.pause_after(NotSent(service="vertex"), attempts) == timedelta(minutes=minutes)


def test_refused_credentials_and_a_stated_pause_wait_longer():
	assert BOOKINGS.pause_after(CredentialsRejected(service="vertex"), 1) == timedelta(hours=6)
	for seconds, waits in ((9000, 9000), (30, 60), (10**6, 6 * 3600)):
		limited = RateLimited(service="vertex", retry_after=seconds)
		assert BOOKINGS.pause_after(limited, 1) == timedelta(seconds=waits)


@pytest.mark.parametrize(("price", "stated"), [("499999999999.99", "500000000000.01"), ("1", "1e15")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_total_that_no_field_holds_leaves_the_outcome_open(site, price, stated, sign):
	"""Not a fault of MedGrid's: Vertex may have booked it, and `transaction-exists` says whether it has."""
	request = sale(f"{sign}{price}", message_type="INVOICE")
	calculation = read_calculation(answer(line(1, tax(f"{sign}{stated}"))), request)
	with pytest.raises(UnexpectedResponse):
		receipt_of(request, calculation)
