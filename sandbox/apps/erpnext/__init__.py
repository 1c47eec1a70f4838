"""MedGrid's stand-in for ERPNext. This is not ERPNext.

It runs in MedGrid's sandbox under the name `erpnext` and offers the DocTypes, dotted paths and behaviour that
a wholesale app sees of ERPNext 15 and 16: items, stock, prices, customers, suppliers, orders, delivery notes.
Fieldnames and types are ERPNext's own (held to that by `tests/stand_in`); the code is not.
A real bench installs the real ERPNext and never sees this package.
"""

import frappe

__version__ = "15.71.1"


def get_default_company(user: str | None = None) -> str | None:
	"""The user's default Company, else the site's, else the only one there is."""
	company = frappe.defaults.get_user_default_as_list("company", user)
	if company:
		return company[0]
	companies = frappe.get_all("Company", pluck="name", limit=2)
	return companies[0] if len(companies) == 1 else None


def get_company_currency(company: str) -> str | None:
	return frappe.get_cached_value("Company", company, "default_currency")


def get_default_currency() -> str | None:
	company = get_default_company()
	return get_company_currency(company) if company else None
