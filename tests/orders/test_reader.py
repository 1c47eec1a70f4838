"""What is read of a Sales Order document, with its addresses, Items and shippers."""

from decimal import Decimal

import frappe
import pytest

from medgrid.orders import reader
from tests.support import records
from tests.support.vendors import ADDRESS, CUSTOMER, customer_with_address, order


@pytest.fixture
def case(site):
	return records.ensure("UOM", {"uom_name": "Case"}).name


def read(document, *, ships_to_customer_address=False):
	return reader.read(
		frappe.get_doc("Sales Order", document.name), ships_to_customer_address=ships_to_customer_address
	)


def test_what_is_on_the_order(vendor):
	reference = f"PO-{frappe.generate_hash(length=8)}"
	document = order((vendor.item, 2, 28.5), contact_email="buyer@example.com", po_no=reference)
	document.db_set({"contact_mobile": "(312) 555-0142", "contact_phone": "(312) 555-0143"})
	made = read(document)
	assert (made.name, made.currency, made.total) == (document.name, "USD", Decimal("57"))
	assert (made.date, made.customer) == (frappe.utils.getdate(), "MGT Clinic")
	assert (made.email, made.po_number) == ("buyer@example.com", reference)
	assert made.phones == ("(312) 555-0142", "(312) 555-0143")


def test_a_row_in_cases_is_read_in_pieces(vendor, case):
	document = order((vendor.item, 2, 57, {"uom": case, "conversion_factor": 20}))
	(line,) = read(document).lines
	assert (line.row, line.number, line.item) == (document.items[0].name, 1, vendor.item)
	assert (line.ordered, line.quantity, line.amount, line.net_amount) == (40, 40, 114, 114)
	assert (line.open_in_uom, line.uom, line.factor, line.stock_uom) == (2, case, 20, "Nos")
	assert (line.weight, line.weight_uom) == (Decimal("0.5"), "Pound")


def test_what_is_delivered_is_not_open_any_more(vendor, case):
	document = order((vendor.item, 2, 57, {"uom": case, "conversion_factor": 20}))
	document.items[0].db_set("delivered_qty", 0.5)
	(line,) = read(document).lines
	assert (line.ordered, line.quantity, line.open_in_uom, line.amount) == (40, 30, Decimal("1.5"), 114)


def test_pieces_of_a_case_that_are_delivered_leave_whole_pieces(vendor, case):
	"""ERPNext keeps 5 of 12 pieces as 0.417 cases."""
	document = order((vendor.item, 1, 120, {"uom": case, "conversion_factor": 12}))
	document.items[0].db_set("delivered_qty", 0.417)
	(line,) = read(document).lines
	assert (line.ordered, line.quantity) == (12, 7)


@pytest.mark.parametrize("apply_on", ["Grand Total", "Net Total"])
@pytest.mark.parametrize("rate", [8.875, 10, 19])
def test_rows_and_taxes_add_up_to_the_total_to_the_cent(vendor, apply_on, rate):
	"""Of a discount on the grand total, ERPNext keeps the cents that its rounded rows and taxes lack."""
	account = frappe.db.get_value(
		"Account", {"company": "Skydell Medical", "is_group": 0, "account_type": "Tax"}
	)
	tax = {"charge_type": "On Net Total", "account_head": account, "description": "Tax", "rate": rate}
	for discount in (0.01, 3.33, 11, 22.46):
		document = order(
			(vendor.item, 3, 33.33),
			(vendor.item, 7, 28.57),
			taxes=[tax],
			apply_discount_on=apply_on,
			discount_amount=discount,
			submit=False,
		)
		charged = Decimal(str(document.taxes[0].tax_amount_after_discount_amount))
		paid = sum(line.amount for line in read(document).lines)
		assert paid + charged == Decimal(str(document.grand_total))


def test_a_factor_that_does_not_end_makes_whole_pieces(vendor):
	document = order((vendor.item, 24, 1))
	document.items[0].db_set("conversion_factor", 0.083333333)
	assert read(document).lines[0].quantity == 2


