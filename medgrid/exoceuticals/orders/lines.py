"""Which of a Sales Order's rows go to Exoceuticals, and in which quantity and price.

Contract: "sync_to_exoceuticals" (`line_items`, "Prerequisites").
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe import _

from medgrid.exceptions import InvalidInput, RuleViolated

VARIANT = "exoceuticals_variant_id"


@dataclass(frozen=True)
class OrderLine:
	"""
	:param quantity: in the variant's unit, which is the Item's stock UOM.
	:param unit_price: in the order's currency.
	"""

	variant_id: str
	quantity: int
	unit_price: Decimal


@dataclass(frozen=True)
class Selection:
	"""
	:param left_out: the Items whose rows do not go, because Exoceuticals does not sell them.
	"""

	lines: list[OrderLine]
	left_out: list[str] = field(default_factory=list)


def select(order, rows: list[str] | None) -> Selection:
	"""
	:param order: a Sales Order document.
	:param rows: names of its rows; None: all that can go.
	:raises InvalidInput: one of the names is no row of the order.
	:raises RuleViolated: a row that is asked for has no variant; none has; a quantity is not whole.
	"""
	wanted = _wanted(order, rows)
	variants = _variants({row.item_code for row in wanted})
	without = [row.item_code for row in wanted if not variants.get(row.item_code)]
	if without and rows is not None:
		raise RuleViolated(_no_variant(without))
	delivered = [row for row in wanted if variants.get(row.item_code) and _open_quantity(row) <= 0]
	if delivered and rows is not None:
		raise RuleViolated(
			_("Row {0} ({1}) is delivered already.").format(delivered[0].idx, delivered[0].item_code)
		)
	sold = [row for row in wanted if variants.get(row.item_code) and _open_quantity(row) > 0]
	if not sold:
		raise RuleViolated(_("All of it is delivered already.") if delivered else _no_variant(without))
	places = frappe.get_precision("Sales Order Item", "rate") or 2
	lines = [_line(row, variants[row.item_code], places) for row in sold]
	return Selection(lines, list(dict.fromkeys(without)))


def _wanted(order, rows: list[str] | None) -> list:
	if rows is None:
		return list(order.items)
	known = {row.name for row in order.items}
	unknown = [name for name in rows if name not in known]
	if unknown or not rows:
		raise InvalidInput(
			_("Parameter line_items must name rows of {0}; it has no row {1}.").format(
				order.name, ", ".join(unknown) or _("in an empty list")
			)
		)
	return [row for row in order.items if row.name in rows]


def _variants(items: set[str]) -> dict[str, str]:
	rows = frappe.get_all("Item", filters={"name": ("in", list(items))}, fields=["name", VARIANT])
	return {row.name: row[VARIANT] for row in rows}


def _no_variant(items: list[str]) -> str:
	return _("These Items have no Shopify variant: {0}. Run sync_catalog first, then send the order.").format(
		", ".join(dict.fromkeys(items))
	)


def _open_quantity(row) -> Decimal:
	return _decimal(row.qty) - _decimal(row.delivered_qty)


def _line(row, variant_id: str, places: int) -> OrderLine:
	"""One unit of a row may be several of the stock UOM: a case of twelve is twelve."""
	factor = _decimal(row.conversion_factor) or Decimal(1)
	quantity = _open_quantity(row) * factor
	if quantity != int(quantity):
		raise RuleViolated(
			_("Row {0} has {1} of {2}: Shopify only knows whole quantities.").format(
				row.idx, quantity.normalize(), row.item_code
			)
		)
	price = (_decimal(row.rate) / factor).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
	return OrderLine(variant_id, int(quantity), price)


def _decimal(value) -> Decimal:
	"""A Frappe float as the decimal that it was entered as."""
	return Decimal(str(value or 0))
