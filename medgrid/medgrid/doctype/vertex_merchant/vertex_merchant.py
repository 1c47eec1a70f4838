import re

import frappe
from frappe import _
from frappe.model.document import Document

from medgrid.clients.shopify.domains import is_shop_domain
from medgrid.core import secrets
from medgrid.services.desk_messages import refuse
from medgrid.vertex.merchants.fields import CREDENTIALS, DETAILS, HOST, INCOMPLETE, ON_DEMAND, SECRETS

TYPED_SECRETS = ("client_secret", "trusted_id")


class VertexMerchant(Document):
	"""A Shopify store or a company whose sales taxes Vertex calculates.

	A System Manager makes one for a company in Desk; that of a store comes from the installation of the
	connector's app. Only `medgrid.vertex.merchants` writes the read-only fields.
	"""

	shop: str | None
	company: str | None
	tax_account: str | None
	cost_center: str | None
	host: str | None

	def onload(self):
		from medgrid.vertex.merchants.advice import problem_of

		self.set_onload("medgrid_problem", problem_of(self))

	def before_validate(self):
		secrets.note_typed(self, TYPED_SECRETS)
		if self.shop:
			# Frappe fills in the user's company.
			self.company = None
		for name in (*CREDENTIALS, "client_secret"):
			if isinstance(value := self.get(name), str):
				self.set(name, value.strip() or None)

	def validate(self):
		self.require_one_subject()
		self.refuse_invalid_host()
		self.refuse_other_accounts()
		self.reset_after_new_credentials()

	def on_update(self):
		secrets.mask_passwords(self, secrets.password_fields(self.doctype))

	def on_trash(self):
		from medgrid.vertex.access import api_users

		# Frappe deletes the passwords itself: 15 before this, 16 after it.
		api_users.remove(self.user)
		# Frappe keeps a copy of this document in Deleted Document.
		self.update(dict.fromkeys((*SECRETS, *DETAILS, "last_error", "origin", "user", "api_username")))

	def get_password(self, fieldname="password", raise_exception=True):
		refuse(
			_("MedGrid never shows stored credentials. To replace them, enter new ones."),
			frappe.PermissionError,
		)

	def require_one_subject(self):
		if bool(self.shop) == bool(self.company):
			refuse(_("A Vertex Merchant is for a company or for a shop. Choose a Company."))
		if self.shop and not is_shop_domain(self.shop):
			refuse(_("Shop must be the domain of a Shopify store, for example your-store.myshopify.com."))

	def refuse_invalid_host(self):
		if self.deployment != ON_DEMAND:
			self.host = None
		elif not re.fullmatch(HOST, self.host or ""):
			refuse(
				_(
					"Host must be the server of Vertex On-Demand, for example "
					"acme.ondemand.vertexinc.com or acme.na1.ondemand.vertexinc.com."
				)
			)

	def refuse_other_accounts(self):
		if self.tax_account:
			fields = ["company", "account_type", "is_group", "disabled"]
			account = frappe.db.get_value("Account", self.tax_account, fields, as_dict=True)
			fits = account and account.company == self.company and account.account_type == "Tax"
			if not fits or account.is_group or account.disabled:
				refuse(
					_(
						"Tax Account must be an account of {0} with the type Tax, no group, not disabled."
					).format(self.company or _("the company"))
				)
		if self.cost_center and (
			frappe.db.get_value("Cost Center", self.cost_center, "company") != self.company
		):
			refuse(_("Cost Center must belong to {0}.").format(self.company or _("the company")))

	def reset_after_new_credentials(self):
		"""Credentials that were never tested are not used: the merchant is Incomplete until it is tested."""
		if self.is_new() or self.flags.tested:
			return
		typed = any(self.get(name) and not self.is_dummy_password(self.get(name)) for name in TYPED_SECRETS)
		if typed or any(self.has_value_changed(name) for name in CREDENTIALS):
			self.status, self.tested_at = INCOMPLETE, None
			self.vertex_token = self.vertex_token_expires_at = None


def on_doctype_update():
	frappe.db.add_index("Vertex Merchant", ["status"], "medgrid_status")
