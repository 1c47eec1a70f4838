"""A Company. It comes with warehouses and a small chart of accounts; the first one becomes the default."""

import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from erpnext.accounts.chart import create_chart, default_accounts

ROOT_WAREHOUSE = "All Warehouses"
WAREHOUSES = ("Stores", "Work In Progress", "Finished Goods", "Goods In Transit")


class Company(NestedSet):
	nsm_parent_field = "parent_company"

	def validate(self):
		self.validate_abbr()
		if self.parent_company and not frappe.db.get_value("Company", self.parent_company, "is_group"):
			frappe.throw(_("Parent Company has to be a group company"))

	def validate_abbr(self):
		initials = "".join(word[0] for word in (self.company_name or "").split()).upper()
		self.abbr = (self.abbr or initials).strip()
		if not self.abbr:
			frappe.throw(_("Abbreviation is mandatory"))
		if frappe.db.exists("Company", {"abbr": self.abbr, "name": ["!=", self.name]}):
			frappe.throw(_("Another company has the abbreviation {0} already").format(self.abbr))

	def on_update(self):
		super().on_update()
		if not frappe.db.exists("Account", {"company": self.name}):
			self.create_books_and_warehouses()
		frappe.db.set_value("Currency", self.default_currency, "enabled", 1)
		frappe.clear_cache()

	def create_books_and_warehouses(self):
		create_chart(self.name, self.abbr)
		missing = {field: name for field, name in default_accounts(self.abbr).items() if not self.get(field)}
		if not self.cost_center:
			missing["cost_center"] = self.create_cost_centers()
		self.db_set(missing)
		self.create_warehouses()
		if not frappe.db.get_default("company"):
			self.become_default()

	def create_cost_centers(self) -> str:
		root = frappe.new_doc("Cost Center", cost_center_name=self.name, company=self.name, is_group=1)
		root.flags.ignore_mandatory = True  # the root has no parent, though the field asks for one
		root.insert(ignore_permissions=True)  # comes with the Company
		main = frappe.new_doc("Cost Center", cost_center_name="Main", company=self.name)
		main.parent_cost_center = root.name
		return main.insert(ignore_permissions=True).name  # comes with the Company

	def create_warehouses(self):
		root = self.create_warehouse(ROOT_WAREHOUSE, is_group=1)
		for warehouse_name in WAREHOUSES:
			warehouse_type = "Transit" if warehouse_name == "Goods In Transit" else None
			self.create_warehouse(warehouse_name, parent_warehouse=root, warehouse_type=warehouse_type)

	def create_warehouse(self, warehouse_name: str, **values) -> str:
		existing = frappe.db.get_value("Warehouse", {"warehouse_name": warehouse_name, "company": self.name})
		if existing:
			return existing
		warehouse = frappe.new_doc("Warehouse", warehouse_name=warehouse_name, company=self.name, **values)
		return warehouse.insert(ignore_permissions=True).name  # comes with the Company

	def become_default(self):
		"""Set what ERPNext's setup wizard would set once for the first company of a site."""
		frappe.db.set_default("company", self.name)
		frappe.db.set_default("currency", self.default_currency)
		stock_settings = frappe.get_single("Stock Settings")
		stock_settings.default_warehouse = f"Stores - {self.abbr}"
		stock_settings.save(ignore_permissions=True)  # comes with the Company

	def on_trash(self):
		super().on_trash()
		if frappe.db.get_default("company") == self.name:
			frappe.db.set_default("company", "")
