"""How many proxies stand before the web server, by Medgrid Settings."""

import frappe

from medgrid.services.callers import SETTINGS, TRUSTED_PROXIES


def trust(proxies: int) -> int:
	"""Sets the number, committed; returns the one before."""
	frappe.db.rollback()
	before = frappe.utils.cint(frappe.db.get_single_value(SETTINGS, TRUSTED_PROXIES, cache=False))
	frappe.db.set_single_value(SETTINGS, TRUSTED_PROXIES, proxies)
	frappe.db.commit()
	# Whoever read it between the change and the commit has put the former number into the cache.
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return before
