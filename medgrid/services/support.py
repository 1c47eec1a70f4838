"""Whom a vendor reaches when a sentence says "MedGrid": name, e-mail address and phone number.

They are in Medgrid Settings; where a field is empty, the default company's record has the value.
"""

from dataclasses import dataclass

import frappe
from frappe import _

SETTINGS = "Medgrid Settings"


@dataclass(frozen=True)
class Contact:
	"""Whom to contact; each is empty if it is not known."""

	name: str
	email: str
	phone: str

	def __str__(self) -> str:
		return ", ".join(part for part in (self.name, self.email, self.phone) if part)


def support_contact() -> Contact:
	"""Reads the contact from Medgrid Settings and the default company."""
	settings = frappe.get_cached_doc(SETTINGS)
	company = frappe.defaults.get_global_default("company")
	fields = ["company_name", "email", "phone_no"]
	values = company and frappe.get_cached_value("Company", company, fields, as_dict=True)
	default = values or frappe._dict()
	return Contact(
		settings.get("support_contact") or default.company_name or "",
		settings.get("support_email") or default.email or "",
		settings.get("support_phone") or default.phone_no or "",
	)


def us() -> str:
	"""MedGrid as a sentence for vendors names it, with the contact if there is an address or a number."""
	contact = support_contact()
	return f"MedGrid ({contact})" if contact.email or contact.phone else "MedGrid"


def how_to_reach_us() -> str:
	"""A sentence with the contact; empty if there is neither an address nor a number."""
	contact = support_contact()
	return _("Contact: {0}.").format(contact) if contact.email or contact.phone else ""
