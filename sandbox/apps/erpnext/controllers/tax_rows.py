"""The tax and charge rows of a sale: what each comes to on each line, and the running totals."""

import json

import frappe
from frappe import _
from frappe.utils import cint, flt

# a difference of up to five units in the last place is rounding, not a mistake
ROUNDING_UNITS = 5.0
# between a row's amount and its parts by item, in the company's currency
MOST_LOST_IN_DETAILS = 0.5


def sold_rows(doc) -> list:
	"""A Quotation's alternatives are in no total."""
	return [row for row in doc.items if not row.get("is_alternative")]


def set_item_tax_rates(doc):
	"""The rates that a line's Item Tax Template has for accounts, besides those of the tax rows."""
	if not doc.items or not doc.items[0].meta.has_field("item_tax_rate"):
		return
	for row in doc.items:
		template = row.get("item_tax_template")
		details = frappe.get_cached_doc("Item Tax Template", template).taxes if template else []
		row.item_tax_rate = json.dumps({each.tax_type: each.tax_rate for each in details})


def item_rates(row) -> dict[str, float]:
	rates = row.get("item_tax_rate")
	return json.loads(rates) if rates and rates != "{}" else {}


def rate_on(row, tax) -> float:
	return flt(item_rates(row).get(tax.account_head, tax.rate))


