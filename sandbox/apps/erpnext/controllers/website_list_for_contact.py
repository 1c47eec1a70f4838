"""Portal users of Customers and Suppliers, at the dotted path that ERPNext has them."""

import frappe
from frappe import _


def add_role_for_portal_user(portal_user, role: str):
	"""Give the user of a new `Portal User` row the portal role; whoever may not is told to ask for it."""
	if not portal_user.is_new():
		return
	user = frappe.get_doc("User", portal_user.user)
	if role in {row.role for row in user.roles}:
		return
	if "System Manager" not in frappe.get_roles():
		frappe.msgprint(_("User {0} still needs the role {1}").format(user.name, role), alert=True)
		return
	user.add_roles(role)
	frappe.msgprint(_("User {0} now has the role {1}").format(user.name, role), alert=True)
