"""What the invoice, the books and Vertex say is the same to the cent, whatever the prices."""

from typing import Any

import frappe
import pytest

from tests.support import vertex as places
from tests.support.books import (
	book_all,
	bookings,
	credit_of,
	freight,
	ledger,
	of_company,
	own_rows,
)
from tests.support.connector import set_up_settings

pytestmark = pytest.mark.usefixtures("no_worker")
TAX_ACCOUNT = "MGT Sales Tax"
# Euros of a company that has dollars.
EUROS = {"currency": "EUR", "conversion_rate": 1.0837, "plc_conversion_rate": 1.0837}
YEN = {"currency": "JPY", "conversion_rate": 0.0067, "plc_conversion_rate": 0.0067}
BOXES = ({"qty": 2, "rate": 28.5},)
CASES: dict[str, tuple[tuple[dict[str, Any], ...], dict[str, Any]]] = {
	"two boxes": (BOXES, {}),
	"freight": (BOXES, {"taxes": "freight"}),
	"a charge that is taken off": (BOXES, {"taxes": "rebate"}),
	"an odd price": (({"qty": 7, "rate": 13.37}, {"qty": 3, "rate": 0.333}), {"taxes": "freight"}),
	"a row with a negative price": ((*BOXES, {"qty": 1, "rate": -7.77}), {}),
	"a row that takes all off": ((*BOXES, {"qty": 1, "rate": -57}), {}),
	"a free row": ((*BOXES, {"qty": 3, "discount_percentage": 100}), {"taxes": "freight"}),
	"nothing but free rows": (({"qty": 3, "discount_percentage": 100},), {}),
	"rows with discounts": (({"qty": 3, "price_list_rate": 20, "discount_percentage": 33.3},), {}),
	"a discount on the net total": (
		(*BOXES, {"qty": 3, "rate": 9.99}),
		{"apply_discount_on": "Net Total", "discount_amount": 10, "taxes": "freight"},
	),
	"a discount on the grand total": (
		(*BOXES, {"qty": 3, "rate": 9.99}),
		{"apply_discount_on": "Grand Total", "discount_amount": 10, "taxes": "freight"},
	),
	"a percentage off": (
		(*BOXES, {"qty": 3, "rate": 9.99}),
		{"apply_discount_on": "Net Total", "additional_discount_percentage": 12.5},
	),
	"all is taken off": (BOXES, {"apply_discount_on": "Net Total", "additional_discount_percentage": 100}),
	"a rounded total": ((*BOXES, {"qty": 1, "rate": 0.37}), {"disable_rounded_total": 0}),
	"euros": ((*BOXES, {"qty": 1, "rate": 7.77}), {**EUROS, "taxes": "freight"}),
	"euros, rounded": (BOXES, {**EUROS, "disable_rounded_total": 0}),
	"yen": (({"qty": 3, "rate": 1999},), {**YEN, "taxes": "freight"}),
	"yen, rounded": (({"qty": 3, "rate": 1999},), {**YEN, "disable_rounded_total": 0}),
	"two payments": (
		BOXES,
		{"payment_schedule": [{"invoice_portion": 40, "days": 0}, {"invoice_portion": 60, "days": 30}]},
	),
}
MODES = {
	"net prices": ({}, {}),
	"gross prices": ({"prices_include_tax": 1}, {}),
	"one row": ({}, {"tax_rows": "One row"}),
}


@pytest.fixture
def negative_rates(site):
	"""Only where Selling Settings say so does ERPNext submit a row with a negative price."""
	setting = ("Selling Settings", "allow_negative_rates_for_items")
	before = site.db.get_single_value(*setting)
	site.db.set_single_value(*setting, 1)
	yield
	site.db.set_single_value(*setting, before)
	site.db.commit()


def values_of(given: dict) -> dict:
	"""The values of a case, with what only a site knows."""
	values = dict(given)
	if "taxes" in values:
		values["taxes"] = {"freight": [freight(12)], "rebate": [freight(-4.5)]}[values["taxes"]]
	if "payment_schedule" in values:
		day = frappe.utils.today()
		values["payment_schedule"] = [
			{"due_date": frappe.utils.add_days(day, part["days"]), "invoice_portion": part["invoice_portion"]}
			for part in values["payment_schedule"]
		]
	return values


def invoice(books, case: str):
	rows, values = CASES[case]
	return books.submitted(*rows, customer=books.customer(places.SEATTLE), **values_of(values))


def check(books, document) -> None:
	"""The document adds up, the ledger balances and has the tax, and Vertex has booked the same."""
	document.reload()
	rows = own_rows(document)
	tax = round(sum(amount for level, _text, amount in rows if level != "Included"), 2)
	assert document.vertex_total_tax == pytest.approx(tax)
	sums = ledger(document)
	assert sum(sums.values()) == pytest.approx(0)
	in_dollars = sum(row.base_tax_amount_after_discount_amount for row in document.taxes if row.vertex_level)
	if rows and rows[-1][0] == "Included":
		# In another currency each row is converted for itself.
		assert in_dollars == pytest.approx(0, abs=0.001 if document.currency == "USD" else 0.03)
		in_dollars = -document.taxes[-1].base_tax_amount_after_discount_amount
	assert sums.get(of_company(TAX_ACCOUNT), 0) == pytest.approx(-in_dollars, abs=0.001)
	assert in_dollars == pytest.approx(tax * document.conversion_rate, abs=0.03)
	[booked] = bookings(document)
	assert (booked.status, booked.mismatch) == ("Committed", 0)
	[entry] = [each for each in books.entries() if each["id"] == booked.transaction_id]
	assert entry["totalTax"] == pytest.approx(tax)
	assert entry["request"]["currency"]["isoCurrencyCodeAlpha"] == document.currency


@pytest.mark.usefixtures("negative_rates")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("case", CASES)
def test_invoice_books_and_vertex_are_the_same_and_the_credit_note_ends_at_0(books, case, mode):
	of_merchant, of_settings = MODES[mode]
	books.change_merchant(**of_merchant)
	set_up_settings(**of_settings)
	document = invoice(books, case)
	book_all()
	check(books, document)
	due = document.rounded_total or document.grand_total
	assert sum(row.payment_amount for row in document.payment_schedule) == pytest.approx(due, abs=0.01)
	if mode == "gross prices":
		assert document.grand_total == pytest.approx(
			document.net_total + sum(row.tax_amount for row in document.taxes if not row.vertex_level)
		)
	credit = credit_of(document).insert().submit()
	book_all()
	check(books, credit)
	assert ledger(credit) == {account: pytest.approx(-amount) for account, amount in ledger(document).items()}
	assert sum(each["totalTax"] for each in books.entries()) == pytest.approx(0)


def test_a_debit_note_without_quantities_is_sent_without_unit_prices(books):
	document = books.document("Sales Invoice", is_debit_note=1)
	document.items[0].qty = 0
	document.insert()
	[line] = books.requests()[-1]["body"]["lineItems"]
	assert "unitPrice" not in line
	assert (document.vertex_status, line["extendedPrice"]) == ("Quoted", 28.5)


def test_a_cash_discount_is_no_discount_on_the_price(books):
	values = {"apply_discount_on": "Grand Total", "discount_amount": 7, "is_cash_or_non_trade_discount": 1}
	document = books.document("Sales Invoice", **values).insert()
	assert document.apply_discount_on == "Grand Total"
