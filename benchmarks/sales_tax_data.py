"""Two companies of the bench site, one of which Vertex taxes, and a Sales Order of each."""

import secrets
from dataclasses import dataclass
from typing import Any

import frappe

from benchmarks.vertex_data import COMPANY as COMPANY_CODE
from medgrid.vertex.merchants import onboarding, records
from sandbox.demo.records import ensure
from sandbox.simulators.vertex.remote import VertexControl

TAXED, UNTAXED = ("Bench Taxed", "BTX"), ("Bench Untaxed", "BUX")
ITEM, CUSTOMER, PRICE_LIST = "BENCH-TAXED-BOX", "Bench Taxed Clinic", "Bench Taxed Prices"
PLACES = {
	"Company": {"city": "Mesa", "state": "Arizona", "pincode": "85201"},
	"Customer": {"city": "Chicago", "state": "Illinois", "pincode": "60610"},
}


@dataclass(frozen=True)
class Scene:
	"""
	:param taxed: the name of the Sales Order that Vertex taxes.
	:param untaxed: that of the same one of the other company.
	"""

	control: VertexControl
	taxed: str
	untaxed: str


def prepare(rows: int) -> Scene:
	"""
	:param rows: of each order.
	"""
	control = VertexControl(frappe.conf.medgrid_endpoints["vertex"])
	ensure("Item", {"item_code": ITEM}, item_group="All Item Groups", stock_uom="Box", is_stock_item=0)
	ensure("Price List", {"price_list_name": PRICE_LIST}, currency="USD", selling=1, enabled=1)
	ensure("Customer", {"customer_name": CUSTOMER}, customer_type="Company")
	_address("Customer", CUSTOMER)
	for name, abbreviation in (TAXED, UNTAXED):
		values = {"abbr": abbreviation, "default_currency": "USD", "country": "United States"}
		ensure("Company", {"company_name": name}, **values)
	origin = _address("Company", TAXED[0])
	_merchant(control, origin)
	frappe.db.set_single_value("Vertex Settings", "quote_sales_orders", 1)
	names = [_order(company, rows) for company, _abbreviation in (TAXED, UNTAXED)]
	frappe.db.commit()
	return Scene(control, *names)


def _address(doctype: str, name: str) -> str:
	values = {**PLACES[doctype], "country": "United States", "address_line1": "1 Main St"}
	links = [{"link_doctype": doctype, "link_name": name}]
	return ensure("Address", {"address_title": name, "address_type": "Shipping"}, links=links, **values).name


def _merchant(control: VertexControl, origin: str) -> None:
	client_id = f"bench-{secrets.token_hex(6)}"
	control.add_company(COMPANY_CODE)
	control.add_client(client_id, "bench-secret", kind="cloud")
	account = frappe.db.get_value("Account", {"company": TAXED[0], "account_type": "Tax", "is_group": 0})
	document = ensure("Vertex Merchant", {"company": TAXED[0]}, status="Incomplete")
	document.update({"company_code": COMPANY_CODE, "deployment": "Cloud", "client_id": client_id})
	document.update({"client_secret": "bench-secret", "tax_account": account, "enabled": 1})
	document.origin_address = origin
	document.save()
	frappe.db.commit()
	onboarding.test(records.get(document.name))


def _order(company: str, rows: int) -> str:
	day = frappe.utils.add_days(frappe.utils.today(), 7)
	lines = [
		{"item_code": ITEM, "qty": 1, "rate": 10 + number, "delivery_date": day} for number in range(rows)
	]
	values: dict[str, Any] = {
		"doctype": "Sales Order",
		"company": company,
		"customer": CUSTOMER,
		"delivery_date": day,
		"currency": "USD",
		"conversion_rate": 1,
		"selling_price_list": PRICE_LIST,
		"price_list_currency": "USD",
		"plc_conversion_rate": 1,
		"items": lines,
	}
	return frappe.get_doc(values).insert().name
