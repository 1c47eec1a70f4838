"""Which Item Price applies to a line of a sale, and the price that a sale leaves where there was none."""

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce
from frappe.utils import cint, flt

from erpnext.accounts.party import customer_of

FAR_PAST, FAR_FUTURE = "1900-01-01", "2999-12-31"


def get_price_list_rate(doc, row, details) -> float | None:
	"""Rate per `details.uom` in the document's currency, or 0 if the price list does not price the item."""
	price = find_price(doc, row, details)
	if not price and (template := frappe.get_cached_value("Item", row.item_code, "variant_of")):
		price = find_price(doc, row, details, item_code=template)
	if not price or update_existing_prices():
		remember_price(doc, row, details)
	if not price:
		return 0.0
	rate = flt(price.price_list_rate)
	if price.uom != details.uom:
		rate *= flt(details.conversion_factor)
	return rate * flt(doc.plc_conversion_rate or 1) / flt(doc.conversion_rate or 1)


def find_price(doc, row, details, item_code: str | None = None) -> frappe._dict | None:
	"""The customer's own price for the unit; else anyone's for the unit; else anyone's for the stock unit."""
	if not doc.selling_price_list:
		return None
	item_code = item_code or row.item_code
	own = query_price(doc, item_code, details.uom, customer=customer_of(doc))
	if own:
		return own if sold_in_packs_of(own, row.qty) else None
	price = query_price(doc, item_code, details.uom)
	if not price and details.uom != details.stock_uom:
		price = query_price(doc, item_code, details.stock_uom)
	return price


def query_price(doc, item_code: str, uom: str, customer: str = "") -> frappe._dict | None:
	date = doc.get("transaction_date") or doc.get("posting_date")
	price = frappe.qb.DocType("Item Price")
	query = (
		frappe.qb.from_(price)
		.select(price.price_list_rate, price.uom, price.packing_unit)
		.where((price.item_code == item_code) & (price.price_list == doc.selling_price_list))
		.where(Coalesce(price.uom, "").isin(["", uom]))
		.where((Coalesce(price.customer, "") == customer) & (Coalesce(price.supplier, "") == ""))
		.where(Coalesce(price.batch_no, "") == "")  # orders name no batch
		.where(Coalesce(price.valid_from, FAR_PAST) <= date)
		.where(Coalesce(price.valid_upto, FAR_FUTURE) >= date)
		.orderby(price.valid_from, order=frappe.qb.desc)
		.orderby(price.uom, order=frappe.qb.desc)
		.limit(1)
	)
	found = query.run(as_dict=True)
	return found[0] if found else None


def sold_in_packs_of(price, qty) -> bool:
	return not (price.packing_unit and flt(qty) % price.packing_unit)


def update_existing_prices() -> bool:
	return bool(cint(frappe.db.get_single_value("Stock Settings", "update_existing_price_list_rate")))


def remember_price(doc, row, details):
	"""Where Stock Settings say so (the setup wizard makes them), a sale at a rate makes the missing price."""
	settings = frappe.get_cached_doc("Stock Settings")
	wanted = doc.selling_price_list and row.rate and settings.auto_insert_price_list_rate_if_missing
	if not wanted or not frappe.has_permission("Item Price", "write"):
		return
	currency = frappe.db.get_value("Price List", doc.selling_price_list, "currency")
	if currency != doc.currency:
		return
	rate = (flt(row.price_list_rate) or flt(row.rate)) if by_list_rate(settings) else flt(row.rate)
	rate /= flt(details.conversion_factor) or 1
	key = {"item_code": row.item_code, "price_list": doc.selling_price_list, "uom": details.stock_uom}
	save_price(key, rate)


def by_list_rate(settings) -> bool:
	return settings.update_price_list_based_on == "Price List Rate"


def save_price(key: dict, rate: float):
	existing = frappe.db.get_value("Item Price", key, ["name", "price_list_rate"], as_dict=True)
	if not existing:
		frappe.new_doc("Item Price", price_list_rate=rate, **key).insert()
		message = _("Item Price added for {0} in Price List {1}")
	elif update_existing_prices() and rate and existing.price_list_rate != rate:
		frappe.db.set_value("Item Price", existing.name, "price_list_rate", rate)
		message = _("Item Price updated for {0} in Price List {1}")
	else:
		return
	frappe.msgprint(message.format(key["item_code"], key["price_list"]), alert=True)
