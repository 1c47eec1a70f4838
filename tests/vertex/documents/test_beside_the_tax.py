"""What ERPNext puts beside the tax, or holds against the total: Shipping Rules, Item Tax Templates, advances,
alternatives in a Quotation."""

import frappe
import pytest

from tests.support import records
from tests.support import vertex as places
from tests.support.books import (
	NAME,
	address,
	book_all,
	ledger,
	of_company,
	own_rows,
	states,
)

DOCTYPES = ("Quotation", "Sales Order", "Sales Invoice")
TAX_ACCOUNT = "MGT Sales Tax"
FREIGHT = "Freight and Forwarding Charges"
pytestmark = pytest.mark.usefixtures("no_worker")


def messages() -> str:
	return " ".join(str(each) for each in frappe.local.message_log)


def cost_center() -> str:
	return frappe.get_cached_value("Company", NAME, "cost_center")


def lines_sent(books) -> list[tuple[str, float, str | None]]:
	"""Product, price and product class of the last request."""
	return [
		(line["product"]["value"], line["extendedPrice"], line["product"].get("productClass"))
		for line in books.requests()[-1]["body"]["lineItems"]
	]


# Shipping Rules


def shipping_rule(account: str = FREIGHT, amount: float = 12) -> str:
	label = f"MGT Parcel {frappe.generate_hash(length=6)}"
	rule = {
		"doctype": "Shipping Rule",
		"name": label,
		"label": label,
		"shipping_rule_type": "Selling",
		"company": NAME,
		"calculate_based_on": "Fixed",
		"shipping_amount": amount,
		"account": of_company(account),
		"cost_center": cost_center(),
	}
	return frappe.get_doc(rule).insert().name


def other_tax_account() -> str:
	parent = frappe.db.get_value("Account", of_company(TAX_ACCOUNT), "parent_account")
	account = {"account_name": "MGT Other Tax", "company": NAME}
	records.ensure("Account", account, parent_account=parent, account_type="Tax", root_type="Liability")
	return "MGT Other Tax"


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize(
	("place", "total", "tax"), [(places.CHICAGO, 74.84, 5.84), (places.SEATTLE, 76.15, 7.15)]
)
def test_what_a_shipping_rule_charges_is_taxed_as_freight(books, doctype, place, total, tax):
	rule = shipping_rule()
	document = books.document(doctype, customer=books.customer(place), shipping_rule=rule).insert()
	assert lines_sent(books) == [(books.item, 57, None), (rule, 12, "SHIPPING")]
	assert (document.vertex_total_tax, document.grand_total) == (pytest.approx(tax), pytest.approx(total))
	assert document.taxes[0].description == rule
	document.reload().save()
	assert len(books.requests()) == 1
	document.items[0].qty = 4
	document.save()
	assert [row.description for row in document.taxes].count(rule) == 1
	assert document.grand_total == pytest.approx(114 + 12 + document.vertex_total_tax)
	assert "removed" not in messages()


def test_an_invoice_with_a_shipping_rule_is_booked_with_its_freight(books):
	document = books.booked(shipping_rule=shipping_rule(), customer=books.customer(places.SEATTLE))
	assert document.vertex_status == "Committed"
	assert ledger(document)[of_company(TAX_ACCOUNT)] == pytest.approx(-7.15)
	assert [each["totalTax"] for each in books.entries()] == [7.15]


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_shipping_rule_s_row_is_a_charge_whatever_its_account_is(books, doctype):
	rule = shipping_rule(other_tax_account())
	document = books.document(doctype, customer=books.customer(places.SEATTLE), shipping_rule=rule).insert()
	assert document.grand_total == pytest.approx(76.15)
	document.reload().save()
	assert document.grand_total == pytest.approx(76.15)
	assert len(books.requests()) == 1
	assert "removed" not in messages()


@pytest.mark.parametrize("gross", [False, True])
def test_freight_is_never_written_into_the_row_of_the_tax(books, gross):
	if gross:
		books.change_merchant(prices_include_tax=1)
	rule = shipping_rule("Sales" if gross else TAX_ACCOUNT)
	document = books.document("Sales Invoice", shipping_rule=rule).insert()
	assert (document.vertex_status, own_rows(document)) == ("Out of Date", [])
	assert rule in document.vertex_error
	frappe.db.commit()
	with pytest.raises(frappe.ValidationError, match=rule):
		document.submit()
	frappe.db.rollback()
	frappe.db.set_value("Shipping Rule", rule, "account", of_company(FREIGHT))
	frappe.clear_document_cache("Shipping Rule", rule)
	# Corrected, and on a new document: the row with the old account stays where it was made.
	document = books.document("Sales Invoice", shipping_rule=rule).insert().submit()
	assert document.vertex_total_tax == pytest.approx(5.30 if gross else 5.84, abs=0.02)
	assert sum(ledger(document).values()) == pytest.approx(0)


# Item Tax Templates


