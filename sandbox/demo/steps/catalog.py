"""The catalog as a customer and a sales rep see it."""

from sandbox.demo.client import Client, caller, user

WAREHOUSE = "ShipStation Warehouse - SM"


def health(facts: dict) -> str:
	return Client(facts["site"]["url"]).get("ping")


def guest_is_turned_away(facts: dict) -> str:
	answer = Client(facts["site"]["url"]).request("GET", "medgrid.catalog.list_warehouses")
	assert answer.status_code == 401, answer.text
	return f"{answer.status_code} {answer.json()['exc_type']}"


def token(facts: dict) -> str:
	client = caller(facts, "customer")
	signed_in = client.get("frappe.auth.get_logged_user")
	assert signed_in == user(facts, "customer")["user"], signed_in
	access = client.get("medgrid.account.api_access")
	assert access["has_keys"] is True, access
	return f"{signed_in} with key {access['api_key'][:4]}…"


def list_warehouses(facts: dict) -> str:
	rows = caller(facts, "customer").get("medgrid.catalog.list_warehouses")
	assert WAREHOUSE in [row["name"] for row in rows], rows
	return f"{len(rows)} warehouses, among them {WAREHOUSE}"


def list_warehouses_ordered(facts: dict) -> str:
	rows = caller(facts, "customer").get("medgrid.catalog.list_warehouses_ordered")
	assert rows[0] == {"name": WAREHOUSE, "label": WAREHOUSE}, rows
	return ", ".join(row["label"] for row in rows[:3])


def items_in_warehouse(facts: dict) -> str:
	rows = caller(facts, "customer").get("medgrid.catalog.items_in_warehouse", warehouse=WAREHOUSE)
	assert rows, "the warehouse is empty"
	assert all(row["available_qty"] > 0 for row in rows), rows
	return f"{len(rows)} items, the first: {_line(rows[0])}"


def search_in_one_warehouse(facts: dict) -> str:
	rows = caller(facts, "customer").get(
		"medgrid.catalog.search_items", query="vitamin d3", warehouse=WAREHOUSE
	)
	assert {row["warehouse"] for row in rows} == {WAREHOUSE}, rows
	return f"{len(rows)} hits for “vitamin d3”, the first: {_line(rows[0])}"


def search_everywhere(facts: dict) -> str:
	rows = caller(facts, "sales rep").get(
		"medgrid.catalog.search_items", query="0.9%", price_list="Wholesale"
	)
	assert rows, "nothing found"
	assert all("0.9%" in row["item_name"] + row["description"] for row in rows), rows
	return f"{len(rows)} rows for “0.9%”, the first: {_line(rows[0])} in {rows[0]['warehouse']}"


def _line(row: dict) -> str:
	price = "no price" if row["rate"] is None else f"${row['rate']:.2f}"
	return f"{row['item_code']} {row['item_name']}, {price}, {row['available_qty']} {row['stock_uom']}"


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
