"""A Lead: somebody who may become a customer. What ERPNext's own does when one is saved by an integration."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import validate_email_address


class Lead(Document):
	def before_insert(self):
		if self.lead_name and not (self.first_name or self.middle_name or self.last_name):
			self.first_name, self.middle_name, self.last_name = name_parts(self.lead_name)
		self.contact = None
		if frappe.db.get_single_value("CRM Settings", "auto_creation_of_contact"):
			self.contact = self.create_contact()

	def validate(self):
		self.set_names()
		self.refuse_used_email()
		self.validate_email()

	def after_insert(self):
		if self.contact:
			link = {"link_doctype": "Lead", "link_name": self.name, "link_title": self.lead_name}
			self.contact.append("links", link)
			self.contact.save()

	def set_names(self):
		parts = (self.salutation, self.first_name, self.middle_name, self.last_name)
		if self.first_name:
			self.lead_name = " ".join(part for part in parts if part)
		if not self.lead_name and not self.company_name and not self.email_id:
			frappe.throw(_("A Lead requires either a person's name or an organization's name"))
		self.lead_name = self.lead_name or self.company_name or self.email_id.partition("@")[0]
		self.title = self.company_name or self.lead_name

	def refuse_used_email(self):
		if not self.email_id or frappe.db.get_single_value(
			"CRM Settings", "allow_lead_duplication_based_on_emails"
		):
			return
		others = frappe.get_all(
			"Lead", filters={"email_id": self.email_id, "name": ("!=", self.name)}, pluck="name"
		)
		if others:
			sentence = _("Email Address must be unique, it is already used in {0}")
			frappe.throw(sentence.format(", ".join(others)), frappe.DuplicateEntryError)

	def validate_email(self):
		if not self.email_id:
			return
		if not self.flags.ignore_email_validation:
			validate_email_address(self.email_id, throw=True)
		if self.email_id == self.lead_owner:
			frappe.throw(_("Lead Owner cannot be same as the Lead Email Address"))

	def create_contact(self):
		name = self.first_name or self.lead_name or self.company_name
		contact = frappe.get_doc({"doctype": "Contact", "first_name": name, "last_name": self.last_name})
		contact.company_name = self.company_name
		if self.email_id:
			contact.append("email_ids", {"email_id": self.email_id, "is_primary": 1})
		if self.phone:
			contact.append("phone_nos", {"phone": self.phone, "is_primary_phone": 1})
		# Whoever may make a Lead gets its Contact.
		return contact.insert(ignore_permissions=True)


def name_parts(full_name: str) -> tuple[str, str | None, str | None]:
	"""First, middle and last name."""
	words = full_name.split()
	if len(words) == 1:
		return words[0], None, None
	return words[0], " ".join(words[1:-1]) or None, words[-1]
