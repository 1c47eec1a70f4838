"""Quotations, invoices, credit notes, and the small ledger that has to balance."""

import frappe
import pytest

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in


def invoice(*rows: dict, **values):
	values.setdefault("customer", None)
	values["customer"] = values["customer"] or make.customer()
	return make.insert("Sales Invoice", company=make.company(), items=list(rows), **values)


def ledger(document) -> dict[str, float]:
	"""Debit less credit by account."""
	filters = {"voucher_type": document.doctype, "voucher_no": document.name}
	sums: dict[str, float] = {}
	for row in frappe.get_all("GL Entry", filters, ["account", "debit", "credit"]):
		sums[row.account] = round(sums.get(row.account, 0) + row.debit - row.credit, 2)
	return sums


@pytest.fixture
def service(site):
	return make.priced_item(12.35, is_stock_item=0)


def test_an_invoice_books_what_is_owed_income_and_tax(service):
	tax = make.tax("Actual", tax_amount=2.10)
	document = invoice({"item_code": service, "qty": 3}, taxes=[tax], disable_rounded_total=1).submit()
	assert document.grand_total == pytest.approx(39.15)
	assert document.payment_schedule[0].payment_amount == pytest.approx(39.15)
	books = ledger(document)
	assert books[make.of_company("Debtors")] == pytest.approx(39.15)
	assert books[make.of_company(make.SALES_TAX)] == pytest.approx(-2.10)
	assert books[make.of_company("Sales")] == pytest.approx(-37.05)
	assert sum(books.values()) == pytest.approx(0)


def test_a_negative_rate_is_refused_unless_the_settings_allow_it(site, service):
	rows = ({"item_code": service, "qty": 3}, {"item_code": service, "qty": 1, "rate": -2})
	document = invoice(*rows)
	with pytest.raises(frappe.ValidationError, match="negative rate"):
		document.submit()
	site.db.set_single_value("Selling Settings", "allow_negative_rates_for_items", 1)
	assert document.reload().submit().docstatus == 1


@pytest.mark.parametrize(("kind", "amount"), [("is_debit_note", 12.35), ("is_return", -12.35)])
def test_a_rate_without_a_quantity_counts_once(service, kind, amount):
	document = invoice({"item_code": service, "qty": 0}, **{kind: 1})
	assert (document.items[0].amount, document.net_total) == (pytest.approx(amount), pytest.approx(amount))


def test_an_invoice_has_the_currency_of_what_the_customer_owes(service):
	row = {"item_code": service, "qty": 3, "rate": 5}
	with pytest.raises(frappe.ValidationError, match="another currency"):
		invoice(row, currency="EUR", conversion_rate=1.1)


def test_cancelling_takes_every_entry_back(service):
	document = invoice({"item_code": service, "qty": 3}).submit()
	document.cancel()
	assert set(ledger(document).values()) == {0}
	assert document.status == "Cancelled"


def test_a_credit_note_books_the_opposite(service):
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	tax = make.tax("Actual", tax_amount=2.10)
	document = invoice({"item_code": service, "qty": 3}, taxes=[tax]).submit()
	credit = make_sales_return(document.name).insert().submit()
	assert credit.grand_total == pytest.approx(-document.grand_total)
	assert ledger(credit) == {account: -amount for account, amount in ledger(document).items()}
	with pytest.raises(frappe.ValidationError, match="credit note"):
		document.reload().cancel()


def test_a_rounded_total_balances_through_the_round_off_account(service):
	frappe.db.after_rollback.add(frappe.clear_cache)
	frappe.get_doc("Currency", "USD").update({"smallest_currency_fraction_value": 1}).save()
	document = invoice({"item_code": service, "qty": 3}).submit()
	assert document.rounded_total == pytest.approx(37)
	books = ledger(document)
	assert sum(books.values()) == pytest.approx(0)
	assert books[make.of_company("Round Off")] == pytest.approx(0.05)


def test_a_disabled_account_refuses_the_submit(service):
	document = invoice({"item_code": service, "qty": 1})
	frappe.db.set_value("Account", make.of_company("Sales"), "disabled", 1)
	with pytest.raises(frappe.ValidationError, match="disabled or frozen"):
		document.submit()


def test_a_template_s_rows_come_only_to_a_document_without_rows(service):
	template = make.insert(
		"Sales Taxes and Charges Template",
		title=make.unique("Template"),
		company=make.company(),
		taxes=[make.tax("On Net Total", rate=10)],
	)
	document = invoice({"item_code": service, "qty": 1}, taxes_and_charges=template.name)
	assert [row.rate for row in document.taxes] == [10]
	freight = make.tax("Actual", make.FREIGHT, tax_amount=5)
	document = invoice({"item_code": service, "qty": 1}, taxes_and_charges=template.name, taxes=[freight])
	assert [row.charge_type for row in document.taxes] == ["Actual"]


def test_from_a_quotation_to_an_order_to_an_invoice(service):
	from erpnext.selling.doctype.quotation.quotation import make_sales_order
	from erpnext.selling.doctype.sales_order.sales_order import make_sales_invoice

	quotation = make.insert(
		"Quotation",
		quotation_to="Customer",
		party_name=make.customer(),
		company=make.company(),
		items=[{"item_code": service, "qty": 2}],
		taxes=[make.tax("Actual", tax_amount=1.5)],
	).submit()
	assert (quotation.status, quotation.grand_total) == ("Open", pytest.approx(26.2))
	order = make_sales_order(quotation.name)
	order.delivery_date = frappe.utils.today()
	order = order.insert().submit()
	document = make_sales_invoice(order.name).insert().submit()
	assert document.items[0].sales_order == order.name
	assert document.grand_total == order.grand_total == quotation.grand_total


def test_a_quotation_may_be_to_a_lead(service):
	lead = make.insert("Lead", lead_name=make.unique("Lead"))
	quotation = make.insert(
		"Quotation",
		quotation_to="Lead",
		party_name=lead.name,
		company=make.company(),
		items=[{"item_code": service, "qty": 2}],
	)
	assert quotation.customer_name == lead.lead_name
