"""Finds a user's Supplier: the one that has the user among its portal users, as in ERPNext's portal."""

import frappe
from frappe import _

from medgrid.exceptions import RuleViolated


def supplier_of(user: str) -> str:
	"""Returns the Supplier of a portal user.

	:raises RuleViolated: the user has no Supplier or more than one, or the Supplier is disabled.
	"""
	suppliers = frappe.get_all(
		"Portal User", filters={"user": user, "parenttype": "Supplier"}, pluck="parent", distinct=True
	)
	if not suppliers:
		raise RuleViolated(
			_("Your user belongs to no Supplier. Ask MedGrid to add you to your Supplier's portal users.")
		)
	if len(suppliers) > 1:
		raise RuleViolated(
			_("Your user is linked to several Suppliers ({0}). Ask MedGrid to keep one link only.").format(
				", ".join(sorted(suppliers))
			)
		)
	if frappe.db.get_value("Supplier", suppliers[0], "disabled"):
		raise RuleViolated(_("Your Supplier {0} is disabled. Ask MedGrid why.").format(suppliers[0]))
	return suppliers[0]
