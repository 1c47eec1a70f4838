"""The rows that grow with the years. MariaDB makes them itself, from its engine of sequences."""

import json
from dataclasses import dataclass

import frappe

VENDORS, RUNS_OF_ONE, FEW = 200, 50, 10
MARK = "growth"
# There are as many as vendors; and never more than `contact.queue` allows.
BOUNDED = ("Vendor Connection", "Contact Message")
# A value for each column of a type, if a table does not say another.
_OF_TYPE = {
	**dict.fromkeys(("int", "tinyint", "smallint", "bigint", "decimal", "double", "float"), "0"),
	**dict.fromkeys(("datetime", "timestamp", "date", "time"), "NULL"),
}


@dataclass(frozen=True)
class Size:
	"""How many rows there are.

	:param orders: Sales Orders, and about as many ShipStation Orders, Delivery Notes, tax documents, issues.
	:param events: Integration Events.
	:param of_vendor: how many of the ShipStation Orders are of the one vendor who is looked at.
	:param connections: how many Vendor Connections there are.
	"""

	orders: int = 100_000
	events: int = 1_000_000
	of_vendor: int = 10_000
	connections: int = 1000


@dataclass(frozen=True)
class Scene:
	"""Whose rows they are.

	:param supplier: the vendor who is looked at, with a connection to ShipStation and one to Shopify.
	"""

	supplier: str
	user: str
	connection: str
	shopify: str
	account: str
	company: str
	customer: str
	address: str
	item: str
	shop: str


def fill(scene: Scene, size: Size, small: str = f"{MARK} small") -> dict[str, int]:
	"""Adds the rows to the current database.

	:param small: the Supplier with a FEW orders and products.
	:returns: their number by DocType.
	"""
	tables = _tables(scene, size, small)
	for doctype, (rows, columns) in tables.items():
		_insert(doctype, rows, columns)
	names = ", ".join(f"`tab{doctype}`" for doctype in tables)
	frappe.db.commit()
	frappe.db.sql(f"ANALYZE TABLE {names}")
	frappe.db.commit()
	return {doctype: rows for doctype, (rows, _columns) in tables.items()}


def growing(sizes: dict[str, int]) -> dict[str, int]:
	"""Table -> its number of rows, without those that do not become more with the years.

	:param sizes: by DocType.
	"""
	return {f"tab{doctype}": rows for doctype, rows in sizes.items() if doctype not in BOUNDED}


def _ago(seconds: str, clock: str = "UTC_TIMESTAMP") -> str:
	return f"{clock}(6) - INTERVAL {seconds} SECOND"


def _text(value: str) -> str:
	return frappe.db.escape(value)