def test_amounts_are_whole_cents_whatever_the_precision_of_the_document(vendor):
	with records.site_default("currency_precision", "4"):
		document = order((vendor.item, 1, 0.3333), (vendor.item, 1, 0.3333), (vendor.item, 1, 0.3334))
		assert [row.amount for row in document.items] == [0.3333, 0.3333, 0.3334]
		amounts = [line.amount for line in read(document).lines]
	assert amounts == [Decimal("0.33"), Decimal("0.33"), Decimal("0.34")]


def taxes(included: int) -> list[dict]:
	# ERPNext 16 knows one rate for each account.
	leaf = {"company": "Skydell Medical", "is_group": 0}
	tax_account = frappe.db.get_value("Account", {**leaf, "account_type": "Tax"})
	freight_account = frappe.db.get_value("Account", {**leaf, "root_type": "Income"})
	tax = {"charge_type": "On Net Total", "account_head": tax_account, "description": "Tax", "rate": 10}
	freight = {
		"charge_type": "Actual",
		"account_head": freight_account,
		"description": "Freight",
		"tax_amount": 5,
	}
	return [{**tax, "included_in_print_rate": included}, freight]


@pytest.mark.parametrize(
	("values", "amounts", "total"),
	[
		({}, ["60", "50"], "110"),
		({"apply_discount_on": "Grand Total", "discount_amount": 11}, ["54", "45"], "99"),
		({"apply_discount_on": "Net Total", "discount_amount": 11}, ["54", "45"], "99"),
		({"taxes": 0}, ["60", "50"], "126"),
		({"taxes": 1}, ["60", "50"], "115"),
		# Of 99 that the goods cost with their tax, 9 are the tax.
		({"taxes": 1, "apply_discount_on": "Grand Total", "discount_amount": 11}, ["54", "45"], "104"),
		({"taxes": 0, "apply_discount_on": "Grand Total", "discount_amount": 12.1}, ["54", "45"], "113.90"),
	],
)
def test_a_row_costs_what_the_customer_pays_for_it(vendor, values, amounts, total):
	given = {**values, "taxes": taxes(values["taxes"])} if "taxes" in values else values
	made = read(order((vendor.item, 1, 60), (vendor.item, 2, 25), **given))
	assert [line.amount for line in made.lines] == [Decimal(amount) for amount in amounts]
	assert made.total == Decimal(total)


def test_taxes_in_the_price_and_on_top_are_both_the_orders(vendor):
	"""Whatever is in the price and no tax, such as freight, says nothing about the taxes."""
	[tax, freight] = taxes(1)
	in_price = {**freight, "charge_type": "On Net Total", "rate": 5, "included_in_print_rate": 1}
	del in_price["tax_amount"]
	on_top = {**tax, "included_in_print_rate": 0}
	made = read(order((vendor.item, 1, 115), taxes=[{**tax}, in_price])).taxes
	assert ([row.is_included for row in made.rows], made.are_included) == ([True], True)
	made = read(order((vendor.item, 1, 105), taxes=[on_top, in_price])).taxes
	assert [(row.title, row.amount, row.is_included) for row in made.rows] == [("Tax", Decimal(10), False)]
	assert not made.are_included


def test_the_total_is_the_rounded_one_where_the_document_has_one(vendor):
	document = order((vendor.item, 1, 90.6))
	document.db_set({"rounded_total": 91, "rounding_adjustment": 0.4})
	assert read(document).total == 91
	document.db_set({"rounded_total": 0, "rounding_adjustment": 0})
	assert read(document).total == Decimal("90.6")
	document.db_set({"grand_total": 0.4, "rounded_total": 0, "rounding_adjustment": -0.4})
	assert read(document).total == 0


def test_amounts_have_the_places_of_the_currency(vendor):
	document = order((vendor.item, 1, 100.5), (vendor.item, 1, 100.5))
	document.db_set("currency", "JPY")
	assert [line.amount for line in read(document).lines] == [101, 100]


def test_a_row_without_weight_has_the_items(vendor):
	document = order((vendor.item, 1, 10))
	document.items[0].db_set({"weight_per_unit": 0, "weight_uom": None})
	line = read(document).lines[0]
	assert (line.weight, line.weight_uom) == (Decimal("0.5"), "Pound")


