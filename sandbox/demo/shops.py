"""The shops of the demo at the simulated Shopify, and the apps through which MedGrid reaches them.

The simulator seeds itself from here when it serves the demo site (`--demo`) and remembers
nothing of an earlier process. Nothing in here needs a site.
"""

import csv
from pathlib import Path

from sandbox.demo.cast import CONNECTOR_APP, CONNECTOR_SHOP, EXAMPLES_SHOP, SHOPS
from sandbox.simulators.shopify.remote import ShopifyControl

PRODUCTS = Path(__file__).with_name("products.csv")
# Client id and secret of the two apps; secrets of a simulator that only this machine reaches.
VENDOR_APP = ("medgrid-vendors", "demo-vendor-app-secret")
STORE_APP = ("medgrid-exoceuticals", "demo-exoceuticals-app-secret")
STORE = "2899e4.myshopify.com"
STORE_WEBHOOK_SECRET = "demo-exoceuticals-webhook-secret"
# Sold in the shops and unknown at MedGrid.
OTHERS = (
	{"title": "Gift card", "price": "25.00", "quantity": 0},
	{"title": "Clearance bundle", "sku": "CLEARANCE-01", "price": "9.90", "quantity": 3},
)


def seed(control: ShopifyControl) -> None:
	"""Fills a simulator that has just started."""
	control.add_app(*VENDOR_APP)
	control.add_app(*STORE_APP)
	control.add_app(*CONNECTOR_APP)
	with PRODUCTS.open(newline="", encoding="utf-8") as file:
		rows = list(csv.DictReader(file))
	for vendor, domain in SHOPS.items():
		control.add_shop(domain, name=vendor)
		own = [row for row in rows if row["vendor"] == vendor]
		control.seed_products(domain, [*(_product(row, "qty_main") for row in own), *OTHERS])
	control.add_shop(STORE, name="Exoceuticals", admin_secret=STORE_WEBHOOK_SECRET)
	control.add_shop(CONNECTOR_SHOP, name="Vertex Dev Store")
	control.add_shop(EXAMPLES_SHOP, name="Juniper Apothecary")
	stocked = [row for row in rows if int(row["qty_exoceuticals"])]
	control.seed_products(STORE, [*(_product(row, "qty_exoceuticals") for row in stocked), *OTHERS])


def _product(row: dict[str, str], stock: str) -> dict:
	return {
		"title": row["item_name"],
		"sku": row["item_code"],
		"price": row["standard_rate"] or "0",
		"quantity": int(row[stock]),
	}
