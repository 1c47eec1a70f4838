"""What installing adds to a site beyond DocTypes, and uninstalling takes away again."""

import frappe

# DocType -> (index name, columns). `items_in_warehouse` reads the stock of one warehouse, `search_items` of
# all; both look up the price of each item in one list.
INDEXES = {
	"Bin": ("medgrid_stock", ["warehouse", "actual_qty", "item_code"]),
	"Item Price": ("medgrid_price", ["price_list", "item_code", "valid_from"]),
}


def after_install() -> None:
	add_indexes()


def after_migrate() -> None:
	add_indexes()


def before_uninstall() -> None:
	drop_indexes()
	forget_settings()


def add_indexes() -> None:
	"""Creates those of INDEXES that the site does not have."""
	for doctype, (name, columns) in INDEXES.items():
		if not frappe.db.has_index(f"tab{doctype}", name):
			frappe.db.add_index(doctype, columns, index_name=name)


def drop_indexes() -> None:
	"""Removes INDEXES."""
	for doctype, (name, _columns) in INDEXES.items():
		if frappe.db.has_index(f"tab{doctype}", name):
			# DDL has no query builder. Both names are constants of this module.
			frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP INDEX `{name}`")


def forget_settings() -> None:
	"""Deletes what our Single DocTypes hold; Frappe drops tables, and a Single has none."""
	for doctype in frappe.get_all("DocType", filters={"module": "Medgrid", "issingle": 1}, pluck="name"):
		frappe.db.delete("Singles", {"doctype": doctype})
		frappe.db.delete("__Auth", {"doctype": doctype})
		frappe.clear_document_cache(doctype, doctype)
