"""The exact rounding against Frappe's own, for each method of System Settings."""

import frappe
from frappe.utils import rounded as rounded_by_frappe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medgrid.core.money.currencies import rounding_method
from medgrid.core.money.rounding import BANKERS, COMMERCIAL, LEGACY, exact, rounded


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
	st.decimals(min_value=-100_000, max_value=100_000, places=6),
	st.integers(0, 3),
	st.sampled_from([LEGACY, BANKERS, COMMERCIAL]),
)
def test_frappe_rounds_the_same_amount_to_the_same_number(site, amount, places, method):
	stored = float(amount)
	assert float(rounded(exact(stored), places, method)) == rounded_by_frappe(stored, places, method)


def test_the_method_is_that_of_system_settings(site):
	before = frappe.get_system_settings("rounding_method")
	try:
		for method in (BANKERS, COMMERCIAL, LEGACY):
			frappe.db.set_single_value("System Settings", "rounding_method", method)
			frappe.clear_cache()
			assert rounding_method() == method
	finally:
		frappe.db.set_single_value("System Settings", "rounding_method", before)
		frappe.db.commit()
		frappe.clear_cache()
