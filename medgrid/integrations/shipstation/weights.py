"""Converts weights to ShipStation's units. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from medgrid.clients.shipstation.order_payload import Weight

Unit = Literal["pounds", "ounces", "grams"]
# ERPNext's unit of measure, in lower case -> ShipStation's unit, and how many of those it contains.
UNITS: dict[str, tuple[Unit, Decimal]] = {
	"pound": ("pounds", Decimal(1)),
	"lb": ("pounds", Decimal(1)),
	"lbs": ("pounds", Decimal(1)),
	"ounce": ("ounces", Decimal(1)),
	"oz": ("ounces", Decimal(1)),
	"gram": ("grams", Decimal(1)),
	"g": ("grams", Decimal(1)),
	"kg": ("grams", Decimal(1000)),
	"kilogram": ("grams", Decimal(1000)),
	"milligram": ("grams", Decimal("0.001")),
}
IN_GRAMS: dict[Unit, Decimal] = {
	"pounds": Decimal("453.59237"),
	"ounces": Decimal("28.349523125"),
	"grams": Decimal(1),
}


def weight_of(value: Decimal, uom: str | None) -> Weight | None:
	"""Converts a weight to one of ShipStation's units.

	:param value: the weight in `uom`.
	:param uom: ERPNext's unit of measure.
	:returns: None if the weight is zero, or if `uom` is not a known unit of weight.
	"""
	unit = UNITS.get((uom or "").lower())
	if not value or not unit:
		return None
	return Weight(value=round(value * unit[1], 4), units=unit[0])


def total_weight(parts: Iterable[tuple[Weight | None, int]]) -> Weight | None:
	"""Adds up weights times quantities: in their common unit, or in grams if the units differ.

	:param parts: pairs of a weight and a quantity; pairs without a weight are left out.
	:returns: None if no part has a weight.
	"""
	known = [(weight, quantity) for weight, quantity in parts if weight]
	if not known:
		return None
	units = {weight.units for weight, _quantity in known}
	if len(units) == 1:
		value = sum((weight.value * quantity for weight, quantity in known), Decimal())
		return Weight(value=round(value, 4), units=units.pop())
	grams = sum((weight.value * IN_GRAMS[weight.units] * quantity for weight, quantity in known), Decimal())
	return Weight(value=round(grams, 2), units="grams")
