"""Release 0.1 believed the first entry of `X-Forwarded-For`, as behind one proxy. A site that was installed
with it goes on with one; a new site begins with none."""

import frappe

from medgrid.services.callers import SETTINGS, TRUSTED_PROXIES


def execute() -> None:
	if TRUSTED_PROXIES not in frappe.db.get_singles_dict(SETTINGS):
		frappe.db.set_single_value(SETTINGS, TRUSTED_PROXIES, 1)
