"""Sites of release 0.1 believed X-Forwarded-For; new ones begin without a proxy."""

import frappe
import pytest

from medgrid.patches.v1_0 import trusted_proxies
from medgrid.services.callers import SETTINGS, TRUSTED_PROXIES


def store(value):
	frappe.db.delete("Singles", {"doctype": SETTINGS, "field": TRUSTED_PROXIES})
	if value is not None:
		frappe.db.set_single_value(SETTINGS, TRUSTED_PROXIES, value)


@pytest.mark.parametrize(
	("stored", "after"),
	[
		pytest.param(None, "1", id="a site of release 0.1"),
		pytest.param(0, "0", id="an administrator has entered that there is none"),
		pytest.param(2, "2", id="an administrator has entered another number"),
	],
)
def test_only_a_site_without_a_number_gets_one_proxy(site, stored, after):
	try:
		store(stored)
		trusted_proxies.execute()
		assert frappe.db.get_singles_dict(SETTINGS)[TRUSTED_PROXIES] == after
	finally:
		frappe.db.rollback()
		frappe.clear_document_cache(SETTINGS, SETTINGS)


def test_a_new_site_has_the_patch_behind_it_and_no_proxy(site):
	assert frappe.db.exists("Patch Log", {"patch": "medgrid.patches.v1_0.trusted_proxies"})
	assert frappe.get_meta(SETTINGS).get_field(TRUSTED_PROXIES).default == "0"
