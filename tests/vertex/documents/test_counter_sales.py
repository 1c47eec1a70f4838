"""Sales at a counter: Sales Invoices and, on ERPNext, POS Invoices that a closing consolidates."""

import frappe
import pytest

from medgrid.vertex.booking import unbooked
from tests.support import records
from tests.support import vertex as places
from tests.support.books import (
	NAME,
	book_all,
	bookings,
	credit_of,
	freight,
	ledger,
	of_company,
	states,
)

TAX_ACCOUNT = "MGT Sales Tax"
CASH = "MGT Till"
pytestmark = pytest.mark.usefixtures("no_worker")


def cost_center() -> str:
	return frappe.get_cached_value("Company", NAME, "cost_center")


def till(**values) -> dict:
	"""The values of an invoice that is sold at a counter."""
	account = {"company": NAME, "default_account": of_company("Cash")}
	records.ensure("Mode of Payment", {"mode_of_payment": CASH}, type="Cash", accounts=[account])
	profile = {
		"doctype": "POS Profile",
		"name": f"MGT Counter {frappe.generate_hash(length=6)}",
		"company": NAME,
		"currency": "USD",
		"warehouse": frappe.db.get_value("Warehouse", {"company": NAME, "is_group": 0}),
		"write_off_account": of_company("Write Off"),
		"write_off_cost_center": cost_center(),
		"write_off_limit": 1,
		"payments": [{"mode_of_payment": CASH, "default": 1}],
		**values,
	}
	name = frappe.get_doc(profile).insert().name
	return {"is_pos": 1, "pos_profile": name}


def paid(amount: float) -> list[dict]:
	return [{"mode_of_payment": CASH, "account": of_company("Cash"), "type": "Cash", "amount": amount}]


def tax_template() -> str:
	tax = {
		"charge_type": "On Net Total",
		"account_head": of_company(TAX_ACCOUNT),
		"description": "Local tax",
		"rate": 8,
	}
	template = {
		"doctype": "Sales Taxes and Charges Template",
		"title": frappe.generate_hash(length=8),
		"company": NAME,
		"taxes": [tax],
	}
	return frappe.get_doc(template).insert().name


def test_a_sale_at_a_counter_is_paid_with_its_tax_and_booked_once(books):
	document = books.submitted(**till(), payments=paid(62.84))
	assert (document.paid_amount, document.change_amount) == (62.84, 0)
	assert document.reload().outstanding_amount == 0
	book_all()
	assert states(document) == [("Invoice", "Committed")]
	sums = ledger(document)
	assert sums[of_company(TAX_ACCOUNT)] == pytest.approx(-5.84)
	assert sums.get(of_company("Debtors"), 0) == pytest.approx(0)


def test_change_is_given_of_the_total_with_the_tax(books):
	document = books.document("Sales Invoice", **till(), payments=paid(70)).insert()
	assert document.change_amount == pytest.approx(7.16)
	document.reload().save()
	assert document.change_amount == pytest.approx(7.16)


@pytest.mark.parametrize("place", [places.CHICAGO, places.PORTLAND])
def test_a_counter_s_tax_template_is_not_added(books, place):
	values = till(taxes_and_charges=tax_template())
	customer = books.customer(place)
	document = books.document("Sales Invoice", customer=customer, **values, payments=paid(99)).insert()
	for _save in range(2):
		assert not [row for row in document.taxes if not row.vertex_level]
		assert document.grand_total == pytest.approx(57 + document.vertex_total_tax)
		document.reload().save()


def test_what_is_returned_at_a_counter_is_paid_back_with_its_tax(books):
	document = books.submitted(**till(), payments=paid(62.84))
	book_all()
	credit = credit_of(frappe.get_doc("Sales Invoice", document.name)).insert()
	assert [row.amount for row in credit.payments] == [-62.84]
	credit.reload().submit()
	book_all()
	assert states(credit) == [("Credit", "Committed")]
	assert ledger(credit) == {account: pytest.approx(-amount) for account, amount in ledger(document).items()}
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


def test_a_counter_sale_without_an_address_is_taxed_where_it_is_sold(books):
	customer = records.customer(f"MGT Walk-in {frappe.generate_hash(length=6)}")
	document = books.document("Sales Invoice", customer=customer, **till(), payments=paid(99)).insert()
	sent = books.requests()[-1]["body"]
	assert sent["customer"]["destination"] == sent["seller"]["physicalOrigin"]
	assert document.vertex_total_tax > 0


