"""Documents' addresses that need credentials. A guest gets 401 there before anything is looked at, also where
no such DocType exists."""

import re

import frappe
from frappe import _
from frappe.permissions import get_role_permissions

from medgrid.api.doctype_names import stored_spelling
from medgrid.exceptions import NotSignedIn

DOCUMENTS = re.compile(r"/api/(?:(?:v1/)?resource|v2/(?:document|doctype))/([^/]+)")
RIGHTS = ("select", "read", "write", "create", "delete")


def check_open_to_guests(path: str) -> None:
	"""Checks that a request for documents is not a guest's, unless guests have a right there.

	:raises NotSignedIn: it is.
	"""
	match = DOCUMENTS.match(path)
	if match and frappe.session.user == "Guest" and not _is_open(match.group(1)):
		raise NotSignedIn(
			_("This request needs credentials. Send the header Authorization: token KEY:SECRET, or sign in.")
		)


def _is_open(doctype: str) -> bool:
	if stored_spelling(doctype) != doctype:
		return False
	rights = get_role_permissions(frappe.get_meta(doctype), user="Guest")
	return any(rights.get(right) for right in RIGHTS)
