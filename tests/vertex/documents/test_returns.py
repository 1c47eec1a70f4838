"""Credit notes take back what was charged, however little of it, and whatever has changed since."""

import frappe
import pytest

from tests.support import vertex as places
from tests.support.books import address, book_all, bookings, credit_of, freight, ledger, own_rows, states
from tests.support.connector import set_up_settings

pytestmark = pytest.mark.usefixtures("no_worker")


def tax_of(*documents) -> float:
	return round(sum(each.vertex_total_tax for each in documents), 2)


def only(credit, **quantities):
	"""Leaves in a credit note some of its rows, by the position of the row, with these quantities."""
	rows = [row for number, row in enumerate(credit.items) if f"row_{number}" in quantities]
	for number, quantity in quantities.items():
		credit.items[int(number.removeprefix("row_"))].qty = quantity
	credit.items = rows
	return credit


def without_charges(credit):
	credit.taxes = [row for row in credit.taxes if row.vertex_level]
	return credit


def last_request(books) -> dict:
	return books.requests()[-1]["body"]


def test_a_part_of_an_invoice_is_taken_back_and_then_the_rest(books):
	document = books.booked({"qty": 2, "rate": 28.5}, {"qty": 3, "rate": 19.99}, taxes=[freight(12)])
	first = without_charges(only(credit_of(document), row_0=-2)).insert().submit()
	assert first.vertex_total_tax == pytest.approx(-5.84)
	rest = only(credit_of(document), row_1=-3).insert().submit()
	book_all()
	assert tax_of(document, first, rest) == 0
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)
	assert states(first) == states(rest) == [("Credit", "Committed")]
	accounts = {account for each in (document, first, rest) for account in ledger(each)}
	sums = {
		account: sum(ledger(each).get(account, 0) for each in (document, first, rest)) for account in accounts
	}
	assert sums == {account: pytest.approx(0) for account in accounts}


def test_a_part_of_a_row_is_taxed_at_the_original_s_day_and_addresses(books):
	document = books.booked({"qty": 4, "rate": 28.5})
	credit = only(credit_of(document), row_0=-2).insert()
	assert credit.vertex_total_tax == pytest.approx(-5.84)
	[line] = last_request(books)["lineItems"]
	assert (line["extendedPrice"], line["quantity"]["value"]) == (-57, -2)
	assert line["taxDate"] == str(document.posting_date)


def test_a_return_without_an_original_has_its_own_day_and_addresses(books):
	document = books.document("Sales Invoice", {"qty": -2, "rate": 28.5}, is_return=1).insert().submit()
	assert document.vertex_total_tax == pytest.approx(-5.84)
	assert "taxDate" not in last_request(books)["lineItems"][0]
	assert last_request(books)["customer"]["destination"]["city"] == "Chicago"
	book_all()
	assert states(document) == [("Credit", "Committed")]
	assert [each["totalTax"] for each in books.entries()] == [-5.84]
	assert sum(ledger(document).values()) == pytest.approx(0)


def test_vertex_keeps_colorado_s_fee(books):
	document = books.booked(customer=books.customer(places.DENVER), taxes=[freight(12)])
	credit = credit_of(document).insert().submit()
	book_all()
	charged = [row for row in own_rows(document) if row[0] != "Fee"]
	assert own_rows(credit) == [(level, text, -amount) for level, text, amount in charged]
	assert tax_of(document, credit) == pytest.approx(0.29)
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0.29)
	assert bookings(credit)[0].mismatch == 0


def test_the_customer_has_moved_since(books):
	customer = books.customer(places.CHICAGO)
	document = books.booked(customer=customer)
	name = frappe.db.get_value("Dynamic Link", {"link_name": customer, "parenttype": "Address"}, "parent")
	frappe.db.set_value("Address", name, {"city": "Seattle", "state": "WA", "pincode": "98104"})
	credit = credit_of(document).insert()
	assert last_request(books)["customer"]["destination"]["city"] == "Chicago"
	assert tax_of(document, credit) == 0


def test_the_customer_has_another_address_now(books):
	customer = books.customer(places.CHICAGO)
	document = books.booked(customer=customer)
	credit = credit_of(document)
	credit.shipping_address_name = address(("Customer", customer), places.SEATTLE)
	credit.insert()
	assert tax_of(document, credit) == 0


def test_the_item_has_become_exempt_since(books):
	document = books.booked()
	frappe.db.set_value("Item", books.item, "vertex_product_class", "RX")
	try:
		credit = credit_of(document).insert()
	finally:
		frappe.db.set_value("Item", books.item, "vertex_product_class", None)
	assert tax_of(document, credit) == 0


def test_the_warehouse_has_moved_since(books):
	warehouse = frappe.get_doc(
		{
			"doctype": "Warehouse",
			"warehouse_name": frappe.generate_hash(length=6),
			"company": books.document("Sales Order").company,
		}
	).insert()
	name = address(("Warehouse", warehouse.name), places.SEATTLE)
	document = books.booked(
		{"qty": 1, "rate": 5, "warehouse": warehouse.name}, {"qty": 1, "rate": 52}, taxes=[freight(12)]
	)
	frappe.db.set_value("Address", name, {"city": "Portland", "state": "OR", "pincode": "97201"})
	credit_of(document).insert()
	line = last_request(books)["lineItems"][0]
	assert line["seller"]["physicalOrigin"]["city"] == "Seattle"


def test_charges_have_another_product_class_now(books):
	document = books.booked(customer=books.customer(places.SEATTLE), taxes=[freight(12)])
	set_up_settings(shipping_product_class="RX")
	credit = credit_of(document).insert().submit()
	book_all()
	assert tax_of(document, credit) == 0
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("place", [places.CHICAGO, places.PORTLAND])
@pytest.mark.parametrize("is_booked", [0, 1])
def test_prices_have_come_to_include_the_tax_or_do_not_any_more(books, before, place, is_booked):
	set_up_settings(commit_invoices=is_booked)
	books.change_merchant(prices_include_tax=before)
	document = books.booked(customer=books.customer(place), taxes=[freight(12)])
	books.change_merchant(prices_include_tax=1 - before)
	credit = credit_of(document).insert().submit()
	book_all()
	assert credit.grand_total == pytest.approx(-document.grand_total)
	assert own_rows(credit) == [(level, text, -amount) for level, text, amount in own_rows(document)]
	assert ledger(credit) == {account: pytest.approx(-amount) for account, amount in ledger(document).items()}
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


def test_a_credit_note_may_come_before_its_original_is_booked(books):
	document = books.submitted()
	credit = credit_of(document).insert().submit()
	book_all()
	assert (states(document), states(credit)) == ([("Invoice", "Committed")], [("Credit", "Committed")])
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


def test_a_cancelled_credit_note_is_charged_again(books):
	document = books.booked()
	credit = credit_of(document).insert().submit()
	book_all()
	credit.reload().cancel()
	book_all()
	assert states(credit) == [("Credit", "Committed"), ("Reversal", "Committed")]
	assert sum(each["totalTax"] for each in books.vertex.journal()) == pytest.approx(5.84)
