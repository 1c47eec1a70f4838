"""The rate of a line and its amounts: list price, margin, discount, rate, amount."""

from frappe.utils import flt


def set_line_amounts(doc, row):
	"""Compute rate, discount or margin and amounts of one line. A rate that is given wins over the list."""
	doc.round_floats_in(row)
	if row.discount_percentage == 100:
		row.rate = 0.0
	elif row.price_list_rate and not row.rate:
		row.rate = flt(row.price_list_rate * (1 - row.discount_percentage / 100), row.precision("rate"))
	if not take_margin(doc, row) and flt(row.price_list_rate) > 0:
		row.discount_amount = row.price_list_rate - row.rate
	row.net_rate = row.rate
	row.amount = flt(row.rate * (row.qty or quantity_of_none(doc)), row.precision("amount"))
	row.net_amount = row.amount
	row.stock_uom_rate = row.rate / (flt(row.conversion_factor) or 1)
	for fieldname in ("price_list_rate", "rate", "net_rate", "amount", "net_amount"):
		value = flt(row.get(fieldname), row.precision(fieldname)) * doc.conversion_rate
		row.set(f"base_{fieldname}", flt(value, row.precision(f"base_{fieldname}")))


def quantity_of_none(doc) -> int:
	"""By which the rate of a line without a quantity counts."""
	if doc.get("is_return"):
		return -1
	return 1 if doc.get("is_debit_note") else 0


def take_margin(doc, row) -> bool:
	"""Apply a margin asked for on the line, and say whether there was one to apply.

	A rate above the list price is only recorded as a margin of that amount.
	"""
	row.rate_with_margin = row.base_rate_with_margin = 0.0
	if not row.price_list_rate:
		return False
	if row.rate > row.price_list_rate:
		row.margin_type = "Amount"
		surplus = row.rate - row.price_list_rate
		row.margin_rate_or_amount = flt(surplus, row.precision("margin_rate_or_amount"))
		return False
	if not (row.margin_type and row.margin_rate_or_amount):
		return False
	percentage = row.margin_rate_or_amount / 100 if row.margin_type == "Percentage" else 0
	margin = row.price_list_rate * percentage if percentage else row.margin_rate_or_amount
	row.rate_with_margin = row.price_list_rate + margin
	row.base_rate_with_margin = row.rate_with_margin * doc.conversion_rate
	discount_from_margin_rate(row)
	return True


def discount_from_margin_rate(row):
	discounted = flt(row.rate_with_margin * (1 - row.discount_percentage / 100), row.precision("rate"))
	if row.discount_amount and not row.discount_percentage:
		row.rate = row.rate_with_margin - row.discount_amount
	else:
		row.rate = discounted
		row.discount_amount = row.rate_with_margin - row.rate
