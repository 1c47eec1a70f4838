"""Posting stock: one Stock Ledger Entry per movement, and the Bin brought up to date.

Stock is valued at its moving average, in the order of posting; a movement dated back is posted as of now.
"""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt, get_datetime, get_link_to_form

from erpnext.stock.utils import change_bin, get_combine_datetime, get_or_make_bin, is_group_warehouse

# quantities below this are what floating point leaves behind
NOTHING = 0.0001


class NegativeStockError(frappe.ValidationError):
	pass


@dataclass
class Movement:
	"""Stock units of an item into (positive) or out of (negative) a warehouse, caused by a document's row."""

	item_code: str
	warehouse: str
	qty: float
	row: Any
	incoming_rate: float = 0.0
	allow_zero_rate: bool = False


def post_movements(doc, movements: list[Movement]):
	for movement in movements:
		if movement.qty:
			post(doc, movement)


def reverse_movements(doc):
	"""Undo what a cancelled document has posted, last movement first, and mark both entries as cancelled."""
	posted = {"voucher_type": doc.doctype, "voucher_no": doc.name, "is_cancelled": 0}
	fields = ["item_code", "warehouse", "actual_qty", "voucher_detail_no", "valuation_rate", "incoming_rate"]
	for entry in frappe.get_all("Stock Ledger Entry", posted, fields, order_by="creation desc, name desc"):
		rate = entry.incoming_rate or entry.valuation_rate
		row = frappe._dict(name=entry.voucher_detail_no)
		movement = Movement(
			entry.item_code, entry.warehouse, -entry.actual_qty, row, rate, allow_zero_rate=True
		)
		post(doc, movement, is_cancelled=1)
	frappe.db.set_value("Stock Ledger Entry", posted, "is_cancelled", 1)


def post(doc, movement: Movement, is_cancelled: int = 0):
	is_group_warehouse(movement.warehouse)
	bin_name = get_or_make_bin(movement.item_code, movement.warehouse)
	fields = ["actual_qty", "valuation_rate", "stock_value"]
	before = frappe.db.get_value("Bin", bin_name, fields, as_dict=True, for_update=True)
	after = balance_after(doc, movement, before)
	if is_cancelled and not after.actual_qty:
		after.valuation_rate = after.stock_value = 0.0
	validate_negative_stock(movement, after.actual_qty)
	insert_entry(doc, movement, before, after, is_cancelled)
	change_bin(movement.item_code, movement.warehouse, **after)


def balance_after(doc, movement: Movement, before) -> frappe._dict:
	"""Quantity, value and average rate of the bin once the movement is posted."""
	qty = flt(before.actual_qty) + movement.qty
	if movement.qty < 0:
		rate = flt(before.valuation_rate) or rate_of(doc, movement)
		value = qty * rate
	else:
		incoming = movement.incoming_rate or rate_of(doc, movement)
		value = flt(before.stock_value) + movement.qty * incoming
		rate = value / qty if qty > 0 else incoming
	return frappe._dict(actual_qty=flt(qty, 6), valuation_rate=flt(rate, 6), stock_value=flt(value, 6))


def rate_of(doc, movement: Movement) -> float:
	"""Rate of stock that came without one: the bin's, else the item's."""
	rate = get_valuation_rate(movement.item_code, movement.warehouse)
	perpetual = frappe.get_cached_value("Company", doc.company, "enable_perpetual_inventory")
	if not rate and not movement.allow_zero_rate and cint(perpetual):
		item = get_link_to_form("Item", movement.item_code)
		frappe.throw(
			_("Item {0} has no Valuation Rate, which {1} {2} needs").format(item, _(doc.doctype), doc.name),
			title=_("Valuation Rate Missing"),
		)
	return rate


def get_valuation_rate(item_code: str, warehouse: str | None = None) -> float:
	"""The bin's average rate; else the item's valuation rate, its standard rate, its buying price."""
	key = {"item_code": item_code, "warehouse": warehouse}
	if rate := flt(frappe.db.get_value("Bin", key, "valuation_rate")):
		return rate
	valuation_rate, standard_rate = frappe.db.get_value(
		"Item", item_code, ["valuation_rate", "standard_rate"]
	)
	if rate := flt(valuation_rate) or flt(standard_rate):
		return rate
	return flt(frappe.db.get_value("Item Price", {"item_code": item_code, "buying": 1}, "price_list_rate"))


def validate_negative_stock(movement: Movement, qty_after: float):
	if movement.qty >= 0 or qty_after > -NOTHING or is_negative_stock_allowed(item_code=movement.item_code):
		return
	frappe.throw(
		_("{0} units of {1} are missing in {2} for this transaction").format(
			frappe.bold(flt(-qty_after, 3)),
			get_link_to_form("Item", movement.item_code),
			get_link_to_form("Warehouse", movement.warehouse),
		),
		NegativeStockError,
		title=_("Insufficient Stock"),
	)


def is_negative_stock_allowed(*, item_code: str | None = None) -> bool:
	if cint(frappe.db.get_single_value("Stock Settings", "allow_negative_stock")):
		return True
	return bool(item_code and cint(frappe.get_cached_value("Item", item_code, "allow_negative_stock")))


def insert_entry(doc, movement: Movement, before, after, is_cancelled: int):
	rate = movement.incoming_rate or after.valuation_rate
	entry = frappe.new_doc("Stock Ledger Entry", item_code=movement.item_code, warehouse=movement.warehouse)
	entry.update(
		{
			"voucher_type": doc.doctype,
			"voucher_no": doc.name,
			"voucher_detail_no": movement.row.name,
			"posting_date": doc.posting_date,
			"posting_time": doc.posting_time,
			"posting_datetime": get_combine_datetime(doc.posting_date, doc.posting_time),
			"fiscal_year": str(get_datetime(doc.posting_date).year),
			"company": doc.company,
			"stock_uom": frappe.get_cached_value("Item", movement.item_code, "stock_uom"),
			"actual_qty": movement.qty,
			"incoming_rate": rate if movement.qty > 0 else 0,
			"outgoing_rate": after.valuation_rate if movement.qty < 0 else 0,
			"qty_after_transaction": after.actual_qty,
			"valuation_rate": after.valuation_rate,
			"stock_value": after.stock_value,
			"stock_value_difference": after.stock_value - flt(before.stock_value),
			"is_cancelled": is_cancelled,
		}
	)
	entry.flags.ignore_permissions = True  # nobody may write the ledger by hand; transactions do
	entry.submit()
