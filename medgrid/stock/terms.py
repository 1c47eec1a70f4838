"""What a list of stock shows: of which warehouse, with the prices of which list, and which quantity."""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint

from medgrid.core.money.currencies import FIELDS, rounding_method
from medgrid.core.money.rounding import LEGACY, places
from medgrid.exceptions import NotFound, RuleViolated
from medgrid.stock import statements
from medgrid.stock.warehouses import check_orderable

# Contract: the catalog's rates have at most two decimals.
MAX_PLACES = 2


@dataclass(frozen=True)
class Terms:
	"""The terms of a list.

	:param warehouse: the name of an active warehouse; None: all active ones.
	:param price_list: the name of an enabled list for selling; None: every rate is None.
	:param places: the decimal places of a rate.
	:param rounding: the method that rounds rates; see `rounding.rounded`.
	:param less_reserved: whether the available quantity is less what is reserved.
	"""

	warehouse: str | None = None
	price_list: str | None = None
	places: int = MAX_PLACES
	rounding: str = LEGACY
	less_reserved: bool = False


def terms_of(warehouse: str | None = None, price_list: str | None = None) -> Terms:
	"""Checks what a caller chose, and completes it, in one statement.

	:param price_list: None: the default of Selling Settings, if it has one.
	:raises NotFound: there is no such warehouse or price list.
	:raises RuleViolated: the warehouse is a group or disabled; the price list is disabled, or not for
		selling. The default price list is refused like a given one.
	"""
	chosen = {"warehouse": warehouse or "", "price_list": price_list or ""}
	row = frappe.db.sql(statements.TERMS, chosen, as_dict=True)[0]
	if warehouse:
		check_orderable(warehouse, row if row.warehouse else None)
	_check_price_list(price_list, row)
	return Terms(
		warehouse=row.warehouse,
		price_list=row.price_list,
		places=min(MAX_PLACES, places(*(row[field] for field in FIELDS))),
		rounding=rounding_method(),
		less_reserved=bool(cint(row.less_reserved)),
	)


def default_currency() -> str | None:
	"""Returns the currency of the rates of a list for which nobody chose a price list; None if it has no
	rates."""
	try:
		price_list = terms_of().price_list
	except RuleViolated:
		return None
	return frappe.db.get_value("Price List", price_list, "currency") if price_list else None


def _check_price_list(given: str | None, row: Any) -> None:
	name = given or row.default_price_list
	if not name:
		return
	if not row.price_list:
		sentence = _("Price List {0} does not exist.").format(name)
		raise NotFound(sentence) if given else RuleViolated(sentence)
	if not row.enabled:
		raise RuleViolated(_("Price List {0} is disabled.").format(name))
	if not row.selling:
		raise RuleViolated(_("Price List {0} is not for selling.").format(name))
