"""Where goods ship from and where to."""

import frappe
import pytest

from tests.support import records
from tests.support import vertex as places
from tests.support.books import NAME, address

TERRITORIES = {
	"PR": ("Puerto Rico", "00901"),
	"GU": ("Guam", "96910"),
	"VI": ("Virgin Islands, U.S.", "00802"),
	"AS": ("American Samoa", "96799"),
	"MP": ("Northern Mariana Islands", "96950"),
	"UM": ("United States Minor Outlying Islands", "96898"),
}
BOX = {"qty": 1, "rate": 5}


def sent(books) -> dict:
	return books.requests()[-1]["body"]


def origins(books) -> list[str]:
	"""The city from which each line ships."""
	of_document = sent(books)["seller"]["physicalOrigin"]["city"]
	return [
		line.get("seller", {}).get("physicalOrigin", {}).get("city", of_document)
		for line in sent(books)["lineItems"]
	]


def warehouse(**values) -> str:
	document = {
		"doctype": "Warehouse",
		"warehouse_name": frappe.generate_hash(length=6),
		"company": NAME,
		**values,
	}
	return frappe.get_doc(document).insert().name


@pytest.mark.parametrize("code", TERRITORIES)
@pytest.mark.parametrize("way", ["as a country", "as a state, by code", "as a state, by name"])
def test_a_territory_is_a_part_of_the_united_states(books, code, way):
	country, zip_code = TERRITORIES[code]
	if not frappe.db.exists("Country", country):
		pytest.skip(f"Frappe's list of countries has no {country}")
	place = {"city": "Capital", "postalCode": zip_code}
	if way == "as a country":
		place |= {"country": country}
	else:
		place |= {"country": "US", "mainDivision": code if way.endswith("code") else country}
	document = books.document("Sales Order", customer=books.customer(place)).insert()
	destination = sent(books)["customer"]["destination"]
	assert (destination["country"], destination["mainDivision"]) == ("US", code)
	assert document.vertex_status == "Quoted"
	assert bool(document.vertex_total_tax) == (code == "PR")


def test_several_warehouses_and_none(books):
	seattle, portland = warehouse(), warehouse()
	address(("Warehouse", seattle), places.SEATTLE)
	address(("Warehouse", portland), places.PORTLAND)
	rows = [{**BOX, "warehouse": seattle}, {**BOX, "rate": 6, "warehouse": portland}, {**BOX, "rate": 7}]
	document = books.document("Sales Order", *rows)
	document.set_warehouse = None
	document.insert()
	assert origins(books) == ["Seattle", "Portland", "Mesa"]


def test_a_warehouse_s_own_fields_and_its_parent_s_address(books):
	own = warehouse(address_line_1="325 9th Ave", city="Seattle", state="Washington", pin="98104")
	group = warehouse(is_group=1)
	address(("Warehouse", group), places.PORTLAND)
	child = warehouse(parent_warehouse=group)
	lacking = warehouse(city="Seattle", state="Washington")
	rows = [{**BOX, "rate": 5 + n, "warehouse": name} for n, name in enumerate((own, child, lacking))]
	books.document("Sales Order", *rows).insert()
	assert origins(books) == ["Seattle", "Portland", "Mesa"]


def test_a_document_s_own_dispatch_address_wins(books):
	seattle = warehouse()
	address(("Warehouse", seattle), places.SEATTLE)
	name = address(("Company", NAME), places.PORTLAND)
	books.document("Sales Order", {**BOX, "warehouse": seattle}, dispatch_address_name=name).insert()
	assert origins(books) == ["Portland"]


def test_a_row_that_a_supplier_delivers_ships_from_there(books):
	supplier = records.supplier(f"MGT Shipper {frappe.generate_hash(length=6)}")
	rows = [
		{**BOX, "delivered_by_supplier": 1, "supplier": supplier},
		{**BOX, "rate": 6},
	]
	books.document("Sales Order", *rows).insert()
	assert origins(books) == ["Mesa", "Mesa"]
	address(("Supplier", supplier), places.SEATTLE)
	books.document("Sales Order", *rows).insert()
	assert origins(books) == ["Seattle", "Mesa"]


