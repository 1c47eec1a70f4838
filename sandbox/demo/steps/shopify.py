"""A vendor connects a Shopify store, through all redirects, and its catalog comes in."""

import requests

from sandbox.demo.cast import VENDORS
from sandbox.demo.client import TIMEOUT_SECONDS, Client, browser, caller
from sandbox.simulators.shopify.remote import ShopifyControl

VENDOR, SHOP = "Summit Clinical Supply", "summit-clinical.myshopify.com"


def start_install(facts: dict) -> str:
	"""The vendor types the store's name; MedGrid answers with Shopify's page."""
	answer = _vendor(facts).post(
		"medgrid.integrations.shopify_start_install", shop_domain=" Summit-Clinical "
	)
	assert answer["ok"] is True, answer
	facts["authorize_url"] = answer["authorize_url"]
	return answer["authorize_url"].partition("?")[0]


def approve(facts: dict) -> str:
	"""The vendor's browser: Shopify's page, Approve, back to MedGrid, on to the portal."""
	page = requests.get(facts["authorize_url"], timeout=TIMEOUT_SECONDS)
	assert "Approve" in page.text, page.text
	facts["callback"] = _simulator(facts).approve(facts["authorize_url"])
	vendor = browser(facts, VENDORS[VENDOR])
	answer = vendor.get(facts["callback"], allow_redirects=False, timeout=TIMEOUT_SECONDS)
	assert answer.status_code == 302, answer.text
	assert answer.headers["Location"].endswith("?shopify=connected"), answer.headers["Location"]
	return f"connected, the browser goes on to /portal{answer.headers['Location'].partition('/portal')[2]}"


def replay(facts: dict) -> str:
	"""Somebody else gets hold of the callback's URL, too late."""
	answer = requests.get(facts["callback"], timeout=TIMEOUT_SECONDS)
	assert answer.status_code == 400, answer.text
	return f"{answer.status_code} {answer.json()['exception'].partition(': ')[2]}"


def test_connection(facts: dict) -> str:
	answer = _vendor(facts).post("medgrid.integrations.test_connection", integration_type="shopify")
	assert answer == {"ok": True, "error": None}, answer
	return str(answer)


def pull(facts: dict) -> str:
	answer = _vendor(facts).post("medgrid.integrations.sync_now", integration_type="shopify")
	assert answer["ok"] is True, answer
	stats = answer["stats"]
	assert stats["products_pulled"] > len(stats["sample_titles"]) > 0, stats
	return f"{stats['products_pulled']} products, among them {', '.join(stats['sample_titles'][:2])}"


def curation(facts: dict) -> str:
	"""What is there for curation: linked by SKU, nothing imported."""
	administrator = caller(facts, "administrator")
	rows = administrator.get(
		"frappe.client.get_list",
		doctype="Vendor Product",
		filters=f'{{"shop": "{SHOP}", "status": "Active"}}',
		fields='["sku", "item"]',
		limit_page_length=500,
	)
	linked = [row for row in rows if row["item"]]
	assert linked and len(linked) < len(rows), rows
	return f"{len(rows)} variants, {len(linked)} are Items of {VENDOR}, {len(rows) - len(linked)} to look at"


STEPS = (
	("shopify_start_install", start_install),
	("the merchant approves", approve),
	("the callback once more", replay),
	("test_connection, Shopify", test_connection),
	("sync_now pulls the catalog", pull),
	("Vendor Products", curation),
)


def _vendor(facts: dict) -> Client:
	return caller(facts, VENDORS[VENDOR])


def _simulator(facts: dict) -> ShopifyControl:
	return ShopifyControl(facts["simulators"]["shopify"].removesuffix("/{shop}"))
