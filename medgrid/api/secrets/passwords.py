"""Frappe's RPC that shows System Managers the plain value of any Password field, without MedGrid's fields.

Frappe has no other endpoint that decrypts one: the rest shows the mask that the document's field holds.
"""

import frappe
import frappe.client
from frappe import _

from medgrid.services.desk_messages import refuse
from medgrid.vertex.access.api_users import is_api_user

MODULE = "Medgrid"


@frappe.whitelist(methods=["GET", "POST"])
def get_password(doctype: str, name: str, fieldname: str) -> str | None:
	"""Instead of `frappe.client.get_password` (`override_whitelisted_methods`).

	:raises frappe.PermissionError: it is a field of MedGrid's, in any spelling that the database takes for
		its name (403).
	"""
	if _is_of_medgrid(str(doctype), str(fieldname)) or _is_merchants(str(doctype), str(name)):
		refuse(_("Credentials are never shown."), frappe.PermissionError)
	return frappe.client.get_password(doctype, name, fieldname)


def _is_merchants(doctype: str, name: str) -> bool:
	"""Whether it is the password with which a merchant calls `medgrid.vertex.*`."""
	user = frappe.db.get_value("User", name.strip(), "name") if doctype.strip().casefold() == "user" else None
	return is_api_user(user or "")


def _is_of_medgrid(doctype: str, fieldname: str) -> bool:
	# The database compares without regard to case, accents and trailing blanks; so does this query.
	row = frappe.db.get_value("DocType", doctype.strip(), ["name", "module"], as_dict=True)
	if not row:
		return False
	if row.module == MODULE:
		return True
	own = frappe.get_all("Custom Field", {"dt": row.name, "module": MODULE}, pluck="fieldname")
	if not own:
		return False
	# A name that is none of the DocType's may be another spelling of one.
	field = frappe.get_meta(row.name).get_field(fieldname)
	return field is None or fieldname in own
