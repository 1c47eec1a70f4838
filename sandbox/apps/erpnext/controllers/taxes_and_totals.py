"""Line amounts, taxes, discount and totals of a Sales Order or Delivery Note.

Every amount is rounded with the framework's own `flt` at the precision of its field, in the order in which
ERPNext rounds, so that the totals agree to the cent. `base_…` fields hold the same amounts in the company's
currency.
"""

import frappe
from frappe import _
from frappe.utils import flt, money_in_words, round_based_on_smallest_currency_fraction

from erpnext.controllers.accounts_controller import (
	validate_conversion_rate,
	validate_inclusive_tax,
	validate_tax_row,
)
from erpnext.controllers.line_prices import set_line_amounts
from erpnext.controllers.tax_rows import TaxRows, set_item_tax_rates, sold_rows


def calculate_taxes_and_totals(doc):
	"""Compute all amounts of `doc` from quantities, rates, tax rows and discount."""
	validate_conversion_rate(doc)
	for row in doc.items:
		set_line_amounts(doc, row)
	set_item_tax_rates(doc)
	for tax in doc.taxes:
		validate_tax_row(tax, doc.company)
		validate_inclusive_tax(tax, doc)
		doc.round_floats_in(tax)
	taxes = TaxRows(doc)
	taxes.exclude_from_rates()
	set_net_total(doc)
	taxes.calculate()
	set_grand_total(doc, taxes)
	apply_discount(doc, taxes)
	if doc.get("shipping_rule") and not doc.get("is_pos"):
		taxes = charge_shipping(doc, taxes)
	taxes.store_details()
	doc.total_net_weight = sum(flt(row.total_weight) for row in sold_rows(doc))
	set_words(doc)


def charge_shipping(doc, taxes: TaxRows) -> TaxRows:
	"""ERPNext adds what its Shipping Rule charges last of all, and computes the rows once more."""
	frappe.get_cached_doc("Shipping Rule", doc.shipping_rule).apply(doc)
	again = TaxRows(doc)
	again.total_before_discount = taxes.total_before_discount
	again.calculate(discounted=bool(doc.discount_amount))
	set_grand_total(doc, again)
	return again


def set_base(doc, target, *fieldnames: str):
	"""Set the company-currency twin of each field of `target`, which is `doc` or one of its rows."""
	for fieldname in fieldnames:
		amount = flt(target.get(fieldname), target.precision(fieldname)) * doc.conversion_rate
		target.set(f"base_{fieldname}", flt(amount, target.precision(f"base_{fieldname}")))


def set_net_total(doc):
	doc.total_qty = sum(flt(row.qty) for row in sold_rows(doc))
	for total, amount in (
		("total", "amount"),
		("base_total", "base_amount"),
		("net_total", "net_amount"),
		("base_net_total", "base_net_amount"),
	):
		doc.set(total, flt(sum(flt(row.get(amount)) for row in sold_rows(doc)), doc.precision(total)))


def set_grand_total(doc, taxes: TaxRows):
	"""`taxes.rounding` is the cent or two by which rounded tax rows miss the total they should come to."""
	if doc.taxes:
		doc.grand_total = flt(doc.taxes[-1].total) + taxes.rounding
		charges = doc.grand_total - doc.net_total - taxes.rounding
		doc.total_taxes_and_charges = flt(charges, doc.precision("total_taxes_and_charges"))
	else:
		doc.grand_total, doc.total_taxes_and_charges = flt(doc.net_total), 0.0
	set_base(doc, doc, "total_taxes_and_charges")
	if doc.total_taxes_and_charges:
		doc.base_grand_total = doc.grand_total * doc.conversion_rate
	else:
		doc.base_grand_total = doc.base_net_total
	doc.round_floats_in(doc, ["grand_total", "base_grand_total"])
	set_rounded_total(doc)


def set_rounded_total(doc):
	if doc.disable_rounded_total:
		doc.rounded_total = doc.base_rounded_total = 0.0
		doc.rounding_adjustment = doc.base_rounding_adjustment = 0.0
		return
	doc.rounded_total = round_based_on_smallest_currency_fraction(
		doc.grand_total, doc.currency, doc.precision("rounded_total")
	)
	difference = doc.rounded_total - doc.grand_total
	doc.rounding_adjustment = flt(difference, doc.precision("rounding_adjustment"))
	set_base(doc, doc, "rounding_adjustment", "rounded_total")


def apply_discount(doc, taxes: TaxRows):
	"""Spread the document's discount over the lines' net amounts, then compute everything from these."""
	if doc.additional_discount_percentage:
		discounted = doc.grand_total if doc.apply_discount_on == "Grand Total" else doc.net_total
		amount = flt(discounted) * flt(doc.additional_discount_percentage) / 100
		doc.discount_amount = flt(amount, doc.precision("discount_amount"))
	if not doc.discount_amount:
		doc.base_discount_amount = 0.0
		return
	if not doc.apply_discount_on:
		frappe.throw(_("Say what the discount applies to: Apply Discount On is empty"))
	set_base(doc, doc, "discount_amount")
	total = taxes.total_to_discount()
	if not total:
		return
	distribute_discount(doc, total)
	set_net_total(doc)
	taxes.calculate(discounted=True)
	set_grand_total(doc, taxes)


def distribute_discount(doc, total: float):
	"""Each line bears its share; what rounding loses on the way is made good on the line where it shows."""
	exact_total = rounded_total = 0.0
	for row in sold_rows(doc):
		share = flt(doc.discount_amount) * row.net_amount / total
		exact = row.net_amount - share
		exact_total += exact
		net_amount = flt(exact, row.precision("net_amount"))
		lost = flt(exact_total - rounded_total - net_amount, doc.precision("net_total"))
		row.net_amount = flt(net_amount + lost, row.precision("net_amount"))
		row.distributed_discount_amount = flt(share + lost, row.precision("distributed_discount_amount"))
		rounded_total += net_amount + lost
		row.net_rate = flt(row.net_amount / row.qty, row.precision("net_rate")) if row.qty else 0.0
		set_base(doc, row, "net_rate", "net_amount")


def set_words(doc):
	base_total = doc.base_grand_total if doc.disable_rounded_total else doc.base_rounded_total
	total = doc.grand_total if doc.disable_rounded_total else doc.rounded_total
	company_currency = frappe.get_cached_value("Company", doc.company, "default_currency")
	doc.base_in_words = money_in_words(abs(base_total), company_currency)
	doc.in_words = money_in_words(abs(total), doc.currency)