def test_an_invoice_that_consolidates_counter_sales_is_not_taxed_again(books):
	amounts = {"rate": 28.5, "amount": 57, "net_rate": 28.5, "net_amount": 57}
	base = {f"base_{field}": value for field, value in amounts.items()}
	row = {"qty": 2, **amounts, **base}
	tax = {**freight(4.56), "account_head": of_company(TAX_ACCOUNT), "description": "Taxed at the counter"}
	values = {**till(), "is_consolidated": 1, "taxes": [tax], "payments": paid(61.56)}
	document = books.document("Sales Invoice", row, **values).insert().submit()
	assert [each.description for each in document.taxes] == ["Taxed at the counter"]
	assert (document.vertex_status, bookings(document), books.requests()) == (None, [], [])


# POS Invoices


@pytest.fixture
def shift(books):
	"""A cashier's open shift at a till whose POS Profile taxes."""
	if not frappe.db.exists("DocType", "POS Closing Entry"):
		pytest.skip("the stand-in has no POS Invoices")
	if frappe.get_meta("POS Settings").has_field("invoice_type"):
		# ERPNext 16 makes Sales Invoices unless it is told otherwise.
		frappe.db.set_single_value("POS Settings", "invoice_type", "POS Invoice")
	profile = till(taxes_and_charges=tax_template())["pos_profile"]
	opening = {
		"doctype": "POS Opening Entry",
		"company": NAME,
		"pos_profile": profile,
		"user": frappe.session.user,
		"period_start_date": frappe.utils.add_to_date(None, hours=-1),
		"posting_date": frappe.utils.today(),
		"balance_details": [{"mode_of_payment": CASH, "opening_amount": 0}],
	}
	yield frappe.get_doc(opening).insert().submit()
	# ERPNext has committed it.
	frappe.db.rollback()
	frappe.db.set_value("POS Opening Entry", {"pos_profile": profile, "status": "Open"}, "status", "Closed")
	frappe.db.commit()


def sold(books, shift, customer: str):
	"""A POS Invoice for 57.00 and 8 % of the profile's tax, submitted."""
	values = {"is_pos": 1, "pos_profile": shift.pos_profile, "customer": customer}
	document = books.document("POS Invoice", **values, debit_to=of_company("Debtors"))
	# The page of the counter does so.
	document.set_missing_values()
	document.set("payments", paid(61.56))
	return document.insert().submit()


def returned(invoice):
	from erpnext.accounts.doctype.pos_invoice.pos_invoice import make_sales_return

	credit = make_sales_return(invoice.name)
	credit.set("payments", paid(-61.56))
	return credit.insert().submit()


def closed(shift):
	"""Closes the shift, as the cashier does; the consolidated invoices are made with it."""
	from erpnext.accounts.doctype.pos_closing_entry.pos_closing_entry import make_closing_entry_from_opening

	closing = make_closing_entry_from_opening(shift)
	closing.insert().submit()
	return closing


def consolidated(invoice):
	name = frappe.db.get_value("POS Invoice", invoice.name, "consolidated_invoice")
	return frappe.get_doc("Sales Invoice", name)


def test_counter_sales_keep_their_profile_s_tax_and_are_in_the_books_once(books, shift):
	customer = books.customer()
	invoices = [sold(books, shift, customer) for _sale in range(2)]
	closed(shift)
	document = consolidated(invoices[0])
	assert [invoice.reload().grand_total for invoice in invoices] == [61.56, 61.56]
	assert (document.is_consolidated, document.docstatus, document.name) == (
		1,
		1,
		consolidated(invoices[1]).name,
	)
	assert [(row.account_head, row.tax_amount) for row in document.taxes] == [(of_company(TAX_ACCOUNT), 9.12)]
	sums = ledger(document)
	assert (sums[of_company(TAX_ACCOUNT)], sums[of_company("Cash")]) == (-9.12, 123.12)
	assert (document.vertex_status, bookings(document), books.requests()) == (None, [], [])
	unbooked.search()
	assert not frappe.db.exists("Integration Issue", {"reference_name": document.name})


def test_what_a_shift_takes_back_and_a_closing_that_is_cancelled_are_not_asked_about(books, shift):
	customer = books.customer()
	invoice = sold(books, shift, customer)
	credit = returned(invoice)
	closing = closed(shift)
	documents = [consolidated(invoice), consolidated(credit)]
	assert [document.is_return for document in documents] == [0, 1]
	assert ledger(documents[0]) == {name: -amount for name, amount in ledger(documents[1]).items()}
	closing.reload().cancel()
	assert [document.reload().docstatus for document in documents] == [2, 2]
	book_all()
	assert [bookings(document) for document in documents] == [[], []]
	assert books.requests() == books.entries() == []