def test_a_counter_sale_without_an_address_is_taxed_where_the_shop_is(books):
	customer = records.customer(f"MGT Walk-in {frappe.generate_hash(length=6)}")
	row = {**BOX, "warehouse": warehouse()}
	document = books.document("Sales Invoice", row, customer=customer, is_pos=1).insert()
	assert sent(books)["customer"]["destination"]["city"] == "Mesa"
	assert document.vertex_total_tax > 0
	other = books.document("Sales Invoice", customer=customer).insert()
	assert other.vertex_status == "Out of Date"
	assert "no shipping address" in other.vertex_error


@pytest.mark.parametrize(
	("shops", "city"),
	[
		([places.SEATTLE], "Seattle"),
		([places.SEATTLE, places.SEATTLE], "Seattle"),
		# There is no telling which of them is the shop.
		([places.SEATTLE, places.DENVER], "Mesa"),
	],
)
def test_a_counter_sale_is_taxed_where_its_warehouse_is(books, shops, city):
	customer = records.customer(f"MGT Walk-in {frappe.generate_hash(length=6)}")
	rows = []
	for shop in shops:
		name = warehouse()
		address(("Warehouse", name), shop)
		rows.append({**BOX, "warehouse": name})
	books.document("Sales Invoice", *rows, customer=customer, is_pos=1).insert()
	assert sent(books)["customer"]["destination"]["city"] == city


def test_a_shipping_address_wins_over_the_billing_address(books):
	customer = books.customer(places.CHICAGO)
	name = address(("Customer", customer), places.SEATTLE, address_type="Shipping")
	document = books.document("Sales Invoice", customer=customer, shipping_address_name=name).insert()
	assert sent(books)["customer"]["destination"]["city"] == "Seattle"
	assert document.vertex_total_tax == pytest.approx(5.91)


def test_an_offer_to_somebody_who_is_no_customer_yet(books):
	lead = frappe.get_doc(
		{
			"doctype": "Lead",
			"lead_name": "Ada Newcomer",
			"company_name": f"MGT Lead {frappe.generate_hash(length=6)}",
			"email_id": f"{frappe.generate_hash(length=6)}@example.com",
		}
	).insert()
	name = address(("Lead", lead.name), places.CHICAGO)
	document = books.document("Quotation", quotation_to="Lead", party_name=lead.name)
	document.update({"quotation_to": "Lead", "party_name": lead.name, "customer_address": name})
	document.insert()
	assert sent(books)["customer"]["customerCode"] == {"value": lead.name}
	assert document.vertex_total_tax == pytest.approx(5.84)


# Exemptions


def test_an_exempt_customer_is_not_taxed_because_of_whom_it_belongs_to(books):
	"""A clinic and its parent: one code at Vertex, one group here, and only the clinic has a certificate."""
	common = {"vertex_customer_code": "MGT-PARENT", "vertex_customer_class": "CLINICS"}
	parent = books.customer(**common)
	clinic = books.customer(**common, vertex_exemption_certificate="IL-123")
	exempt = books.document("Sales Invoice", customer=clinic).insert()
	request = sent(books)["customer"]
	assert request["exemptionCertificate"] == {"exemptionCertificateNumber": "IL-123"}
	assert request["customerCode"]["value"] == "MGT-PARENT"
	assert (exempt.vertex_status, exempt.vertex_total_tax) == ("Quoted", 0)
	taxed = books.document("Sales Invoice", customer=parent).insert()
	assert "exemptionCertificate" not in sent(books)["customer"]
	assert taxed.vertex_total_tax == pytest.approx(5.84)


def test_a_certificate_that_arrives_or_ends_counts_on_the_next_save(books):
	customer = books.customer()
	document = books.document("Sales Order", customer=customer).insert()
	for certificate, tax in (("IL-123", 0), (None, 5.84)):
		frappe.db.set_value("Customer", customer, "vertex_exemption_certificate", certificate)
		document.reload().save()
		assert document.vertex_total_tax == pytest.approx(tax)


def test_an_address_that_changes_counts_on_the_next_save(books):
	customer = books.customer()
	document = books.document("Sales Order", customer=customer).insert()
	name = document.shipping_address_name or document.customer_address
	frappe.db.set_value("Address", name, {"city": "Portland", "state": "OR", "pincode": "97201"})
	document.reload().save()
	assert document.vertex_total_tax == 0
	document.reload().save()
	assert len(books.requests()) == 2
