"""Documents are quoted while they are saved."""

import frappe
import pytest

from medgrid.vertex.documents import net_amounts
from tests.support import vertex as places
from tests.support.books import ABBR, address, freight, of_company, own_rows
from tests.support.connector import set_up_settings

DOCTYPES = ("Quotation", "Sales Order", "Sales Invoice")
CHICAGO_ROWS = [
	("State", "State tax", 3.56),
	("County", "County tax", 1.0),
	("City", "City tax", 0.71),
	("District", "District tax", 0.57),
]


def messages() -> str:
	return " ".join(str(each) for each in frappe.local.message_log)


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_document_for_chicago_gets_its_rows_and_is_asked_about_once(books, doctype):
	document = books.document(doctype, taxes=[freight(12)]).insert()
	assert own_rows(document) == CHICAGO_ROWS
	assert document.grand_total == pytest.approx(74.84)
	assert document.vertex_status == "Quoted"
	assert document.vertex_total_tax == pytest.approx(5.84)
	assert document.payment_schedule[0].payment_amount == pytest.approx(74.84)
	assert len(books.requests()) == 1
	document = frappe.get_doc(doctype, document.name)
	names = [row.name for row in document.taxes]
	document.save()
	assert [row.name for row in document.taxes] == names
	assert len(books.requests()) == 1
	document.items[0].qty = 4
	document.save()
	assert len(books.requests()) == 2
	assert document.grand_total == pytest.approx(126 + 11.70)


@pytest.mark.parametrize(
	("place", "total", "tax"),
	[
		(places.CHICAGO, 74.84, 5.84),
		(places.MESA, 73.73, 4.73),
		(places.SEATTLE, 76.15, 7.15),
		(places.ASHEVILLE, 73.83, 4.83),
		(places.CORAL_GABLES, 72.99, 3.99),
		(places.SAN_DIEGO, 73.42, 4.42),
		(places.NEW_YORK, 75.13, 6.13),
		(places.DENVER, 74.31, 5.31),
		(places.PORTLAND, 69.00, 0.00),
		(places.SAN_JUAN, 76.94, 7.94),
		(places.TORONTO, 77.97, 8.97),
		(places.VANCOUVER, 77.28, 8.28),
		(places.MONTREAL, 79.34, 10.34),
	],
)
@pytest.mark.parametrize("rows", ["By jurisdiction level", "One row"])
def test_freight_is_taxed_where_it_is_and_the_total_follows(books, place, total, tax, rows):
	set_up_settings(tax_rows=rows)
	document = books.document("Sales Order", customer=books.customer(place), taxes=[freight(12)]).insert()
	assert document.grand_total == pytest.approx(total)
	assert document.vertex_total_tax == pytest.approx(tax)
	levels = [row[0] for row in own_rows(document)]
	assert (
		levels == [*([] if not tax else levels[:1] if rows == "One row" else levels[:4])] or "Fee" in levels
	)
	assert document.taxes[0].description == "Freight"


@pytest.mark.parametrize("rows", ["By jurisdiction level", "One row"])
def test_colorado_s_fee_has_a_row_of_its_own(books, rows):
	set_up_settings(tax_rows=rows)
	document = books.document("Sales Order", customer=books.customer(places.DENVER)).insert()
	assert own_rows(document)[-1] == ("Fee", "Retail Delivery Fee", 0.29)


def selects() -> int:
	"""How many queries the test's connection has asked so far."""
	return int(frappe.db.sql("SHOW SESSION STATUS LIKE 'Com_select'")[0][1])


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_erpnext_looks_nothing_up_again_that_is_as_quoting_has_left_it(books, doctype):
	document = books.document(doctype).insert()
	net_amounts.fill_in(document)
	net_amounts.note_filled_in(document)
	before = selects()
	document.set_missing_values(for_validate=True)
	assert selects() == before
	document.set_missing_values(for_validate=True)
	assert selects() > before


def rows_of_another_app(document):
	document.append("items", {"item_code": document.items[0].item_code, "qty": 1, "rate": 10})


def quantity_of_another_app(document):
	document.items[0].qty = 5


def customer_of_another_app(document):
	document.customer_name = None


@pytest.mark.parametrize("change", [rows_of_another_app, quantity_of_another_app, customer_of_another_app])
def test_erpnext_fills_in_what_somebody_changes_after_quoting(books, change):
	document = books.document("Sales Order").insert()
	net_amounts.fill_in(document)
	net_amounts.note_filled_in(document)
	change(document)
	before = selects()
	document.set_missing_values(for_validate=True)
	assert selects() > before
	assert all(row.item_name for row in document.items) and document.customer_name


