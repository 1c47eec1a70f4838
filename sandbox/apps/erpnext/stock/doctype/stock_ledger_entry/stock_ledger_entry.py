"""One movement of stock, written by `erpnext.stock.stock_ledger`, never by hand."""

import frappe
from frappe.model.document import Document

from erpnext.stock.utils import validate_disabled_warehouse, validate_warehouse_company


class StockLedgerEntry(Document):
	def validate(self):
		if not self.is_cancelled:
			validate_disabled_warehouse(self.warehouse)
			validate_warehouse_company(self.warehouse, self.company)


def on_doctype_update():
	frappe.db.add_index("Stock Ledger Entry", ["voucher_no", "voucher_type"])
	frappe.db.add_index("Stock Ledger Entry", ["item_code", "warehouse", "posting_datetime", "creation"])
