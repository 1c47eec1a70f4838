"""An Item: something stocked, bought, sold. Its name is its item_code, unless a naming series is used."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import set_name_by_naming_series
from frappe.utils import cint, cstr, flt, formatdate, getdate, strip, strip_html, today
from frappe.utils.html_utils import clean_html

ACCOUNT_DEFAULTS = ("income_account", "expense_account")
# fields that may not change once stock has moved
FIXED_ONCE_MOVED = ("is_stock_item", "stock_uom")


class Item(Document):
	def autoname(self):
		if frappe.db.get_default("item_naming_by") == "Naming Series" and not self.variant_of:
			set_name_by_naming_series(self)
			self.item_code = self.name
		self.item_code = strip(self.item_code)
		self.name = self.item_code

	def validate(self):
		self.fill_names()
		self.validate_fixed_fields()
		self.set_uom_table()
		self.validate_barcodes()
		self.set_item_defaults()
		self.validate_item_defaults()

	def after_insert(self):
		if self.standard_rate:
			for price_list in {row.default_price_list for row in self.item_defaults} or {None}:
				self.add_price(price_list)
		if self.opening_stock:
			self.receive_opening_stock()

	def on_update(self):
		copied = {"item_name": self.item_name, "item_description": self.description, "brand": self.brand}
		frappe.db.set_value("Item Price", {"item_code": self.name}, copied, update_modified=False)

	def on_trash(self):
		for doctype in ("Bin", "Item Price"):
			frappe.db.delete(doctype, {"item_code": self.name})

	def fill_names(self):
		self.item_name = self.item_name or self.item_code
		if not strip_html(cstr(self.description)).strip():
			self.description = self.item_name
		if cint(frappe.db.get_single_value("Stock Settings", "clean_description_html")):
			self.description = clean_html(self.description)

	def validate_fixed_fields(self):
		if self.is_new():
			return
		changed = [field for field in FIXED_ONCE_MOVED if self.has_value_changed(field)]
		if changed and frappe.db.exists("Stock Ledger Entry", {"item_code": self.name}):
			labels = ", ".join(_(self.meta.get_label(field)) for field in changed)
			frappe.throw(_("{0} of Item {1} cannot change: there are transactions").format(labels, self.name))
		if "stock_uom" in changed:
			frappe.db.set_value("Bin", {"item_code": self.name}, "stock_uom", self.stock_uom)
			self.uoms = []

	def set_uom_table(self):
		uoms = [row.uom for row in self.uoms]
		if len(uoms) != len(set(uoms)):
			frappe.throw(
				_("A unit of measure was entered more than once for Item {0}").format(self.item_code)
			)
		if self.stock_uom not in uoms:
			self.append("uoms", {"uom": self.stock_uom, "conversion_factor": 1})
		for row in self.uoms:
			if row.uom == self.stock_uom and flt(row.conversion_factor) != 1:
				frappe.throw(_("Row {0}: the stock unit's conversion factor must be 1").format(row.idx))

	def validate_barcodes(self):
		for row in self.barcodes:
			other = frappe.db.get_value(
				"Item Barcode", {"barcode": row.barcode, "parent": ["!=", self.name]}, "parent"
			)
			if other:
				frappe.throw(_("Barcode {0} belongs to Item {1} already").format(row.barcode, other))

	def set_item_defaults(self):
		"""An item without defaults of its own takes its group's, else the site's company and warehouse."""
		if self.item_defaults:
			return
		fields = ["company", "default_warehouse", "default_price_list", "default_supplier"]
		rows = frappe.get_all("Item Default", {"parent": self.item_group}, [*fields, *ACCOUNT_DEFAULTS])
		site = {field: frappe.db.get_default(field) for field in ("company", "default_warehouse")}
		if not rows and frappe.db.exists(
			"Warehouse", {"name": site["default_warehouse"], "company": site["company"]}
		):
			rows = [site]
		for row in rows:
			self.append("item_defaults", dict(row))

	def validate_item_defaults(self):
		companies = [row.company for row in self.item_defaults]
		if len(companies) != len(set(companies)):
			frappe.throw(_("An Item can have only one row of defaults for a company"))
		for row in self.item_defaults:
			row_warehouse = row.default_warehouse
			owner = row_warehouse and frappe.db.get_value("Warehouse", row_warehouse, "company")
			if owner and owner != row.company:
				frappe.throw(
					_("Row {0}: warehouse {1} does not belong to company {2}").format(
						row.idx, row_warehouse, row.company
					),
					title=_("Invalid Item Defaults"),
				)

	def add_price(self, price_list: str | None = None):
		price_list = price_list or frappe.db.get_single_value("Selling Settings", "selling_price_list")
		if price_list:
			price = {"item_code": self.name, "price_list": price_list, "uom": self.stock_uom}
			frappe.new_doc("Item Price", price_list_rate=self.standard_rate, **price).insert()

	def receive_opening_stock(self):
		if not self.is_stock_item:
			return
		rate = self.valuation_rate or self.standard_rate
		if not rate:
			frappe.throw(_("Opening stock needs a Valuation Rate"))
		for company, warehouse in self.opening_warehouses():
			entry = frappe.new_doc("Stock Entry", stock_entry_type="Material Receipt", company=company)
			row = {"item_code": self.name, "qty": self.opening_stock, "basic_rate": rate}
			entry.append("items", {**row, "t_warehouse": warehouse})
			entry.insert()
			entry.submit()

	def opening_warehouses(self):
		"""(company, warehouse) of every row of defaults; without rows, the site's company and its Stores."""
		fallback = frappe._dict(company=frappe.db.get_default("company"))
		for row in self.item_defaults or [fallback]:
			stores = {"warehouse_name": "Stores", "company": row.company}
			yield row.company, row.default_warehouse or frappe.db.get_value("Warehouse", stores)


def validate_end_of_life(item_code: str, end_of_life=None, disabled: int | None = None):
	"""Refuse an Item that is disabled or no longer made."""
	if end_of_life is None or disabled is None:
		end_of_life, disabled = frappe.db.get_value("Item", item_code, ["end_of_life", "disabled"])
	if end_of_life and getdate(end_of_life) <= getdate(today()):
		frappe.throw(_("Item {0} reached its end of life on {1}").format(item_code, formatdate(end_of_life)))
	if disabled:
		frappe.throw(_("Item {0} is disabled").format(item_code))


def get_item_defaults(item_code: str, company: str) -> frappe._dict:
	"""The Item's fields, overlaid with its row of defaults for the company."""
	item = frappe.get_cached_doc("Item", item_code)
	defaults = frappe._dict(item.as_dict())
	for row in item.item_defaults:
		if row.company == company:
			defaults.update({field: value for field, value in row.as_dict().items() if field != "name"})
	return defaults
