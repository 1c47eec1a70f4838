"""The `taxes` table of a document: MedGrid's rows, charges, and rows that would tax a second time.

See docs/sales-tax.md, "What is sent" and "What is written".
"""

from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.vertex.documents.rows import INCLUDED, TaxRow
from medgrid.vertex.documents.scope import Scope

_ON_AMOUNT, _ON_TOTAL = "On Previous Row Amount", "On Previous Row Total"


def take_off(document) -> list[Any]:
	"""Removes MedGrid's own rows.

	:returns: them.
	"""
	own = [row for row in document.taxes if row.get("vertex_level")]
	if own:
		_keep(document, [row for row in document.taxes if not row.get("vertex_level")])
	return own


def remove_other_taxes(document) -> list[str]:
	"""Removes rows that book to an account of the type Tax: they would tax a second time. A charge stays.

	:returns: the accounts of the removed rows.
	"""
	taxing = _taxing(document, {row.account_head for row in document.taxes if row.account_head})
	removed = [row.account_head for row in document.taxes if row.account_head in taxing]
	if removed:
		_keep(document, [row for row in document.taxes if row.account_head not in taxing])
		if document.get("taxes_and_charges"):
			document.taxes_and_charges = None
	return removed


def other_taxes(document) -> bool:
	"""Whether there are rows that `remove_other_taxes` removes."""
	accounts = {
		row.account_head for row in document.taxes if row.account_head and not row.get("vertex_level")
	}
	return bool(_taxing(document, accounts))


def _taxing(document, accounts: set[str]) -> set[str]:
	# What a Shipping Rule charges is no tax, whatever account it has: ERPNext would add it again.
	accounts = accounts - {_shipping_account(document)}
	if not accounts:
		return set()
	filters = {"name": ("in", list(accounts)), "account_type": "Tax"}
	return set(frappe.get_all("Account", filters, pluck="name"))


def _shipping_account(document) -> str | None:
	rule = document.get("shipping_rule")
	return frappe.get_cached_value("Shipping Rule", rule, "account") if rule else None


def check_shipping_rule(document, scope: Scope) -> None:
	"""
	:raises RuleViolated: the document's Shipping Rule books to an account of MedGrid's rows. ERPNext finds
		the rule's row by its account, and would write the freight into the tax.
	"""
	account = _shipping_account(document)
	if account and account in _own_accounts(document, scope):
		raise RuleViolated(
			_(
				"The Shipping Rule {0} books to {1}, as the sales tax does. An administrator chooses an "
				"account for freight in the rule."
			).format(document.shipping_rule, account)
		)


def item_templates(document, scope: Scope) -> list[Any]:
	"""The rows of `items` whose Item Tax Template has a rate for an account of MedGrid's rows. ERPNext 16
	holds such a rate against the amount that Vertex calculated, and refuses the document."""
	rows = [row for row in document.items if row.get("item_tax_template")]
	if not rows:
		return []
	filters = {
		"parent": ("in", list({row.item_tax_template for row in rows})),
		"tax_type": ("in", list(_own_accounts(document, scope))),
	}
	found = set(frappe.get_all("Item Tax Template Detail", filters, pluck="parent"))
	return [row for row in rows if row.item_tax_template in found]


def remove_item_templates(document, scope: Scope) -> None:
	"""Takes them off."""
	for row in item_templates(document, scope):
		# Empty, not missing: ERPNext fills in the item's template where there is none.
		row.item_tax_template, row.item_tax_rate = "", "{}"


def _own_accounts(document, scope: Scope) -> set[str]:
	accounts = {scope.tax_account}
	if scope.prices_include_tax:
		accounts.add(_income_account(document))
	return accounts


def _income_account(document) -> str:
	return frappe.get_cached_value("Company", document.company, "default_income_account")


def _keep(document, rows: list[Any]) -> None:
	"""Leaves these rows, and corrects the numbers by which they refer to each other."""
	kept = {row.idx: number for number, row in enumerate(rows, 1)}
	stay = []
	for row in rows:
		if row.charge_type in (_ON_AMOUNT, _ON_TOTAL):
			referred = frappe.utils.cint(row.row_id)
			if referred not in kept and row.charge_type == _ON_AMOUNT:
				# A part of a tax that is not there any more.
				continue
			earlier = [number for idx, number in kept.items() if idx <= referred]
			if not earlier:
				row.charge_type, row.row_id = "On Net Total", None
			else:
				row.row_id = str(max(earlier))
		stay.append(row)
	if len(stay) != len(rows):
		for number, row in enumerate(rows, 1):
			row.idx = number
		_renumber(document, stay)
		return
	_renumber(document, rows)


def _renumber(document, rows: list[Any]) -> None:
	document.taxes = rows
	for number, row in enumerate(rows, 1):
		row.idx = number


def discount_on_net_total(document) -> bool:
	"""Turns a discount on the grand total, which has the tax in it, into one on the net total.

	:returns: whether it did.
	"""
	if document.get("apply_discount_on") != "Grand Total" or document.get("is_cash_or_non_trade_discount"):
		return False
	if not (document.get("discount_amount") or document.get("additional_discount_percentage")):
		return False
	document.apply_discount_on = "Net Total"
	return True


def put(document, scope: Scope, rows: Sequence[TaxRow], former: Sequence[Any]) -> None:
	"""Appends MedGrid's rows. A row that was there is changed, so that it keeps its name.

	:param former: the rows that `take_off` has taken off.
	"""
	unused = list(former)
	for row in rows:
		match = next((each for each in unused if _is_same(each, row)), None)
		if match:
			unused.remove(match)
			document.taxes.append(match)
		else:
			match = document.append("taxes", {})
		match.idx = len(document.taxes)
		match.update(_values(document, scope, row))


def has(document, scope: Scope, rows: Sequence[TaxRow]) -> bool:
	"""Whether a document has exactly these rows of MedGrid's, and last."""
	own = document.taxes[len(document.taxes) - len(rows) :] if rows else []
	if len(own) != sum(1 for row in document.taxes if row.get("vertex_level")):
		return False
	return all(
		(stored.get(field) or None) == (value or None)
		for stored, row in zip(own, rows, strict=True)
		for field, value in _values(document, scope, row).items()
	)


def _is_same(stored: Any, row: TaxRow) -> bool:
	return (stored.vertex_level, stored.description) == (row.level, row.description)


def _values(document, scope: Scope, row: TaxRow) -> dict[str, Any]:
	account = scope.tax_account
	if row.level == INCLUDED:
		account = _income_account(document)
	return {
		"charge_type": "Actual",
		"account_head": account,
		"cost_center": scope.cost_center
		or document.get("cost_center")
		or frappe.get_cached_value("Company", document.company, "cost_center"),
		"description": row.description,
		"vertex_level": row.level,
		"rate": 0,
		"row_id": None,
		"included_in_print_rate": 0,
		"tax_amount": float(row.amount),
	}


def messages_of(removed: Sequence[str], discount_moved: bool) -> list[str]:
	"""What people are told about changes to their document."""
	messages = []
	if removed:
		messages.append(
			_("Vertex calculates the sales tax: rows of these tax accounts were removed: {0}.").format(
				", ".join(sorted(set(removed)))
			)
		)
	if discount_moved:
		messages.append(
			_("The discount is taken off the Net Total: the tax depends on the discounted price.")
		)
	return messages
