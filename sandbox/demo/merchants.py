"""The tax connector's merchants: Skydell Medical itself, whose Vertex credentials work, and a shop in which
the app is installed and onboarding comes next.

MedGrid's own functions make both, against the simulators, so that they are as real ones.
"""

from urllib.parse import urlsplit

import frappe

from sandbox.demo import merchant_keys
from sandbox.demo.cast import CONNECTOR_SHOP, VERTEX_CLIENT, VERTEX_COMPANY
from sandbox.demo.catalog import COMPANY
from sandbox.demo.records import ensure
from sandbox.simulators.shopify.remote import ShopifyControl

DOCTYPE = "Vertex Merchant"
WAREHOUSE_ADDRESS = {
	"address_line1": "55 W Main St",
	"city": "Mesa",
	"state": "Arizona",
	"pincode": "85201",
	"country": "United States",
}


def load() -> None:
	_company()
	_shop()


def _company() -> None:
	from medgrid.vertex.merchants import onboarding, records

	client_id, client_secret = VERTEX_CLIENT
	merchant = ensure(
		DOCTYPE,
		{"company": COMPANY},
		company_code=VERTEX_COMPANY,
		deployment="Cloud",
		client_id=client_id,
		client_secret=client_secret,
		origin_address=_origin(),
		tax_account=_tax_account(),
	)
	frappe.db.commit()
	if merchant.status != "Complete":
		onboarding.test(records.get(merchant.name))


def _origin() -> str:
	title = {"address_title": COMPANY, "address_type": "Warehouse"}
	links = [{"link_doctype": "Company", "link_name": COMPANY}]
	return ensure("Address", title, **WAREHOUSE_ADDRESS, links=links).name


def _tax_account() -> str | None:
	filters = {"company": COMPANY, "account_type": "Tax", "is_group": 0, "disabled": 0}
	return frappe.db.get_value("Account", filters)


def _shop() -> None:
	from medgrid.vertex.merchants import credentials, install, records

	merchant = records.find(CONNECTOR_SHOP)
	if not merchant or merchant.is_uninstalled:
		shopify = ShopifyControl(frappe.conf.medgrid_endpoints["shopify"].removesuffix("/{shop}"))
		redirected = shopify.approve(install.begin(CONNECTOR_SHOP).authorize_url)
		redirect = install.read_callback(urlsplit(redirected).query)
		install.use_state(redirect)
		merchant = install.finish(redirect)
	keys = merchant_keys.remembered()
	if not keys or keys["username"] != merchant.api_username:
		username, password = credentials.replace(merchant)
		merchant_keys.remember(username, password.get_secret_value())