def test_each_row_knows_its_shipper(vendor, other_vendor):
	nobodys = records.item(f"{vendor.item}-N")
	document = order((vendor.item, 1, 10), (other_vendor.item, 1, 10), (nobodys, 1, 10))
	shippers = [line.shipper for line in read(document).lines]
	assert shippers == [vendor.supplier, other_vendor.supplier, None]


def test_the_address_is_read_with_its_iso_codes(vendor):
	document = order((vendor.item, 1, 10))
	document.db_set("contact_mobile", "(312) 555-0199")
	shipping = read(document).shipping
	assert (shipping.name, shipping.recipient) == (document.shipping_address_name, "MGT Clinic")
	assert (shipping.street, shipping.street2) == (ADDRESS["address_line1"], ADDRESS["address_line2"])
	assert (shipping.city, shipping.state, shipping.postal_code) == ("Chicago", "Illinois", "60610")
	assert (shipping.country, shipping.country_code, shipping.province_code) == ("United States", "US", "IL")
	assert shipping.phones == ("+1 312 555 0142", "(312) 555-0199")


@pytest.mark.parametrize("allowed", [True, False])
def test_the_customers_address_is_shipped_to_where_the_receiver_allows_it(vendor, allowed):
	document = order((vendor.item, 1, 10))
	document.db_set("shipping_address_name", None)
	made = read(document, ships_to_customer_address=allowed)
	assert made.shipping_address == (document.customer_address if allowed else "")
	assert made.shipping == (made.billing if allowed else None)
	assert made.ships_to_customer_address == allowed


def test_an_address_that_was_deleted_is_named_and_not_there(vendor):
	document = order((vendor.item, 1, 10))
	document.db_set({"shipping_address_name": "MGT Gone", "customer_address": None})
	made = read(document)
	assert (made.shipping_address, made.shipping, made.billing) == ("MGT Gone", None, None)


@pytest.fixture
def customer_type(site):
	"""Sets the type of the tests' customer, until the test ends."""

	def change(kind: str) -> None:
		frappe.db.set_value("Customer", CUSTOMER, "customer_type", kind)
		frappe.clear_document_cache("Customer", CUSTOMER)

	yield change
	change("Company")
	frappe.db.commit()


def contact() -> str:
	values = {"doctype": "Contact", "first_name": "Ann", "last_name": "Lee"}
	return frappe.get_doc(values).insert(ignore_permissions=True).name


@pytest.mark.parametrize(
	("kind", "company"), [("Company", CUSTOMER), ("Partnership", CUSTOMER), ("Individual", "")]
)
def test_only_a_company_is_sent_as_one(vendor, customer_type, kind, company):
	document = order((vendor.item, 1, 10))
	customer_type(kind)
	shipping = read(document).shipping
	assert (shipping.recipient, shipping.company) == (CUSTOMER, company)


@pytest.mark.parametrize("kind", ["Company", "Individual"])
@pytest.mark.parametrize("shown", [None, " Dr Ann  Lee "])
def test_the_name_on_the_parcel_is_the_contact_persons(vendor, customer_type, kind, shown):
	document = order((vendor.item, 1, 10))
	document.db_set({"contact_person": contact(), "contact_display": shown})
	customer_type(kind)
	made = read(document)
	assert made.shipping.recipient == ("Dr Ann Lee" if shown else "Ann Lee")
	assert (made.customer, made.shipping.company) == (CUSTOMER, CUSTOMER if kind == "Company" else "")


@pytest.mark.parametrize(
	("written", "read_as"),
	[
		("buyer@example.com, office@example.com", "buyer@example.com"),
		("front desk, office@example.com", "office@example.com"),
		("front desk", None),
		(None, None),
	],
)
def test_the_email_is_the_first_of_several(vendor, written, read_as):
	document = order((vendor.item, 1, 10))
	document.db_set("contact_email", written)
	assert read(document).email == read_as


def test_a_country_that_is_none_has_no_code(vendor):
	document = order((vendor.item, 1, 10))
	customer_with_address(country="Atlantis")
	try:
		shipping = read(document).shipping
		assert (shipping.country, shipping.country_code) == ("Atlantis", "")
	finally:
		customer_with_address()
		frappe.db.commit()
