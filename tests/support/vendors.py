"""Vendors with a ShipStation account each, and Sales Orders for them."""

import itertools
import secrets
from dataclasses import dataclass, fields, replace

import frappe
from frappe.utils import add_days, add_to_date, today

from medgrid.core.clock import stored_utc_now
from sandbox.simulators.shipstation.remote import ShipStationControl
from tests.support import people, records
from tests.support.http import Caller, Person, message
from tests.support.records import ensure

CUSTOMER = "MGT Clinic"
ADDRESS = {
	"address_line1": "1420 N Lake Shore Dr",
	"address_line2": "Suite 5",
	"city": "Chicago",
	"state": "Illinois",
	"pincode": "60610",
	"country": "United States",
	"phone": "+1 312 555 0142",
}
_numbers = itertools.count(1)


@dataclass
class Vendor:
	"""A Supplier with one portal user, an item of its own, and a ShipStation account."""

	supplier: str
	user: Person
	caller: Caller
	item: str
	api_key: str
	api_secret: str
	shipstation: ShipStationControl

	def connect(self, **changes) -> dict:
		credentials = {"api_key": self.api_key, "api_secret": self.api_secret, **changes}
		return message(self.caller.post("medgrid.integrations.connect_shipstation", **credentials))

	def sync(self, **account: str) -> dict:
		sync = "medgrid.integrations.sync_now"
		return message(self.caller.post(sync, integration_type="shipstation", **account))

	def stats(self, **account: str) -> dict:
		answer = self.sync(**account)
		assert answer["ok"], answer
		return answer["stats"]

	def entry(self) -> dict:
		"""What list_connections says of ShipStation."""
		listed = message(self.caller.get("medgrid.integrations.list_connections"))
		return next(entry for entry in listed["integrations"] if entry["id"] == "shipstation")

	def connection(self, account: str = "default") -> str:
		"""The connection's document name, as the database has it now."""
		frappe.db.rollback()
		key = {"supplier": self.supplier, "integration": "shipstation", "account_name": account}
		return frappe.db.get_value("Vendor Connection", key)

	def record(self, sales_order: str):
		"""The ShipStation Order, as the database has it now."""
		frappe.db.rollback()
		key = {"sales_order": sales_order, "supplier": self.supplier}
		name = frappe.db.get_value("ShipStation Order", key)
		return frappe.get_doc("ShipStation Order", name) if name else None

	def remote_orders(self) -> list[dict]:
		return self.shipstation.orders(self.api_key)


@dataclass
class Account(Vendor):
	"""One of a Supplier's ShipStation accounts.

	:param account: the vendor's own name for it.
	"""

	account: str = "default"

	def connection(self, account: str | None = None) -> str:
		return super().connection(account or self.account)


def accounts_of(vendor: Vendor, *names: str) -> list[Account]:
	"""A vendor's account as it is, and further ones, not connected yet."""
	own = {field.name: getattr(vendor, field.name) for field in fields(vendor)}
	found = [Account(**own)]
	for name in names:
		key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
		vendor.shipstation.add_account(key, secret)
		found.append(Account(**{**own, "api_key": key, "api_secret": secret}, account=name))
	return found


def make_vendor(environment, shipstation, person: str) -> Vendor:
	"""A new Supplier for one of the tests' few vendor users: Frappe lets nobody make hundreds of users."""
	mark = f"{next(_numbers)}-{secrets.token_hex(3)}"
	supplier, email = f"MGT Vendor {mark}", f"mgt.vendor.{person}@example.com"
	records.supplier(supplier)
	user = people.person(email, "Supplier")
	_move_user(email, supplier)
	item = item_of(supplier, f"MGT-{mark}".upper())
	frappe.db.commit()
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	shipstation.add_account(key, secret)
	return Vendor(supplier, user, Caller(environment, user), item, key, secret, shipstation)


def colleague_of(environment, vendor: Vendor) -> Vendor:
	"""The same Supplier, with another of its portal users."""
	user = people.person("mgt.vendor.colleague@example.com", "Supplier")
	_move_user(user.email, vendor.supplier)
	frappe.db.commit()
	return replace(vendor, user=user, caller=Caller(environment, user))


