"""Reads how the site rounds."""

import frappe

from medgrid.core.money.rounding import LEGACY

# The columns of the DocType Currency from which `places` takes the decimal places.
FIELDS = ("smallest_currency_fraction_value", "number_format")


def rounding_method() -> str:
	"""Returns the method of System Settings; see `rounding.rounded`."""
	return frappe.get_system_settings("rounding_method") or LEGACY
