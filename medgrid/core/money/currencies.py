"""Reads how the site rounds, and which decimal places its currencies have."""

import frappe

from medgrid.core.money.rounding import DEFAULT_PLACES, LEGACY, places

# The columns of the DocType Currency from which `places` takes the decimal places.
FIELDS = ("smallest_currency_fraction_value", "number_format")


def rounding_method() -> str:
	"""Returns the method of System Settings; see `rounding.rounded`."""
	return frappe.get_system_settings("rounding_method") or LEGACY


def places_of(currency: str | None) -> int:
	"""Returns the decimal places of a currency's smallest unit: 2 for USD, 0 for JPY, 3 for KWD."""
	row = frappe.db.get_value("Currency", currency, FIELDS) if currency else None
	return places(*row) if row else DEFAULT_PLACES