def _move_user(email: str, supplier: str) -> None:
	"""The user's only Supplier is this one, and nothing is connected."""
	frappe.db.delete("Portal User", {"user": email})
	frappe.db.delete("Vendor Connection", {"user": email})
	document = frappe.get_doc("Supplier", supplier)
	document.append("portal_users", {"user": email})
	document.save(ignore_permissions=True)


def item_of(supplier: str, code: str, **values) -> str:
	"""An item that a supplier ships, of half a pound, with plenty in stock."""
	defaults = [{"company": "Skydell Medical", "default_supplier": supplier}]
	weight = {"weight_per_unit": 0.5, "weight_uom": "Pound"}
	ensure("UOM", {"uom_name": "Pound"})
	name = records.item(code, item_name=f"{code} Vitamin", item_defaults=defaults, **{**weight, **values})
	records.set_stock(name, records.warehouse("MGT Shipping"), 1000)
	return name


def bundle_of(vendor: Vendor, **values) -> str:
	"""A Product Bundle that a vendor ships: two of the vendor's item. Its own Item has no stock."""
	code = f"{vendor.item}-SET-{next(_numbers)}"
	defaults = [{"company": "Skydell Medical", "default_supplier": vendor.supplier}]
	name = records.item(code, is_stock_item=0, item_defaults=defaults)
	ensure("Product Bundle", {"new_item_code": name}, items=[{"item_code": vendor.item, "qty": 2}], **values)
	frappe.db.commit()
	return name


def customer_with_address(**changes) -> str:
	"""The tests' customer; its one address has exactly these contents."""
	records.customer(CUSTOMER)
	values = {**ADDRESS, **changes}
	address = ensure(
		"Address",
		{"address_title": CUSTOMER, "address_type": "Shipping"},
		is_shipping_address=1,
		links=[{"link_doctype": "Customer", "link_name": CUSTOMER}],
		**ADDRESS,
	)
	frappe.db.set_value("Address", address.name, values)
	return address.name


def order(*lines: tuple, submit: bool = True, address: bool = True, **values):
	"""A Sales Order, committed.

	:param lines: (item, quantity, rate), or with a dict of more values as the fourth.
	"""
	address_name = customer_with_address()
	document = {
		"doctype": "Sales Order",
		"company": "Skydell Medical",
		"customer": CUSTOMER,
		"transaction_date": today(),
		"delivery_date": add_days(today(), 7),
		"currency": "USD",
		"conversion_rate": 1,
		"selling_price_list": records.price_list("MGT Retail"),
		"price_list_currency": "USD",
		"plc_conversion_rate": 1,
		"ignore_pricing_rule": 1,
		"items": [_line(*line) for line in lines],
		**values,
	}
	if address:
		document["shipping_address_name"] = document["customer_address"] = address_name
	order = frappe.get_doc(document).insert(ignore_permissions=True)
	if submit:
		order.submit()
	if not address:
		# Saving would look for the customer's address again.
		order.db_set({"shipping_address_name": None, "customer_address": None})
	frappe.db.commit()
	return order


def _line(item: str, quantity: float, rate: float, more: dict | None = None) -> dict:
	return {
		"item_code": item,
		"qty": quantity,
		"rate": rate,
		"delivery_date": add_days(today(), 7),
		"warehouse": records.warehouse("MGT Shipping"),
		**(more or {}),
	}


def deliver(sales_order: str, submit: bool = True, quantity: float = 0):
	"""A Delivery Note for all that is open of an order, committed.

	:param quantity: of its first open row alone; 0: of all rows what is open.
	"""
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	note = make_delivery_note(sales_order)
	if quantity:
		note.items = note.items[:1]
		note.items[0].qty = quantity
	note.insert(ignore_permissions=True)
	if submit:
		note.submit()
	frappe.db.commit()
	return note


def failing_since_days(record, days: float) -> None:
	"""What waiting for days does to a record whose attempts fail."""
	past = add_to_date(stored_utc_now(), seconds=-days * 86400 - 1)
	frappe.db.set_value(record.doctype, record.name, "first_failed_at", past)
	frappe.db.commit()


def fresh(document):
	"""A document as the database has it now."""
	frappe.db.rollback()
	return frappe.get_doc(document.doctype, document.name)


def created(vendor: Vendor) -> int:
	"""How often ShipStation was asked to create or replace an order."""
	requests = vendor.shipstation.received(vendor.api_key)
	return sum(entry["path"] == "/orders/createorder" for entry in requests)
