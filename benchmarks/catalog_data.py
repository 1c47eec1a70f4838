"""100,000 Items, 21 warehouses, 600,000 Bins, 200,000 Item Prices: made in bulk, once per site."""

import random
from collections.abc import Iterable
from itertools import islice

import frappe
from frappe.utils.password import set_encrypted_password

ITEMS, WAREHOUSES, BINS, PRICES = 100_000, 21, 600_000, 200_000
# One warehouse has exactly this many items in stock, and the last one has all of them: the benchmark's own.
MEASURED_ROWS = 5_000
MEASURED, FULL = "Bench 00 - SM", f"Bench {WAREHOUSES - 1:02} - SM"
PRICE_LIST = "Bench Retail"
WORDS = (
	*("sterile", "zinc", "gauze", "vitamin", "syringe", "nitrile"),
	*("saline", "omega", "probiotic", "bandage", "forceps", "magnesium"),
)
CHUNK = 5_000
USER = "bench@skydell.example"


def ensure() -> str:
	"""Makes the data if the site has none.

	:returns: MEASURED.
	"""
	if frappe.db.count("Bin") < BINS:
		_company_and_warehouses()
		_insert("Item", _items())
		_insert("Item Price", _prices())
		_insert("Bin", _bins())
		frappe.db.commit()
		frappe.db.sql_ddl("ANALYZE TABLE `tabItem`, `tabBin`, `tabItem Price`")
	return MEASURED


def authorization() -> str:
	"""The header of a signed-in user without desk rights."""
	from sandbox.runtime.site import connected

	with connected():
		if not frappe.db.exists("User", USER):
			user = {"doctype": "User", "email": USER, "first_name": "Bench", "send_welcome_email": 0}
			frappe.get_doc(user).insert()
		key, secret = frappe.generate_hash(length=15), frappe.generate_hash(length=15)
		frappe.db.set_value("User", USER, {"api_key": key, "api_secret": "*" * 15})
		set_encrypted_password("User", USER, secret, "api_secret")
		frappe.db.commit()
	return f"token {key}:{secret}"


def _company_and_warehouses() -> None:
	from sandbox.demo.records import ensure as ensure_document

	company = {"abbr": "SM", "default_currency": "USD", "country": "United States"}
	ensure_document("Company", {"company_name": "Skydell Medical"}, **company)
	for name in frappe.get_all("Warehouse", filters={"is_group": 0}, pluck="name"):
		frappe.db.set_value("Warehouse", name, "disabled", 1)
	for number in range(WAREHOUSES):
		key = {"warehouse_name": f"Bench {number:02}", "company": "Skydell Medical"}
		ensure_document("Warehouse", key, parent_warehouse="All Warehouses - SM")
	ensure_document("Price List", {"price_list_name": PRICE_LIST}, currency="USD", selling=1, enabled=1)


def _code(number: int) -> str:
	return f"BENCH-{number:06}"


def _items() -> Iterable[dict]:
	chance = random.Random(1)
	for number in range(ITEMS):
		words = chance.sample(WORDS, 3)
		# "zinc" stands in about one item of 400: a search that finds a useful number.
		if "zinc" in words and chance.random() > 0.01:
			words[words.index("zinc")] = "steel"
		yield {
			"name": _code(number),
			"item_code": _code(number),
			"item_name": f"{' '.join(words).title()} {number}",
			"description": f"<p>A product for benchmarks: {' '.join(words)}, pack {number % 12 + 1}.</p>",
			"stock_uom": "Box",
			"item_group": "All Item Groups",
			"disabled": 0,
		}


def _prices() -> Iterable[dict]:
	"""Two prices an item: last year's and this year's."""
	for number in range(PRICES):
		yield {
			"name": f"bench-{number}",
			"item_code": _code(number // 2),
			"price_list": PRICE_LIST,
			"selling": 1,
			"uom": "Box",
			"price_list_rate": 5 + number % 997 / 4,
			"valid_from": "2024-01-01" if number % 2 else "2025-01-01",
		}


def _bins() -> Iterable[dict]:
	"""Bins of every item: MEASURED_ROWS with stock in the first warehouse, one of each item in the last, the
	rest in the others."""
	for number in range(MEASURED_ROWS):
		yield _bin(number, number * (ITEMS // MEASURED_ROWS), 0, 1 + number % 50)
	for number in range(MEASURED_ROWS, BINS - ITEMS):
		item, turn = number % ITEMS, number // ITEMS
		yield _bin(number, item, 1 + (item * 7 + turn * 5) % (WAREHOUSES - 2), number % 40)
	for number in range(BINS - ITEMS, BINS):
		yield _bin(number, number % ITEMS, WAREHOUSES - 1, 1 + number % 50)


def _bin(number: int, item: int, warehouse: int, quantity: int) -> dict:
	return {
		"name": f"bench-{number}",
		"item_code": _code(item),
		"warehouse": f"Bench {warehouse:02} - SM",
		"actual_qty": quantity,
		"projected_qty": quantity,
		"stock_uom": "Box",
	}


def _insert(doctype: str, rows: Iterable[dict]) -> None:
	rows = iter(rows)
	moment = frappe.utils.now()
	while chunk := list(islice(rows, CHUNK)):
		columns = [*chunk[0], "creation", "modified"]
		values = [[*row.values(), moment, moment] for row in chunk]
		frappe.db.bulk_insert(doctype, columns, values, ignore_duplicates=True, chunk_size=CHUNK)
