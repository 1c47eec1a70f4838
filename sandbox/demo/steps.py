"""The demo's steps. Each returns what came back, in short, or fails with an AssertionError or HTTP error."""

import sys
from collections.abc import Callable

import requests

from sandbox import status
from sandbox.demo.client import Client

WAREHOUSE = "ShipStation Warehouse - SM"


def run() -> int:
	"""Runs every step, whatever the others did. 0 if all are well, else 1."""
	facts = status.as_dict()
	print(f"MedGrid at {facts['site']['url']}")
	succeeded = sum([_run(title, step, facts) for title, step in STEPS])
	print(f"demo: {succeeded} of {len(STEPS)} steps ok")
	return 0 if succeeded == len(STEPS) else 1


def _run(title: str, step: Callable[[dict], str], facts: dict) -> bool:
	try:
		outcome = step(facts)
	except (AssertionError, KeyError, requests.RequestException) as error:
		print(f"FAILED  {title}: {type(error).__name__} {error}", file=sys.stdout, flush=True)
		return False
	print(f"ok      {title}: {outcome}", flush=True)
	return True


def health(facts: dict) -> str:
	return Client(facts["site"]["url"]).get("ping")


def guest_is_turned_away(facts: dict) -> str:
	answer = Client(facts["site"]["url"]).request("GET", "medgrid.catalog.list_warehouses")
	assert answer.status_code == 401, answer.text
	return f"{answer.status_code} {answer.json()['exc_type']}"


def token(facts: dict) -> str:
	user = _user(facts, "customer")
	client = Client(facts["site"]["url"], user["authorization"])
	signed_in = client.get("frappe.auth.get_logged_user")
	assert signed_in == user["user"], signed_in
	access = client.get("medgrid.account.api_access")
	assert access["has_keys"] is True, access
	return f"{signed_in} with key {access['api_key'][:4]}…"


def list_warehouses(facts: dict) -> str:
	rows = _customer(facts).get("medgrid.catalog.list_warehouses")
	assert WAREHOUSE in [row["name"] for row in rows], rows
	return f"{len(rows)} warehouses, among them {WAREHOUSE}"


def list_warehouses_ordered(facts: dict) -> str:
	rows = _customer(facts).get("medgrid.catalog.list_warehouses_ordered")
	assert rows[0] == {"name": WAREHOUSE, "label": WAREHOUSE}, rows
	return ", ".join(row["label"] for row in rows[:3])


def items_in_warehouse(facts: dict) -> str:
	rows = _customer(facts).get("medgrid.catalog.items_in_warehouse", warehouse=WAREHOUSE)
	assert rows, "the warehouse is empty"
	assert all(row["available_qty"] > 0 for row in rows), rows
	return f"{len(rows)} items, the first: {_line(rows[0])}"


def search_in_one_warehouse(facts: dict) -> str:
	rows = _customer(facts).get("medgrid.catalog.search_items", query="vitamin d3", warehouse=WAREHOUSE)
	assert {row["warehouse"] for row in rows} == {WAREHOUSE}, rows
	return f"{len(rows)} hits for “vitamin d3”, the first: {_line(rows[0])}"


def search_everywhere(facts: dict) -> str:
	rows = _sales_rep(facts).get("medgrid.catalog.search_items", query="0.9%", price_list="Wholesale")
	assert rows, "nothing found"
	assert all("0.9%" in row["item_name"] + row["description"] for row in rows), rows
	return f"{len(rows)} rows for “0.9%”, the first: {_line(rows[0])} in {rows[0]['warehouse']}"


STEPS = (
	("health", health),
	("guest", guest_is_turned_away),
	("token", token),
	("list_warehouses", list_warehouses),
	("list_warehouses_ordered", list_warehouses_ordered),
	("items_in_warehouse", items_in_warehouse),
	("search_items in one warehouse", search_in_one_warehouse),
	("search_items everywhere, wholesale", search_everywhere),
)


def _user(facts: dict, role: str) -> dict:
	return next(user for user in facts["users"] if user["role"] == role)


def _customer(facts: dict) -> Client:
	return Client(facts["site"]["url"], _user(facts, "customer")["authorization"])


def _sales_rep(facts: dict) -> Client:
	return Client(facts["site"]["url"], _user(facts, "sales rep")["authorization"])


def _line(row: dict) -> str:
	price = "no price" if row["rate"] is None else f"${row['rate']:.2f}"
	return f"{row['item_code']} {row['item_name']}, {price}, {row['available_qty']} {row['stock_uom']}"
