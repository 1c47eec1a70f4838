import frappe
from frappe import _
from frappe.model.document import Document

from medgrid.integrations.connections.fields import DETAILS, SECRETS
from medgrid.integrations.connections.issues import claimed_shop
from medgrid.integrations.registry import PER_USER
from medgrid.integrations.suppliers import only_supplier_of
from medgrid.issues.records import settle_after_commit
from medgrid.services.desk_messages import refuse


class VendorConnection(Document):
	"""The connection of a Supplier to one account of an integration, or of one user to text messages. Its
	name is random, so that nobody can derive it from the Supplier or the integration.

	Only `medgrid.integrations.connections` reads the credentials; `get_password` refuses, so that not even
	Frappe's endpoint for System Managers returns them.
	"""

	def on_trash(self):
		if self.shop:
			settle_after_commit(claimed_shop(self.shop))
		frappe.db.delete("Vendor Product", {"connection": self.name})
		# Frappe deletes the passwords itself: 15 before this, 16 after it.
		# Frappe keeps a copy of this document in Deleted Document.
		self.update({**dict.fromkeys((*SECRETS, *DETAILS, "last_error", "stats")), "status": "not_connected"})

	def get_password(self, fieldname="password", raise_exception=True):
		refuse(
			_("MedGrid never shows stored credentials. To replace them, connect the integration again."),
			frappe.PermissionError,
		)


def on_doctype_update():
	fields = ["supplier", "integration", "account_name"]
	frappe.db.add_unique("Vendor Connection", fields, "unique_supplier_integration_account")
	# Until release 0.1 a connection belonged to a user.
	if frappe.db.has_index("tabVendor Connection", "unique_user_and_integration"):
		frappe.db.sql_ddl("ALTER TABLE `tabVendor Connection` DROP INDEX `unique_user_and_integration`")


def has_permission(doc, ptype=None, user=None, **_options) -> bool:
	"""Grants access to the portal users of the connection's Supplier, to a user whose own it is, and to
	System Managers, even if a site adds roles to the DocType."""
	user = user or frappe.session.user
	if "System Manager" in frappe.get_roles(user):
		return True
	if doc.integration in PER_USER:
		return doc.user == user
	return bool(doc.supplier) and doc.supplier == only_supplier_of(user)


def permission_query_conditions(user=None, **_options) -> str:
	"""Restricts lists and reports in the same way as `has_permission`."""
	user = user or frappe.session.user
	if "System Manager" in frappe.get_roles(user):
		return ""
	connection, integrations = "`tabVendor Connection`", ", ".join(map(frappe.db.escape, PER_USER))
	own = f"{connection}.`user` = {frappe.db.escape(user)} AND {connection}.`integration` IN ({integrations})"
	supplier = only_supplier_of(user)
	if not supplier:
		return f"({own})"
	shared = f"{connection}.`supplier` = {frappe.db.escape(supplier)}"
	return f"(({own}) OR ({shared} AND {connection}.`integration` NOT IN ({integrations})))"