class TaxRows:
	"""Computes the `taxes` table of `doc`; `rounding` is then what the grand total still lacks."""

	def __init__(self, doc):
		self.doc = doc
		self.taxes = doc.taxes
		self.rounding = 0.0
		self.discounted = False
		self.total_before_discount = 0.0
		self.inclusive = any(tax.included_in_print_rate for tax in self.taxes)

	def precision(self, fieldname: str) -> int:
		return self.taxes[0].precision(fieldname)

	def exclude_from_rates(self):
		"""Where a tax is inside the item rates, take it out of the lines' net amounts."""
		if not self.inclusive:
			return
		for row in self.doc.items:
			fraction, per_unit = self.included_share()
			if row.qty and (fraction or per_unit):
				net_amount = (flt(row.amount) - per_unit * flt(row.qty)) / (1 + fraction)
				row.net_amount = flt(net_amount, row.precision("net_amount"))
				row.net_rate = flt(row.net_amount / row.qty, row.precision("net_rate"))
				self.set_base(row, "net_rate", "net_amount")

	def included_share(self) -> tuple[float, float]:
		"""(share of the net amount, amount per unit) that the rates include in taxes."""
		shares: list[float] = []
		total, per_unit = 1.0, 0.0
		for tax in self.taxes:
			share, rate = 0.0, flt(tax.rate) / 100
			previous = cint(tax.row_id) - 1
			if not tax.included_in_print_rate:
				pass
			elif tax.charge_type == "On Net Total":
				share = rate
			elif tax.charge_type == "On Previous Row Amount":
				share = rate * shares[previous]
			elif tax.charge_type == "On Previous Row Total":
				share = rate * (1 + sum(shares[: previous + 1]))
			elif tax.charge_type == "On Item Quantity":
				per_unit += flt(tax.rate)
			shares.append(share)
			total += share
		return total - 1, per_unit

	def calculate(self, discounted: bool = False):
		"""Set every row's amounts; again with `discounted` once the lines' net amounts bear the discount."""
		self.discounted = discounted
		if not self.taxes:
			return
		self.reset()
		left = {tax.idx: flt(tax.tax_amount, tax.precision("tax_amount")) for tax in self.of_type("Actual")}
		sold = sold_rows(self.doc)
		for row in sold:
			self.add_line(row, left, is_last=row is sold[-1])
		self.settle_discount()
		self.round_rows()
		self.settle_inclusive()
		self.check_item_rates()

	def of_type(self, charge_type: str) -> list:
		return [tax for tax in self.taxes if tax.charge_type == charge_type]

	@property
	def keeps_tax_amount(self) -> bool:
		"""A discount on the grand total is taken after the taxes: the tax shown stays, the tax due sinks."""
		return self.discounted and self.doc.apply_discount_on == "Grand Total"

	def reset(self):
		self.details: dict[int, dict] = {tax.idx: {} for tax in self.taxes}
		for tax in self.taxes:
			tax.tax_amount_after_discount_amount = tax.total = 0.0
			if tax.charge_type != "Actual" and not self.keeps_tax_amount:
				tax.tax_amount = 0.0

	def add_line(self, row, left: dict, is_last: bool):
		"""Add the line's part to every tax row. `left` is what is not yet given out of the fixed amounts."""
		amounts: list[float] = []
		totals: list[float] = []
		for tax in self.taxes:
			amount = self.amount_on(row, tax, amounts, totals)
			self.note_detail(row, tax, amount)
			if tax.charge_type == "Actual":
				left[tax.idx] -= amount
				amount += left[tax.idx] if is_last else 0
			elif not self.keeps_tax_amount:
				tax.tax_amount += amount
			tax.tax_amount_after_discount_amount += amount
			amounts.append(amount)
			totals.append((totals[-1] if totals else flt(row.net_amount)) + amount)

	def amount_on(self, row, tax, amounts: list, totals: list) -> float:
		rate, previous = rate_on(row, tax) / 100, cint(tax.row_id) - 1
		if tax.charge_type == "Actual":
			actual = flt(tax.tax_amount, tax.precision("tax_amount"))
			return row.net_amount * actual / self.doc.net_total if self.doc.net_total else 0.0
		if tax.charge_type == "On Net Total":
			return rate * row.net_amount
		if tax.charge_type == "On Previous Row Amount":
			return rate * amounts[previous]
		if tax.charge_type == "On Previous Row Total":
			return rate * totals[previous]
		return flt(tax.rate) * flt(row.qty)

	def note_detail(self, row, tax, amount: float):
		details = self.details[tax.idx]
		earlier = details.get(row.item_code, (0, 0.0))[1]
		details[row.item_code] = [rate_on(row, tax), flt(earlier + amount * self.doc.conversion_rate)]

	def settle_discount(self):
		"""For a discount on the grand total, note the total before it and the cents lost to rounding."""
		doc = self.doc
		wants = self.discounted or doc.discount_amount or doc.additional_discount_percentage
		if not (wants and doc.apply_discount_on == "Grand Total"):
			return
		precision = self.precision("tax_amount")
		for index, tax in enumerate(self.taxes):
			if self.discounted:
				tax.tax_amount_after_discount_amount = flt(tax.tax_amount_after_discount_amount, precision)
			self.set_running_total(index, tax)
		if self.discounted:
			expected = self.total_before_discount - doc.discount_amount
			self.rounding = flt(expected - self.taxes[-1].total, doc.precision("grand_total"))
		else:
			self.total_before_discount = self.taxes[-1].total

	def round_rows(self):
		for index, tax in enumerate(self.taxes):
			for fieldname in ("tax_amount", "tax_amount_after_discount_amount"):
				tax.set(fieldname, flt(tax.get(fieldname), tax.precision(fieldname)))
			self.set_base(tax, "tax_amount", "tax_amount_after_discount_amount")
			self.set_running_total(index, tax)
			self.set_base(tax, "total")

	def set_running_total(self, index: int, tax):
		before = self.taxes[index - 1].total if index else self.doc.net_total
		tax.total = flt(before + tax.tax_amount_after_discount_amount, tax.precision("total"))

	def settle_inclusive(self):
		"""Rates that include tax must add up to themselves: find the cents between lines and rows."""
		if not self.inclusive:
			return
		on_top = sum(t.tax_amount_after_discount_amount for t in self.taxes if not t.included_in_print_rate)
		difference = self.doc.total + on_top - self.taxes[-1].total
		if self.discounted:
			difference -= flt(self.doc.discount_amount)
		difference = flt(difference, self.doc.precision("rounding_adjustment"))
		tolerance = ROUNDING_UNITS / 10 ** self.precision("tax_amount")
		self.rounding = difference if abs(difference) <= tolerance else 0.0

	def check_item_rates(self):
		"""As ERPNext 16: a fixed amount that only some lines' templates have a rate for does not add up."""
		of_templates = [row for row in sold_rows(self.doc) if item_rates(row)]
		for tax in self.of_type("Actual"):
			rated = [row for row in of_templates if item_rates(row).get(tax.account_head)]
			amount = tax.tax_amount_after_discount_amount
			parts = sum(self.amount_on(row, tax, [], []) for row in rated)
			if rated and abs(amount - parts) * self.doc.conversion_rate > MOST_LOST_IN_DETAILS:
				frappe.throw(
					_("Item Wise Tax Details do not match with Taxes and Charges at row {0}").format(tax.idx)
				)

	def total_to_discount(self) -> float:
		"""What the discount is shared over: the net total, or the grand total without its fixed charges."""
		if self.doc.apply_discount_on == "Net Total" or not self.taxes:
			return self.doc.net_total
		return (self.total_before_discount or self.doc.grand_total) - self.fixed_charges()

	def fixed_charges(self) -> float:
		"""Charges that do not follow the lines' amounts, and what is charged on such charges."""
		total = 0.0
		amounts: dict[int, float] = {}
		running: dict[int, float] = {}
		for tax in self.taxes:
			base = amounts if tax.charge_type == "On Previous Row Amount" else running
			if tax.charge_type in ("Actual", "On Item Quantity"):
				amount = tax.tax_amount
			elif cint(tax.row_id) in base:
				amount = base[cint(tax.row_id)] * flt(tax.rate) / 100
			else:
				continue
			total += amount
			amounts[tax.idx], running[tax.idx] = amount, total
		return total

	def set_base(self, row, *fieldnames: str):
		for fieldname in fieldnames:
			amount = flt(row.get(fieldname), row.precision(fieldname)) * self.doc.conversion_rate
			row.set(f"base_{fieldname}", flt(amount, row.precision(f"base_{fieldname}")))

	def store_details(self):
		for tax in self.taxes:
			tax.item_wise_tax_detail = json.dumps(self.details[tax.idx], separators=(",", ":"))
