"""Weights in the units that ShipStation knows. Pure."""

from collections.abc import Iterable

from medgrid.clients.shipstation.models import Weight

# ERPNext's unit of measure, in lower case -> ShipStation's unit, and how many of it make one.
UNITS = {
	"pound": ("pounds", 1),
	"lb": ("pounds", 1),
	"lbs": ("pounds", 1),
	"ounce": ("ounces", 1),
	"oz": ("ounces", 1),
	"gram": ("grams", 1),
	"g": ("grams", 1),
	"kg": ("grams", 1000),
	"kilogram": ("grams", 1000),
	"milligram": ("grams", 0.001),
}
IN_GRAMS = {"pounds": 453.59237, "ounces": 28.349523125, "grams": 1}


def weight_of(value: float | None, uom: str | None) -> Weight | None:
	"""A weight for ShipStation; None if there is none, or in a unit that is none of weight."""
	unit = UNITS.get((uom or "").lower())
	if not value or not unit:
		return None
	return Weight(value=round(value * unit[1], 4), units=unit[0])


def total_weight(parts: Iterable[tuple[Weight | None, int]]) -> Weight | None:
	"""The sum of weights times quantities, in their unit if it is one, else in grams; None without any."""
	known = [(weight, quantity) for weight, quantity in parts if weight]
	if not known:
		return None
	units = {weight.units for weight, _quantity in known}
	if len(units) == 1:
		value = sum(weight.value * quantity for weight, quantity in known)
		return Weight(value=round(value, 4), units=units.pop())
	grams = sum(weight.value * IN_GRAMS[weight.units] * quantity for weight, quantity in known)
	return Weight(value=round(grams, 2), units="grams")
