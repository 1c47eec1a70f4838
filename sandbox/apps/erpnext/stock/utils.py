"""Bins and warehouse checks, at the dotted paths that ERPNext has them."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.utils import get_time, getdate

from erpnext.stock.doctype.bin.bin import projected_qty


class InvalidWarehouseCompany(frappe.ValidationError):
	pass


def get_bin(item_code: str, warehouse: str):
	"""The Bin document of an item in a warehouse, created if there is none yet."""
	bin_doc = frappe.get_doc("Bin", get_or_make_bin(item_code, warehouse))
	bin_doc.flags.ignore_permissions = True  # nobody may write a Bin by hand; transactions do
	return bin_doc


def get_or_make_bin(item_code: str, warehouse: str) -> str:
	"""Name of the Bin of an item in a warehouse, created if there is none yet."""
	key = {"item_code": item_code, "warehouse": warehouse}
	return frappe.db.get_value("Bin", key) or create_bin(item_code, warehouse)


def create_bin(item_code: str, warehouse: str) -> str:
	"""Insert the Bin, or find the one that another transaction has inserted meanwhile."""
	frappe.db.savepoint("create_bin")
	try:
		bin_doc = frappe.get_doc({"doctype": "Bin", "item_code": item_code, "warehouse": warehouse})
		return bin_doc.insert(ignore_permissions=True).name  # nobody may write a Bin by hand; transactions do
	except frappe.UniqueValidationError:
		frappe.db.rollback(save_point="create_bin")
		key = {"item_code": item_code, "warehouse": warehouse}
		return frappe.db.get_value("Bin", key, for_update=True)


def change_bin(item_code: str, warehouse: str, **values):
	"""Set quantities or values of a Bin and its projected quantity, without firing its doc_events."""
	name = get_or_make_bin(item_code, warehouse)
	row = frappe.db.get_value("Bin", name, "*", as_dict=True, for_update=True)
	if all(row.get(field) == value for field, value in values.items()):
		return
	row.update(values)
	frappe.db.set_value("Bin", name, {**values, "projected_qty": projected_qty(row)})


def validate_disabled_warehouse(warehouse: str):
	if frappe.db.get_value("Warehouse", warehouse, "disabled"):
		frappe.throw(_("Disabled warehouse {0} cannot be used here").format(warehouse))


def validate_warehouse_company(warehouse: str, company: str):
	owner = frappe.db.get_value("Warehouse", warehouse, "company")
	if owner and owner != company:
		frappe.throw(
			_("Warehouse {0} does not belong to company {1}").format(warehouse, company),
			InvalidWarehouseCompany,
		)


def is_group_warehouse(warehouse: str):
	"""Refuse a group: ERPNext does so when stock is posted, not when an order is saved."""
	if frappe.db.get_value("Warehouse", warehouse, "is_group"):
		frappe.throw(_("Group warehouse {0} cannot be used in a transaction").format(warehouse))


def get_combine_datetime(posting_date, posting_time) -> datetime:
	"""One moment from a date and a time, in whatever form the framework hands them out."""
	if isinstance(posting_time, timedelta):
		posting_time = (datetime.min + posting_time).time()
	return datetime.combine(getdate(posting_date), get_time(posting_time))
