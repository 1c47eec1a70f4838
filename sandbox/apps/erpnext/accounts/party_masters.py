"""What Customer and Supplier share: naming, portal users, the contact and address typed in with them."""

import frappe
from frappe.contacts.address_and_contact import delete_contact_and_address, load_address_and_contact
from frappe.contacts.doctype.address.address import get_address_display
from frappe.model.document import Document
from frappe.model.naming import set_name_by_naming_series, set_name_from_naming_options
from frappe.utils import cint

from erpnext.controllers.website_list_for_contact import add_role_for_portal_user

ADDRESS_FIELDS = ("address_line1", "address_line2", "city", "state", "pincode", "country")


class PartyMaster(Document):
	"""Subclasses say which default names them; their doctype prefixes the fieldnames (`customer_name`, …)."""

	naming_default = ""

	@property
	def party_name(self) -> str:
		return self.get(f"{frappe.scrub(self.doctype)}_name")

	def onload(self):
		load_address_and_contact(self)

	def autoname(self):
		named_by = frappe.defaults.get_global_default(self.naming_default)
		if named_by == f"{self.doctype} Name":
			self.name = self.name_from_party_name()
		elif named_by == "Naming Series":
			set_name_by_naming_series(self)
		else:
			set_name_from_naming_options(self.meta.autoname, self)

	def name_from_party_name(self) -> str:
		return self.party_name

	def validate(self):
		self.flags.is_new_doc = self.is_new()
		for row in self.portal_users:
			add_role_for_portal_user(row, self.doctype)

	def on_update(self):
		self.create_primary_contact()
		self.create_primary_address()

	def on_trash(self):
		prefix = frappe.scrub(self.doctype)
		for fieldname in (f"{prefix}_primary_contact", f"{prefix}_primary_address"):
			if self.get(fieldname):
				self.db_set(fieldname, None)
		delete_contact_and_address(self.doctype, self.name)

	def after_rename(self, old_name, new_name, merge=False):
		if frappe.defaults.get_global_default(self.naming_default) == f"{self.doctype} Name":
			self.db_set(f"{frappe.scrub(self.doctype)}_name", new_name)

	def create_primary_contact(self):
		fieldname = f"{frappe.scrub(self.doctype)}_primary_contact"
		if self.get(fieldname) or not (self.mobile_no or self.email_id):
			return
		values = {fieldname: self.make_contact().name, "mobile_no": self.mobile_no, "email_id": self.email_id}
		self.db_set(values)

	def make_contact(self) -> Document:
		contact = frappe.new_doc("Contact", is_primary_contact=1)
		if self.get(f"{frappe.scrub(self.doctype)}_type") == "Individual":
			contact.first_name, contact.middle_name, contact.last_name = split_name(self.party_name)
		else:
			contact.company_name = self.party_name
		contact.append("links", {"link_doctype": self.doctype, "link_name": self.name})
		if self.email_id:
			contact.add_email(self.email_id, is_primary=True)
		if self.mobile_no:
			contact.add_phone(self.mobile_no, is_primary_mobile_no=True)
		return contact.insert(ignore_permissions=self.flags.ignore_permissions)

	def create_primary_address(self):
		"""Address fields given with the party (they are no fields of it) become its first Address."""
		if not (self.flags.is_new_doc and self.get("address_line1")):
			return
		address = frappe.new_doc("Address", address_title=self.party_name)
		address.update({field: self.get(field) for field in ADDRESS_FIELDS})
		address.update({"is_primary_address": 1, "is_shipping_address": 1})
		address.append("links", {"link_doctype": self.doctype, "link_name": self.name})
		address.insert(ignore_permissions=self.flags.ignore_permissions)
		prefix = frappe.scrub(self.doctype)
		display = get_address_display(address.name)
		self.db_set({f"{prefix}_primary_address": address.name, "primary_address": display})


def next_free_name(doctype: str, wanted: str) -> str:
	"""`wanted`, or `wanted - 1`, `wanted - 2`, … when that is taken."""
	if not frappe.db.exists(doctype, wanted):
		return wanted
	taken = frappe.get_all(doctype, {"name": ["like", f"{wanted} - %"]}, pluck="name")
	numbers = [cint(name.rsplit(" - ", 1)[1]) for name in taken]
	return f"{wanted} - {max(numbers, default=0) + 1}"


def split_name(full_name: str) -> tuple[str, str | None, str | None]:
	"""First, middle and last name."""
	first, *rest = full_name.split()
	return first, " ".join(rest[:-1]) or None, rest[-1] if rest else None