@pytest.mark.parametrize("doctype", DOCTYPES)
def test_a_save_that_fails_leaves_the_document_as_erpnext_knows_it(books, doctype):
	document = books.document(doctype)
	document.items[0].uom = "MGT no such unit"
	with pytest.raises(frappe.ValidationError):
		document.insert()
	document.items[0].uom = None
	document.insert()
	assert len(own_rows(document)) == 4 and document.items[0].item_name
	assert "set_missing_values" not in vars(document)


def test_rows_of_a_tax_account_are_removed_and_charges_stay(books):
	tax = {
		"charge_type": "On Net Total",
		"account_head": of_company("MGT Sales Tax"),
		"description": "Local tax",
		"rate": 8,
	}
	handling = {
		"charge_type": "On Previous Row Total",
		"row_id": 2,
		"account_head": freight(0)["account_head"],
		"description": "Handling",
		"rate": 10,
	}
	document = books.document("Sales Order", taxes=[tax, freight(12), handling]).insert()
	descriptions = [row.description for row in document.taxes]
	assert descriptions[:2] == ["Freight", "Handling"]
	assert document.taxes[1].tax_amount == pytest.approx(6.9)
	assert document.grand_total == pytest.approx(69 + 6.9 + 5.84)
	assert "MGT Sales Tax" in messages()


def test_a_template_s_tax_is_not_added_where_vertex_says_0(books):
	template = {
		"doctype": "Sales Taxes and Charges Template",
		"title": frappe.generate_hash(length=8),
		"company": f"{books.document('Sales Order').company}",
		"taxes": [
			{
				"charge_type": "On Net Total",
				"account_head": of_company("MGT Sales Tax"),
				"description": "Local tax",
				"rate": 8,
			}
		],
	}
	name = frappe.get_doc(template).insert().name
	customer = books.customer(places.PORTLAND)
	document = books.document("Sales Order", customer=customer, taxes_and_charges=name).insert()
	assert not document.taxes
	assert document.grand_total == pytest.approx(57)
	document.save()
	assert not document.taxes
	assert (document.vertex_status, document.vertex_total_tax) == ("Quoted", 0)


@pytest.mark.parametrize("discount", [{"discount_amount": 7}, {"additional_discount_percentage": 10}])
def test_a_discount_on_the_grand_total_becomes_one_on_the_net_total(books, discount):
	document = books.document("Sales Order", apply_discount_on="Grand Total", **discount).insert()
	net = 50 if "discount_amount" in discount else 51.3
	assert document.apply_discount_on == "Net Total"
	assert document.net_total == pytest.approx(net)
	assert document.grand_total == pytest.approx(net + document.vertex_total_tax)
	sent = books.requests()[-1]["body"]["lineItems"][0]
	assert sent["extendedPrice"] == pytest.approx(net)
	assert "discount" not in sent
	assert "Net Total" in messages()


def test_what_a_client_writes_into_medgrid_s_fields_and_rows_is_not_believed(books):
	document = books.document("Sales Order").insert()
	document.update({"vertex_status": None, "vertex_total_tax": 99, "vertex_line_taxes": "{}"})
	document.taxes[0].tax_amount = 0.01
	document.append("taxes", {**freight(5), "vertex_level": "State"})
	document.save()
	assert own_rows(document) == CHICAGO_ROWS
	assert document.vertex_total_tax == pytest.approx(5.84)
	assert len(books.requests()) == 1


def test_a_document_of_another_company_is_left_as_erpnext_makes_it(books):
	books.change_merchant(enabled=0)
	document = books.document("Sales Order", taxes=[freight(12)])
	document.vertex_status = "Quoted"
	document.insert()
	assert [row.description for row in document.taxes] == ["Freight"]
	assert document.vertex_status is None
	assert books.requests() == []


@pytest.mark.parametrize("setting", ["quote_quotations", "quote_sales_orders", "quote_sales_invoices"])
def test_each_doctype_has_its_setting(books, setting):
	set_up_settings(**{setting: 0})
	asked = {doctype: books.document(doctype).insert().vertex_status for doctype in DOCTYPES}
	untaxed = DOCTYPES[["quote_quotations", "quote_sales_orders", "quote_sales_invoices"].index(setting)]
	assert asked == {doctype: None if doctype == untaxed else "Quoted" for doctype in DOCTYPES}


@pytest.mark.parametrize("exemption", [{"vertex_tax_exempt": 1}, {"vertex_exemption_certificate": "IL-123"}])
def test_an_exempt_customer_pays_nothing(books, exemption):
	document = books.document("Sales Order", customer=books.customer(**exemption)).insert()
	assert (document.vertex_status, own_rows(document)) == ("Quoted", [])
	assert document.grand_total == pytest.approx(57)


