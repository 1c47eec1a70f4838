"""Checks on the money side of a document: quantities, currency, tax rows."""

import frappe
from frappe import _
from frappe.utils import cint, flt

import erpnext

ON_PREVIOUS_ROW = ("On Previous Row Amount", "On Previous Row Total")


class InvalidQtyError(frappe.ValidationError):
	pass


def validate_quantities(doc):
	for row in doc.items:
		if not flt(row.qty):
			frappe.throw(
				_("Row #{0}: the quantity of Item {1} cannot be zero").format(row.idx, row.item_code),
				InvalidQtyError,
				title=_("Invalid Quantity"),
			)


def set_price_list_currency(doc):
	"""Currency and rates that follow from the price list and the company, where the caller gave none."""
	company_currency = erpnext.get_company_currency(doc.company)
	if doc.selling_price_list:
		doc.price_list_currency = frappe.db.get_value("Price List", doc.selling_price_list, "currency")
		if doc.price_list_currency == company_currency:
			doc.plc_conversion_rate = 1.0
	if not doc.currency:
		doc.currency, doc.conversion_rate = doc.price_list_currency, doc.plc_conversion_rate
	elif doc.currency == company_currency:
		doc.conversion_rate = 1.0


def validate_conversion_rate(doc):
	"""ERPNext would look up the day's rate in Currency Exchange; here the caller has to give it."""
	company_currency = erpnext.get_company_currency(doc.company)
	if not doc.currency or doc.currency == company_currency:
		doc.currency, doc.conversion_rate = company_currency, 1.0
	elif not doc.conversion_rate:
		label = _(doc.meta.get_label("conversion_rate"))
		frappe.throw(_("{0} from {1} to {2} is mandatory").format(label, doc.currency, company_currency))
	doc.conversion_rate = flt(doc.conversion_rate)


def validate_tax_row(tax, company: str):
	refers_to_row = tax.charge_type in ON_PREVIOUS_ROW
	if refers_to_row and not 0 < cint(tax.row_id) < cint(tax.idx):
		frappe.throw(_("Row {0}: {1} needs the number of an earlier row").format(tax.idx, tax.charge_type))
	if tax.row_id and tax.charge_type in ("Actual", "On Net Total"):
		frappe.throw(_("Row {0}: {1} refers to no other row").format(tax.idx, tax.charge_type))
	if tax.charge_type == "Actual":
		tax.rate = None
	validate_account_head(tax, company)


def validate_account_head(tax, company: str):
	owner = frappe.db.get_value("Account", tax.account_head, "company")
	if owner and owner != company:
		frappe.throw(
			_("Row #{0}: account {1} does not belong to company {2}").format(
				tax.idx, tax.account_head, company
			)
		)


def validate_inclusive_tax(tax, doc):
	"""A tax inside the item rates has to be a share of them, and so has every row that it is taken on."""
	if not tax.included_in_print_rate:
		return
	if tax.charge_type == "Actual":
		frappe.throw(_("Row {0}: a fixed amount cannot be included in the item rates").format(tax.idx))
	row_number = cint(tax.row_id)
	rows = {
		"On Previous Row Amount": doc.taxes[row_number - 1 : row_number],
		"On Previous Row Total": doc.taxes[: max(row_number - 1, 0)],
	}.get(tax.charge_type, [])
	if not all(row.included_in_print_rate for row in rows):
		frappe.throw(_("Row {0}: the rows it is taken on have to be included as well").format(tax.idx))