def _tables(scene: Scene, size: Size, small: str) -> dict[str, tuple[int, dict[str, str]]]:
	"""DocType -> its number of rows, and an expression of SQL for each column that matters; `seq` counts from
	1 (the newest row) to that number. One in fifty is open; the rest is over."""
	orders, name = size.orders, f"CONCAT('{MARK}-', seq)"
	years = 3 * 365 * 86_400 // orders or 1
	age = _ago(f"seq * {years}")
	is_open = "seq % 50 = 0"
	# Events of three months, however many there are.
	between_events = 8_000_000 / size.events
	order = f"CONCAT('{MARK}-', 1 + (seq - 1) % {orders})"
	others = f"IF(seq <= {size.of_vendor + FEW}, {_text(small)}, CONCAT('{MARK} vendor ', seq % {VENDORS}))"
	vendor = f"IF(seq <= {size.of_vendor}, {_text(scene.supplier)}, {others})"
	is_his, other = f"seq <= {size.of_vendor}", f"CONCAT('{MARK}-c-', seq % {size.connections})"
	state = "IF(seq % 50 = 0, 'Waiting', IF(seq % 333 = 0, 'Failed', IF(seq % 77 = 0, 'Sent', 'Delivered')))"
	lines = _text(json.dumps([f"{MARK}-line"]))
	kinds = "ELT(1 + seq % 2, 'shipstation', 'shopify')"
	connection_of_run = f"CONCAT('{MARK}-c-', CEIL(seq / {RUNS_OF_ONE}))"
	issue = "IF(seq % 50 = 0, NULL, " + _ago(f"seq * {years}") + ")"
	return {
		"Sales Order": (
			orders,
			{
				"docstatus": "1",
				"status": f"IF({is_open}, 'To Deliver and Bill', 'Completed')",
				"per_delivered": f"IF({is_open}, 0, 100)",
				"company": _text(scene.company),
				"customer": f"CONCAT('{MARK} customer ', seq % 1000)",
				"customer_address": f"CONCAT('{MARK} address ', seq % 1000)",
				"shipping_address_name": f"CONCAT('{MARK} address ', seq % 1000)",
				"transaction_date": f"DATE({age})",
				"delivery_date": f"DATE({age})",
				"shipstation_order_id": f"IF({is_open}, NULL, CONCAT('9', seq))",
				"exoceuticals_order_id": "IF(seq % 3 = 0, CONCAT('gid://shopify/Order/', seq), NULL)",
				"exoceuticals_status": "IF(seq % 3 = 0, 'fulfilled', NULL)",
				"exoceuticals_tracking_number": "IF(seq % 3 = 0, CONCAT('1Z', seq), NULL)",
				"exoceuticals_sync_date": f"IF(seq % 3 = 0, {age}, NULL)",
				"exoceuticals_checked_at": f"IF(seq % 3 = 0, {age}, NULL)",
				"exoceuticals_updated_at": f"IF(seq % 3 = 0, {age}, NULL)",
			},
		),
		"Sales Order Item": (
			2 * orders,
			{
				"parent": order,
				"parenttype": "'Sales Order'",
				"parentfield": "'items'",
				"docstatus": "1",
				"item_code": _text(scene.item),
				"item_name": "CONCAT('Item ', seq % 500)",
				"qty": "1",
				"stock_qty": "1",
				"conversion_factor": "1",
				"delivered_qty": f"IF(seq % {orders} % 50 = 0, 0, 1)",
			},
		),
		"Delivery Note": (
			orders,
			{"docstatus": "1", "company": _text(scene.company), "status": "'Completed'"},
		),
		"Delivery Note Item": (
			orders,
			{
				"parent": name,
				"parenttype": "'Delivery Note'",
				"parentfield": "'items'",
				"docstatus": "1",
				"against_sales_order": name,
				"item_code": _text(scene.item),
			},
		),
		"ShipStation Order": (
			orders,
			{
				"sales_order": name,
				"supplier": vendor,
				"status": state,
				"who_acts": "ELT(1 + seq % 4, 'Vendor', 'Wholesaler', 'Nobody', 'Administrator')",
				"since": age,
				"pushed_at": f"IF({is_open}, NULL, {age})",
				"shipped_at": f"IF({is_open}, NULL, {age})",
				"tracking_number": f"IF({is_open}, NULL, CONCAT('1Z', seq))",
				"delivery_note": f"IF({is_open}, NULL, {name})",
				"carrier_code": "'ups'",
				"shipstation_order_id": f"IF({is_open}, NULL, CONCAT('9', seq))",
				"connection": f"IF({is_his}, {_text(scene.connection)}, {other})",
				"account": _text(scene.account),
				"lines": lines,
			},
		),
		"ShipStation Shipment": (
			orders,
			{
				"parent": name,
				"parenttype": "'ShipStation Order'",
				"parentfield": "'shipments'",
				"tracking_number": "CONCAT('1Z', seq)",
				"carrier_code": "'ups'",
			},
		),
		"Exoceuticals Order": (
			orders // 3,
			{
				"sales_order": f"CONCAT('{MARK}-', seq * 3)",
				"status": "IF(seq % 500 = 0, 'Failed', IF(seq % 700 = 0, 'Outcome Unknown', 'Shipped'))",
				"order_id": "CONCAT('gid://shopify/Order/', seq * 3)",
				"claimed_at": age,
			},
		),
		"Integration Event": (
			size.events,
			{
				"creation": _ago(f"seq * {between_events}", "NOW"),
				"modified": _ago(f"seq * {between_events}", "NOW"),
				"received_at": _ago(f"seq * {between_events}"),
				"source": "ELT(1 + seq % 4, 'exoceuticals', 'exoceuticals', 'sendblue', 'shopify')",
				"event_id": name,
				"topic": "ELT(1 + seq % 2, 'orders/updated', 'orders/fulfilled')",
				"shop": _text(scene.shop),
				"outcome": "IF(seq % 1000 = 0, 'Failed', IF(seq % 3 = 0, 'Updated', 'Unchanged'))",
				"sales_order": order,
			},
		),
		"Integration Issue": (
			orders,
			{
				"integration": "ELT(1 + seq % 4, 'shipstation', 'shopify', 'exoceuticals', 'vertex')",
				"issue_type": "ELT(1 + seq % 3, 'shipstation/sync', 'shipstation/push', 'shopify/sync')",
				"who_acts": "ELT(1 + seq % 4, 'Vendor', 'Wholesaler', 'Nobody', 'Administrator')",
				"occurred_at": age,
				"settled_at": issue,
				"status": "417",
				"related_to": name,
				"reference_doctype": "'ShipStation Order'",
				"reference_name": name,
			},
		),
		"Vendor Connection": (
			size.connections,
			{
				"name": f"CONCAT('{MARK}-c-', seq)",
				"supplier": f"CONCAT('{MARK} vendor ', seq)",
				"integration": kinds,
				"account_name": "'default'",
				"status": "IF(seq % 20 = 0, 'error', 'connected')",
				"next_sync_at": "UTC_TIMESTAMP(6) + INTERVAL seq SECOND",
			},
		),
		"Sync Run": (
			min(size.connections * RUNS_OF_ONE, orders),
			{
				"kind": kinds,
				"connection": connection_of_run,
				"status": "IF(seq % 20 = 0, 'Failed', 'Succeeded')",
				"started": age,
				"finished": age,
				"duration": "3",
				"counts": "'{}'",
			},
		),
		"Vertex Tax Document": (
			orders,
			{
				"kind": "IF(seq % 20 = 0, 'Credit', 'Invoice')",
				"status": "IF(seq % 500 = 0, 'Failed', IF(seq % 333 = 0, 'Pending', 'Committed'))",
				"transaction_id": name,
				"merchant": f"CONCAT('{MARK} merchant ', seq % 100)",
				"reference_doctype": "'Sales Invoice'",
				"reference_name": name,
				"document_number": name,
				"document_date": f"DATE({age})",
				"committed_at": age,
				"mismatch": "seq % 5000 = 0",
			},
		),
		"Sales Invoice": (
			orders,
			{
				"docstatus": "1",
				"company": _text(scene.company),
				"posting_date": f"DATE({age})",
				"vertex_status": "'Committed'",
				"status": "'Paid'",
			},
		),
		"Vertex Data Volume": (
			orders,
			{"date_created": age, "keyword": "ELT(1 + seq % 2, 'quotation', 'invoice')"},
		),
		"Contact Message": (min(5000, orders), {"held": "seq % 2", "words": "'{}'", "failures": "seq % 24"}),
		"Vendor Product": (
			orders,
			{
				"supplier": vendor,
				"connection": f"IF(seq <= {size.of_vendor}, {_text(scene.shopify)}, {other})",
				"product_title": "CONCAT('Product ', seq % 5000)",
				"variant_title": "'Default Title'",
				"sku": "CONCAT('SKU-', seq)",
				"status": "IF(seq % 30 = 0, 'Gone', 'Active')",
				"item": f"IF(seq % 2, {_text(scene.item)}, NULL)",
				"variant_id": name,
				"variant_number": "seq",
				"shop": _text(scene.shop),
				"last_seen": _ago("seq"),
			},
		),
		"Exoceuticals Unmatched Variant": (
			orders,
			{
				"sku": "CONCAT('SKU-', seq % 50000)",
				"status": "IF(seq % 50 = 0, 'Open', 'Closed')",
				"reason": "'No such Item'",
				"variant_id": f"CONCAT('gid://shopify/ProductVariant/{MARK}', seq)",
				"variant_number": "seq",
				"last_seen": age,
			},
		),
		"Text Message Opt Out": (min(10_000, orders), {"digest": name}),
		"Error Log": (
			orders,
			{"method": f"CONCAT('MedGrid: something ({MARK}', seq, ')')", "error": "'Reference'"},
		),
	}