def test_free_rows_are_sent_with_0(books):
	document = books.document(
		"Sales Order", {"qty": 1, "rate": 57}, {"qty": 1, "discount_percentage": 100}
	).insert()
	lines = books.requests()[-1]["body"]["lineItems"]
	assert [line["extendedPrice"] for line in lines] == [57, 0]
	assert document.vertex_total_tax == pytest.approx(5.84)


def test_200_rows_of_a_cent_lose_none(books):
	document = books.document(
		"Sales Order", *[{"qty": 1, "rate": 0.01 + n / 100} for n in range(200)]
	).insert()
	rows = sum(round(row.tax_amount * 100) for row in document.taxes)
	assert rows == round(document.vertex_total_tax * 100)
	assert document.grand_total == pytest.approx(document.net_total + document.vertex_total_tax)


def test_the_product_class_is_the_item_s_its_template_s_or_its_group_s(books):
	frappe.db.set_value("Item Group", "MGT Goods", "vertex_product_class", "GOODS")
	books.document("Sales Order").insert()
	frappe.db.set_value("Item", books.item, "vertex_product_class", "RX")
	books.document("Sales Order").insert()
	frappe.db.set_value("Item Group", "MGT Goods", "vertex_product_class", None)
	frappe.db.set_value("Item", books.item, "vertex_product_class", None)
	books.document("Sales Order").insert()
	classes = [request["body"]["lineItems"][0]["product"].get("productClass") for request in books.requests()]
	assert classes == ["GOODS", "RX", None]


def test_gross_prices_keep_the_grand_total_and_book_the_tax(books):
	books.change_merchant(prices_include_tax=1)
	document = books.document("Sales Order").insert()
	tax = document.vertex_total_tax
	assert document.grand_total == pytest.approx(57)
	assert tax == pytest.approx(5.30, abs=0.02)
	included = own_rows(document)[-1]
	assert included == ("Included", "Tax included in prices", pytest.approx(-tax))
	assert document.taxes[-1].account_head == of_company("Sales")


# Addresses


@pytest.mark.parametrize("country", ["Puerto Rico", "United States"])
def test_puerto_rico_is_a_part_of_the_united_states(books, country):
	place = {**places.SAN_JUAN, "country": country}
	if country == "Puerto Rico":
		place["mainDivision"] = None
	document = books.document("Sales Order", customer=books.customer(place)).insert()
	sent = books.requests()[-1]["body"]["customer"]["destination"]
	assert (sent["country"], sent["mainDivision"]) == ("US", "PR")
	assert document.vertex_total_tax == pytest.approx(6.56)


@pytest.mark.parametrize(("lacking", "part"), [("pincode", "ZIP"), ("state", "state")])
def test_the_sentence_says_which_address_lacks_what(books, lacking, part):
	customer = books.customer()
	name = frappe.get_all("Dynamic Link", {"link_name": customer, "parenttype": "Address"}, pluck="parent")[0]
	frappe.db.set_value("Address", name, lacking, "")
	document = books.document("Sales Order", customer=customer).insert()
	assert document.vertex_status == "Out of Date"
	assert name in document.vertex_error
	assert part in document.vertex_error
	assert own_rows(document) == []
	assert books.requests() == []


def test_a_warehouse_is_where_its_rows_ship_from(books):
	parent = f"All Warehouses - {ABBR}"
	warehouse = frappe.get_doc(
		{
			"doctype": "Warehouse",
			"warehouse_name": frappe.generate_hash(length=6),
			"company": books.document("Sales Order").company,
			"parent_warehouse": parent,
		}
	).insert()
	books.document(
		"Sales Order", {"qty": 1, "rate": 5, "warehouse": warehouse.name}, {"qty": 1, "rate": 5}
	).insert()
	address(("Warehouse", warehouse.name), places.SEATTLE)
	books.document(
		"Sales Order", {"qty": 1, "rate": 5, "warehouse": warehouse.name}, {"qty": 1, "rate": 6}
	).insert()
	before, after = (request["body"] for request in books.requests())
	assert "seller" not in before["lineItems"][0]
	assert after["lineItems"][0]["seller"]["physicalOrigin"]["city"] == "Seattle"
	assert after["seller"]["physicalOrigin"]["city"] == "Mesa"


# Vertex cannot be asked


def test_a_new_document_is_saved_without_tax_and_asks_again_on_the_next_save(books):
	books.vertex.fault("status", status=503, times=50)
	document = books.document("Sales Order").insert()
	assert (document.vertex_status, own_rows(document)) == ("Out of Date", [])
	assert "Vertex" in document.vertex_error
	assert document.vertex_error in messages()
	books.vertex.clear_faults()
	document.save()
	assert (document.vertex_status, document.vertex_error) == ("Quoted", None)
	assert own_rows(document) == CHICAGO_ROWS


