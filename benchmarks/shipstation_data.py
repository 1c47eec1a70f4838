"""A vendor with due and open orders, at the site and at the simulated ShipStation."""

import secrets
from dataclasses import dataclass

import frappe
from frappe.utils import add_days, now, now_datetime, today
from pydantic import SecretStr

from sandbox.demo.records import ensure
from sandbox.simulators.shipstation.remote import ShipStationControl

CHUNK = 1000
COMPANY, WAREHOUSE, CUSTOMER = "Skydell Medical", "Bench 00 - SM", "Bench Clinic"


@dataclass(frozen=True)
class Scene:
	supplier: str
	connection: str
	api_key: str
	control: ShipStationControl


def prepare(*, due: int, open_orders: int) -> Scene:
	"""A new vendor; `due` submitted Sales Orders, and `open_orders` pushed ones that were shipped since."""
	from medgrid.integrations.connections.credentials import save_credentials
	from medgrid.integrations.registry import REGISTRY
	from medgrid.integrations.shipstation.sync import account_of

	mark = secrets.token_hex(3)
	supplier, item = _supplier_with_item(mark)
	control = ShipStationControl(frappe.conf.medgrid_endpoints["shipstation"])
	credentials = {"api_key": SecretStr(f"key-{mark}"), "api_secret": SecretStr("secret")}
	control.add_account(f"key-{mark}", "secret")
	account = account_of(credentials)
	user = f"bench-{mark}@skydell.example"
	_portal_user(user, supplier)
	connection = save_credentials(user, REGISTRY["shipstation"], credentials, account)
	_open_orders(mark, supplier, account, control, open_orders)
	_due_orders(item, due)
	frappe.db.commit()
	control.clear_received()
	return Scene(supplier, connection, f"key-{mark}", control)


def status_of(scene: Scene) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Vendor Connection", scene.connection, "status")


def shipped(scene: Scene) -> int:
	"""How many of the open orders have a tracking number."""
	filters = {"supplier": scene.supplier, "tracking_number": ("is", "set")}
	return frappe.db.count("ShipStation Order", filters)


def written_since(scene: Scene, moment: str) -> int:
	"""How many records were written after a moment (of the site's clock)."""
	frappe.db.rollback()
	filters = {"supplier": scene.supplier, "modified": (">", moment)}
	return frappe.db.count("ShipStation Order", filters)


def _supplier_with_item(mark: str) -> tuple[str, str]:
	company = {"abbr": "SM", "default_currency": "USD", "country": "United States"}
	ensure("Company", {"company_name": COMPANY}, **company)
	ensure("Warehouse", {"warehouse_name": "Bench 00", "company": COMPANY})
	supplier = ensure("Supplier", {"supplier_name": f"Bench Vendor {mark}"}).name
	item = ensure(
		"Item",
		{"item_code": f"BENCH-{mark}"},
		item_group="All Item Groups",
		stock_uom="Box",
		item_defaults=[{"company": COMPANY, "default_supplier": supplier, "default_warehouse": WAREHOUSE}],
	)
	return supplier, item.name


def _portal_user(user: str, supplier: str) -> None:
	frappe.get_doc(
		{"doctype": "User", "email": user, "first_name": "Bench", "send_welcome_email": 0}
	).insert()
	document = frappe.get_doc("Supplier", supplier)
	document.append("portal_users", {"user": user})
	document.save()


def _due_orders(item: str, count: int) -> None:
	ensure("Customer", {"customer_name": CUSTOMER})
	ensure(
		"Address",
		{"address_title": CUSTOMER, "address_type": "Shipping"},
		address_line1="1 Main St",
		city="Chicago",
		state="Illinois",
		pincode="60610",
		country="United States",
		is_shipping_address=1,
		links=[{"link_doctype": "Customer", "link_name": CUSTOMER}],
	)
	day = add_days(today(), 7)
	for _number in range(count):
		order = {"doctype": "Sales Order", "company": COMPANY, "customer": CUSTOMER, "delivery_date": day}
		lines = [{"item_code": item, "qty": 1, "rate": 10, "delivery_date": day, "warehouse": WAREHOUSE}]
		frappe.get_doc({**order, "items": lines}).insert().submit()


def _open_orders(mark: str, supplier: str, account: str, control: ShipStationControl, count: int) -> None:
	"""Written in bulk: only what the pull reads of them."""
	names = [f"BENCH-{mark}-{number:05}" for number in range(count)]
	pushed_at, stamp = now_datetime(), now()
	for start in range(0, count, CHUNK):
		chunk = names[start : start + CHUNK]
		remote = control.make_orders(f"key-{mark}", keys=chunk)
		fields = ["name", "docstatus", "status", "company", "customer", "creation", "modified"]
		rows = [[name, 1, "To Deliver and Bill", COMPANY, CUSTOMER, stamp, stamp] for name in chunk]
		frappe.db.bulk_insert("Sales Order", fields, rows)
		fields = ["name", "sales_order", "supplier", "status", "shipstation_order_id", "pushed_at", "account"]
		rows = [
			[name, name, supplier, "Sent", str(order["orderId"]), pushed_at, account]
			for name, order in zip(chunk, remote, strict=True)
		]
		frappe.db.bulk_insert("ShipStation Order", [*fields, "modified"], [[*row, stamp] for row in rows])
	if count:
		control.make_shipments(f"key-{mark}")