def _insert(doctype: str, rows: int, columns: dict[str, str]) -> None:
	"""Columns that the table does not have, or that nobody named, are left to `_OF_TYPE`."""
	known = frappe.db.sql(
		"SELECT column_name, data_type, is_nullable FROM information_schema.columns "
		"WHERE table_schema = DATABASE() AND table_name = %s AND extra NOT LIKE '%%auto_increment%%'",
		[f"tab{doctype}"],
	)
	years = 3 * 365 * 86_400 // rows or 1
	age = _ago(f"seq * {years}", "NOW")
	standard = {"name": f"CONCAT('{MARK}-', seq)", "creation": age, "modified": age, "idx": "1"}
	values = {**standard, "owner": "'Administrator'", "modified_by": "'Administrator'", **columns}
	chosen = {}
	for column, kind, nullable in known:
		if column in values:
			chosen[column] = values[column]
		elif nullable == "NO":
			chosen[column] = _OF_TYPE.get(kind, "''")
		elif kind in ("int", "tinyint", "decimal"):
			chosen[column] = "0"
	names, expressions = ", ".join(f"`{column}`" for column in chosen), ", ".join(chosen.values())
	frappe.db.sql(f"INSERT IGNORE INTO `tab{doctype}` ({names}) SELECT {expressions} FROM seq_1_to_{rows}")
	frappe.db.commit()
