"""Finds a user's Supplier: the one that has the user among its portal users, as in ERPNext's portal."""

import frappe
from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.services.support import us

PORTAL_USER = "Portal User"


def supplier_of(user: str) -> str:
	"""Returns the Supplier of a portal user.

	:raises RuleViolated: the user has no Supplier or more than one, or the Supplier is disabled.
	"""
	suppliers = suppliers_of(user)
	if not suppliers:
		raise RuleViolated(
			_("Your user belongs to no Supplier. Ask {0} to add you to your Supplier's portal users.").format(
				us()
			)
		)
	if len(suppliers) > 1:
		raise RuleViolated(
			_("Your user is linked to several Suppliers ({0}). Ask {1} to keep one link only.").format(
				", ".join(suppliers), us()
			)
		)
	return enabled(suppliers[0])


def obstacle_of(user: str) -> str | None:
	"""Why a portal user can do nothing for a Supplier, as a sentence. None: they can, or they are a
	guest, whom the page sends to the login page."""
	if user == "Guest":
		return None
	try:
		supplier_of(user)
	except RuleViolated as error:
		return str(error)
	return None


def enabled(supplier: str | None) -> str:
	"""Returns the Supplier to whom a connection belongs.

	:raises RuleViolated: it belongs to none, or the Supplier is disabled.
	"""
	if not supplier:
		raise RuleViolated(_("This connection belongs to no Supplier. Ask {0} to delete it.").format(us()))
	if frappe.db.get_value("Supplier", supplier, "disabled"):
		raise RuleViolated(_("Your Supplier {0} is disabled. Ask {1} why.").format(supplier, us()))
	return supplier


def only_supplier_of(user: str) -> str | None:
	"""Returns the Supplier of a portal user, disabled or not; None if the user has none, or several."""
	suppliers = suppliers_of(user)
	return suppliers[0] if len(suppliers) == 1 else None


def suppliers_of(user: str) -> list[str]:
	"""Returns the names of all Suppliers that have the user among their portal users, sorted."""
	filters = {"user": user, "parenttype": "Supplier"}
	return sorted(frappe.get_all(PORTAL_USER, filters=filters, pluck="parent", distinct=True))


def users_of(supplier: str) -> list[str]:
	"""Returns a Supplier's portal users, in their order."""
	filters = {"parent": supplier, "parenttype": "Supplier"}
	return frappe.get_all(PORTAL_USER, filters=filters, pluck="user", order_by="idx asc")