def test_a_draft_keeps_its_former_rows(books):
	document = books.document("Sales Order").insert()
	books.vertex.fault("status", status=503, times=50)
	document.items[0].qty = 4
	document.save()
	assert document.vertex_status == "Out of Date"
	assert own_rows(document) == CHICAGO_ROWS
	assert document.grand_total == pytest.approx(114 + 5.84)
	document.reload().submit()
	assert document.vertex_status == "Out of Date"


@pytest.mark.parametrize("fault", ["bad_sum", "missing_line", "wrong_shape", "html_200", "negative_rate"])
def test_an_answer_that_makes_no_sense_is_none(books, fault):
	books.vertex.fault(fault, times=50)
	document = books.document("Sales Order").insert()
	assert (document.vertex_status, own_rows(document)) == ("Out of Date", [])


def test_a_save_is_refused_where_the_settings_say_so(books):
	document = books.document("Sales Order").insert()
	set_up_settings(block_save_without_tax=1)
	books.vertex.fault("status", status=503, times=50)
	document.items[0].qty = 4
	with pytest.raises(frappe.ValidationError, match="cannot be calculated"):
		document.save()
	with pytest.raises(frappe.ValidationError, match="cannot be calculated"):
		books.document("Sales Order").insert()


# What ERPNext does while it saves


def on_erpnext_only() -> None:
	if not frappe.db.exists("DocType", "Pricing Rule"):
		pytest.skip("the stand-in has no pricing rules")


def test_a_draft_of_an_earlier_day_is_taxed_with_the_rates_of_the_day_that_erpnext_gives_it(books):
	document = books.document("Sales Invoice").insert()
	earlier = str(frappe.utils.add_days(frappe.utils.today(), -3))
	frappe.db.set_value("Sales Invoice", document.name, "posting_date", earlier)
	document.reload().save()
	assert str(document.posting_date) == frappe.utils.today()
	assert [each["body"]["documentDate"] for each in books.requests()] == [frappe.utils.today()]


def test_a_payment_schedule_of_two_parts_adds_up_to_the_total_with_the_tax(books):
	day = frappe.utils.today()
	parts = [
		{"due_date": day, "invoice_portion": 40},
		{"due_date": frappe.utils.add_days(day, 9), "invoice_portion": 60},
	]
	document = books.document("Sales Order", taxes=[freight(12)], payment_schedule=parts).insert()
	document.items[0].qty = 4
	document.save()
	paid = sum(row.payment_amount for row in document.payment_schedule)
	assert paid == pytest.approx(document.grand_total)
	assert document.grand_total == pytest.approx(126 + 11.70)


def test_a_pricing_rule_for_the_whole_document_is_taken_off_before_the_tax(books):
	on_erpnext_only()
	rule = frappe.get_doc(
		{
			"doctype": "Pricing Rule",
			"title": frappe.generate_hash(length=8),
			"apply_on": "Transaction",
			"price_or_product_discount": "Price",
			"rate_or_discount": "Discount Percentage",
			"apply_discount_on": "Grand Total",
			"discount_percentage": 10,
			"selling": 1,
			"company": books.document("Sales Order").company,
			"currency": "USD",
		}
	).insert()
	try:
		document = books.document("Sales Order").insert()
		assert document.apply_discount_on == "Net Total"
		assert document.net_total == pytest.approx(51.30)
		assert books.requests()[-1]["body"]["lineItems"][0]["extendedPrice"] == pytest.approx(51.30)
		assert document.grand_total == pytest.approx(51.30 + document.vertex_total_tax)
		assert document.payment_schedule[0].payment_amount == pytest.approx(document.grand_total)
		asked = len(books.requests())
		document.reload().save()
		assert len(books.requests()) == asked
		assert document.grand_total == pytest.approx(51.30 + document.vertex_total_tax)
	finally:
		rule.delete()


def test_an_order_whose_items_are_updated_after_it_was_submitted_keeps_its_tax_and_asks_nobody(books):
	on_erpnext_only()
	from erpnext.controllers.accounts_controller import update_child_qty_rate

	document = books.document("Sales Order").insert().submit()
	row = document.items[0]
	changed = [
		{
			"docname": row.name,
			"name": row.name,
			"item_code": row.item_code,
			"qty": 3,
			"rate": row.rate,
			"conversion_factor": 1,
			"uom": row.uom,
			"delivery_date": str(row.delivery_date),
		}
	]
	update_child_qty_rate("Sales Order", frappe.as_json(changed), document.name, "items")
	document.reload()
	assert document.grand_total == pytest.approx(85.5 + 5.84)
	assert own_rows(document) == CHICAGO_ROWS
	assert len(books.requests()) == 1
