"""A large shop at the simulated Shopify, and the Items that its SKUs name."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import frappe

from sandbox.demo.records import ensure
from sandbox.simulators.shopify.remote import ShopifyControl

CHUNK = 5_000
COMPANY = "Skydell Medical"
# The first SKUs are the same in every shop: the Items are made once.
PREFIX = "BENCH-SHOP"


@dataclass(frozen=True)
class Shop:
	"""
	:param location: the global id of its only location.
	:param variants: how many; each a product of its own, called PREFIX-000001 and on, in stock.
	"""

	domain: str
	location: str
	variants: int
	control: ShopifyControl


def make_shop(variants: int, *, bucket_size: int, restore_rate: int) -> Shop:
	"""A new shop.

	:param bucket_size: points.
	:param restore_rate: points a second.
	"""
	domain = f"bench-{secrets.token_hex(4)}.myshopify.com"
	made = control().add_shop(domain, bucket_size=bucket_size, restore_rate=restore_rate)
	control().make_products(domain, variants, prefix=PREFIX)
	return Shop(domain, made["location_id"], variants, control())


def control() -> ShopifyControl:
	"""The simulator's, of this site."""
	return ShopifyControl(frappe.conf.medgrid_endpoints["shopify"].removesuffix("/{shop}"))


def ensure_items(count: int) -> None:
	"""Items with the first SKUs as their codes; committed."""
	company()
	if frappe.db.count("Item", {"name": ("like", f"{PREFIX}-%")}) < count:
		_insert("Item", (_item(number) for number in range(1, count + 1)))
		frappe.db.commit()


def company() -> None:
	values = {"abbr": "SM", "default_currency": "USD", "country": "United States"}
	ensure("Company", {"company_name": COMPANY}, **values)


def sku(number: int) -> str:
	"""
	:param number: from 1 on.
	"""
	return f"{PREFIX}-{number:06d}"


def _item(number: int) -> dict:
	code = sku(number)
	content = {"item_name": f"Product {number}", "item_group": "All Item Groups", "stock_uom": "Box"}
	return {"name": code, "item_code": code, "is_stock_item": 1, **content}


def _insert(doctype: str, rows: Iterable[dict]) -> None:
	rows, moment = iter(rows), frappe.utils.now()
	while chunk := list(islice(rows, CHUNK)):
		columns = [*chunk[0], "creation", "modified"]
		values = [[*row.values(), moment, moment] for row in chunk]
		frappe.db.bulk_insert(doctype, columns, values, ignore_duplicates=True, chunk_size=CHUNK)