def item_tax_template(account: str, rate: float = 8) -> str:
	title = f"MGT Template {frappe.generate_hash(length=6)}"
	template = {
		"doctype": "Item Tax Template",
		"title": title,
		"company": NAME,
		"taxes": [{"tax_type": of_company(account), "tax_rate": rate}],
	}
	return frappe.get_doc(template).insert().name


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_an_item_tax_template_of_some_lines_does_not_change_the_tax(books, doctype):
	template = item_tax_template(TAX_ACCOUNT)
	document = books.document(
		doctype,
		{"qty": 1, "rate": 28.5, "item_tax_template": template},
		{"qty": 1, "rate": 28.5, "description": "without"},
	).insert()
	assert document.vertex_total_tax == pytest.approx(5.86)
	assert document.grand_total == pytest.approx(57 + document.vertex_total_tax)
	document.reload().save()
	assert len(books.requests()) == 1
	assert document.grand_total == pytest.approx(57 + document.vertex_total_tax)
	# A client that sends it again changes nothing.
	document.items[0].item_tax_template = template
	document.save()
	assert document.grand_total == pytest.approx(57 + document.vertex_total_tax)


def test_an_item_tax_template_for_another_account_stays(books):
	template = item_tax_template(other_tax_account())
	row = {"qty": 2, "rate": 28.5, "item_tax_template": template}
	document = books.document("Sales Order", row).insert()
	assert document.items[0].item_tax_template == template
	assert (document.vertex_total_tax, document.grand_total) == (5.84, pytest.approx(62.84))


# Advances


def paid_in_advance(customer: str, amount: float) -> str:
	payment = {
		"doctype": "Payment Entry",
		"payment_type": "Receive",
		"posting_date": frappe.utils.today(),
		"company": NAME,
		"party_type": "Customer",
		"party": customer,
		"paid_from": of_company("Debtors"),
		"paid_to": of_company("Cash"),
		"paid_from_account_currency": "USD",
		"paid_to_account_currency": "USD",
		"paid_amount": amount,
		"received_amount": amount,
		"base_paid_amount": amount,
		"base_received_amount": amount,
		"source_exchange_rate": 1,
		"target_exchange_rate": 1,
	}
	return frappe.get_doc(payment).insert().submit().name


@pytest.mark.parametrize("paid", [30, 62.84, 100])
def test_an_invoice_that_was_paid_in_advance_is_taxed_and_booked_once(books, paid):
	customer = books.customer()
	payment = paid_in_advance(customer, paid)
	document = books.document("Sales Invoice", customer=customer, allocate_advances_automatically=1)
	document.insert()
	allocated = min(paid, 62.84)
	(advance,) = document.advances
	assert (advance.reference_name, advance.allocated_amount) == (payment, allocated)
	# ERPNext looks for advances once it has totalled: the next save holds them against the total.
	document.reload().save()
	assert document.total_advance == allocated
	assert document.outstanding_amount == pytest.approx(62.84 - allocated)
	document.items[0].description = "changed"
	document.save()
	document.submit()
	book_all()
	document.reload()
	assert (document.vertex_status, states(document)) == ("Committed", [("Invoice", "Committed")])
	assert [each["totalTax"] for each in books.entries()] == [5.84]
	assert ledger(document)[of_company(TAX_ACCOUNT)] == pytest.approx(-5.84)


def test_advances_that_people_allocated_stay_when_the_tax_is_asked_for_anew(books):
	customer = books.customer()
	payment = paid_in_advance(customer, 200)
	document = books.document("Sales Invoice", customer=customer).insert()
	advance = {"reference_type": "Payment Entry", "reference_name": payment}
	document.append("advances", {**advance, "advance_amount": 200, "allocated_amount": 62.84})
	document.save()
	document.append("items", {"item_code": books.item, "qty": 1, "rate": 10, "description": "one more"})
	document.save()
	assert document.vertex_total_tax > 5.84
	assert (document.advances[0].allocated_amount, document.total_advance) == (62.84, 62.84)
	assert document.outstanding_amount == pytest.approx(document.grand_total - 62.84)


# Alternatives


def test_an_alternative_in_a_quotation_is_not_taxed(books):
	document = books.document(
		"Quotation",
		{"qty": 2, "rate": 28.5},
		{"qty": 1, "rate": 99, "is_alternative": 1, "description": "instead"},
	).insert()
	assert [line[1] for line in lines_sent(books)] == [57]
	assert (document.vertex_total_tax, document.grand_total) == (5.84, pytest.approx(62.84))
	document.reload().save()
	document.items[1].rate = 77
	document.save()
	assert len(books.requests()) == 1


def test_an_alternative_s_warehouse_is_not_where_the_goods_ship_from(books):
	warehouse = frappe.get_doc(
		{
			"doctype": "Warehouse",
			"warehouse_name": frappe.generate_hash(length=6),
			"company": NAME,
			"parent_warehouse": of_company("All Warehouses"),
		}
	).insert()
	address(("Warehouse", warehouse.name), places.SEATTLE)
	books.document(
		"Quotation",
		{"qty": 2, "rate": 28.5, "warehouse": warehouse.name},
		{"qty": 1, "rate": 99, "is_alternative": 1, "description": "instead"},
	).insert()
	assert books.requests()[-1]["body"]["seller"]["physicalOrigin"]["city"] == "Seattle"
