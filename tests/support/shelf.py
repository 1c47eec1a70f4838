"""A shelf of its own: a warehouse and a price list that hold only what a test puts there."""

from dataclasses import dataclass

import frappe

from medgrid.stock.items import items_in_warehouse, search_items
from medgrid.stock.terms import terms_of
from tests.support.records import item, price_list, warehouse


@dataclass(frozen=True)
class Shelf:
	warehouse: str
	price_list: str

	def put(self, code, quantity=5, **values):
		"""An Item with stock, straight in the database: ERPNext refuses stock of some of them."""
		item(code, item_name=values.pop("item_name", code))
		if values:
			frappe.db.set_value("Item", code, values)
		self.stock(code, actual_qty=quantity)
		return code

	def stock(self, code, place=None, **quantities):
		key = {"item_code": code, "warehouse": place or self.warehouse}
		if not (name := frappe.db.exists("Bin", key)):
			name = frappe.get_doc({"doctype": "Bin", **key}).insert(ignore_permissions=True).name
		frappe.db.set_value("Bin", name, quantities)

	def price(self, code, rate, **values):
		"""An Item Price, straight in the database: ERPNext makes no new ones of some kinds."""
		days = {"valid_from": None, "valid_upto": None}
		row = {"item_code": code, "price_list": self.price_list, "selling": 1, "price_list_rate": rate}
		document = frappe.get_doc({"doctype": "Item Price", **row, **days, **values})
		document.name = frappe.generate_hash(length=12)
		document.db_insert()

	def row(self, code):
		"""The row of an Item; None if it is not listed."""
		rows = items_in_warehouse(terms_of(self.warehouse, self.price_list))
		return next((row for row in list(rows) if row["item_code"] == code), None)

	def found(self, text):
		return [
			row["item_code"] for row in list(search_items(text, terms_of(self.warehouse, self.price_list)))
		]


def make_shelf() -> Shelf:
	frappe.set_user("Administrator")
	return Shelf(warehouse("MGT Shelf"), price_list("MGT Shelf List"))
