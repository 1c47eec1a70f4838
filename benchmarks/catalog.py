"""The catalog on a large database: its RPCs against bare SQL, and over HTTP against Frappe's ping."""

import json
import os
from pathlib import Path

import frappe
import requests
from frappe.utils.response import json_handler

from benchmarks import catalog_data
from benchmarks.measure import Comparison, compare
from medgrid import catalog

ROUNDS_INSIDE, ROUNDS_HTTP = 40, 400
SEARCH_TEXT = "zinc"

STOCK_SQL = """
	SELECT i.item_code, i.item_name, i.description, i.stock_uom,
		(SELECT p.price_list_rate FROM `tabItem Price` p
			WHERE p.item_code = i.name AND p.price_list = %(price_list)s AND p.selling = 1
				AND (p.valid_from IS NULL OR p.valid_from <= CURDATE())
				AND (p.valid_upto IS NULL OR p.valid_upto >= CURDATE())
				AND IFNULL(p.uom, '') IN ('', i.stock_uom)
				AND IFNULL(p.customer, '') = '' AND IFNULL(p.batch_no, '') = ''
			ORDER BY p.valid_from DESC, p.creation DESC LIMIT 1) AS rate,
		b.actual_qty AS available_qty {columns}
	FROM `tabBin` b JOIN `tabItem` i ON i.name = b.item_code {joins}
	WHERE b.actual_qty > 0 AND i.disabled = 0 AND {condition}
	ORDER BY i.item_name, i.item_code {order}
"""
IN_WAREHOUSE_SQL = STOCK_SQL.format(columns="", joins="", condition="b.warehouse = %(warehouse)s", order="")
SEARCH_SQL = STOCK_SQL.format(
	columns=", b.warehouse",
	joins="JOIN `tabWarehouse` w ON w.name = b.warehouse AND w.disabled = 0 AND w.is_group = 0",
	condition="(i.item_name LIKE %(pattern)s OR i.description LIKE %(pattern)s) {place}",
	order=", b.warehouse",
)


def run() -> list[Comparison]:
	from sandbox.runtime.site import connected

	with connected():
		warehouse = catalog_data.ensure()
		comparisons = [_stock(warehouse), _search(None), _search(warehouse), *_pages()]
	return [*comparisons, _warehouses_over_http()]


def _stock(warehouse: str) -> Comparison:
	parameters = {"warehouse": warehouse, "price_list": catalog_data.PRICE_LIST}
	rows = len(catalog.items_in_warehouse(**parameters))
	return compare(
		f"items_in_warehouse, {rows} rows",
		lambda: _encoded(catalog.items_in_warehouse(**parameters)),
		_same_rows(lambda: catalog.items_in_warehouse(**parameters), IN_WAREHOUSE_SQL, parameters),
		rounds=ROUNDS_INSIDE,
		limit=1.3,
	)


def _pages() -> list[Comparison]:
	"""Pages of 20 of a warehouse that holds all Items, against the same rows by sorting them."""
	parameters = {"warehouse": catalog_data.FULL, "price_list": catalog_data.PRICE_LIST}
	start = catalog_data.ITEMS - 20
	before = catalog.items_in_warehouse(**parameters, limit_start=start - 1, limit_page_length=1)
	ways = {"by key": {"after": before[0]["item_code"]}, "by offset": {"limit_start": start}}
	sorting = f"{IN_WAREHOUSE_SQL} LIMIT 20 OFFSET {start}"
	return [
		_page(title, {**parameters, **way, "limit_page_length": 20}, sorting) for title, way in ways.items()
	]


def _page(title: str, parameters: dict, sorting: str) -> Comparison:
	call = lambda: catalog.items_in_warehouse(**parameters)  # noqa: E731
	return compare(
		f"the last 20 of {catalog_data.ITEMS} rows {title}, against sorting",
		lambda: _encoded(call()),
		_same_rows(call, sorting, parameters),
		rounds=5,
		limit=1.0,
	)


def _search(warehouse: str | None) -> Comparison:
	parameters = {"warehouse": warehouse, "price_list": catalog_data.PRICE_LIST}
	call = lambda: catalog.search_items(query=SEARCH_TEXT, **parameters)  # noqa: E731
	place = "AND b.warehouse = %(warehouse)s" if warehouse else ""
	sql = SEARCH_SQL.format(place=place)
	return compare(
		f"search_items, {'one warehouse' if warehouse else 'everywhere'}, {len(call())} rows",
		lambda: _encoded(call()),
		_same_rows(call, sql, {**parameters, "pattern": f"%{SEARCH_TEXT}%"}),
		rounds=ROUNDS_INSIDE,
		limit=1.3,
	)


def _same_rows(call, sql: str, values: dict):
	"""The reference: a bare cursor and the same JSON encoder, after a check that it gives the same rows."""
	cursor = frappe.db._conn.cursor()

	def fetch() -> list[dict]:
		cursor.execute(sql, values)
		names = [column[0] for column in cursor.description]
		return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

	if json.loads(_encoded(fetch())) != json.loads(_encoded(call())):
		raise AssertionError("the bare SQL and the RPC differ in their rows")
	return lambda: _encoded(fetch())


def _encoded(rows: list[dict]) -> str:
	return json.dumps(rows, default=json_handler, separators=(",", ":"))


def _warehouses_over_http() -> Comparison:
	from sandbox import services

	site = Path(os.environ["SANDBOX_SITE"]).name
	session = requests.Session()
	session.headers["Authorization"] = catalog_data.authorization()

	def get(method: str):
		answer = session.get(f"{services.site_url(site)}/api/method/{method}")
		answer.raise_for_status()

	return compare(
		f"list_warehouses over HTTP, {catalog_data.WAREHOUSES} warehouses, against frappe.ping",
		lambda: get("medgrid.catalog.list_warehouses"),
		lambda: get("frappe.ping"),
		rounds=ROUNDS_HTTP,
		limit=1.2,
	)
