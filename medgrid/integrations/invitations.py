"""Invites people to the portal: creates the vendor's user with the role, adds the user to the Supplier's
portal users, and sends the mail.

The same call invites a person again: it changes nothing that exists, and sends another mail if the person has
not signed in yet.
"""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url, now_datetime, validate_email_address

from medgrid.core.site_time import utc_text
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import InvalidInput, MedgridError, NotFound, RuleViolated
from medgrid.integrations.suppliers import suppliers_of, users_of
from medgrid.services.support import support_contact

ROLE = "Supplier"
PORTAL = "/portal"
# A second click sends no second mail, which would make the first one's link invalid.
MAIL_PAUSE = timedelta(seconds=60)
# One plain address. Frappe's own check takes several at once.
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
MAX_EMAIL = 140
STANDARD_USERS = ("Administrator", "Guest")


def invite(supplier: str, email: str, first_name: str | None = None) -> dict[str, Any]:
	"""Invites a person to the portal for a Supplier. Commits.

	:param email: the address with which the person signs in, and to which the mail goes.
	:param first_name: None: the mail and the portal show the address.
	:returns: `supplier`, `user`, `state` (`invited` or `accepted`), `mailed`, `warnings` (sentences).
	:raises InvalidInput: it is no e-mail address.
	:raises NotFound: there is no such Supplier.
	:raises RuleViolated: the Supplier or the user is disabled, the user belongs to another Supplier, or
		works in Desk.
	"""
	address = _address(email)
	in_transaction(lambda: _make_portal_user(supplier, address, first_name))
	mailed, warnings = in_transaction(lambda: _mail(supplier, address))
	return {
		"supplier": supplier,
		"user": address,
		"state": "accepted" if _has_signed_in(address) else "invited",
		"mailed": mailed,
		"warnings": [*warnings, *item_warnings(supplier)],
	}


def invite_all(suppliers: list[str]) -> list[dict[str, Any]]:
	"""Invites the main address of each of some Suppliers. Commits each.

	:returns: for each what `invite` returns; or `supplier` and `error`, a sentence.
	"""
	return [_invite_main_address(supplier) for supplier in dict.fromkeys(suppliers)]


def invitations_of(supplier: str) -> dict[str, Any]:
	"""Who has access to the portal for a Supplier.

	:returns: `users`, in their order, with `user`, `full_name`, `state` (`invited`, `accepted`, `disabled`),
		`invited_at` and `last_active` (UTC); and `warnings`, sentences.
	:raises NotFound: there is no such Supplier.
	"""
	if not frappe.db.exists("Supplier", supplier):
		raise NotFound(_("There is no Supplier {0}.").format(supplier))
	return {"users": [_described(user) for user in users_of(supplier)], "warnings": item_warnings(supplier)}


def item_warnings(supplier: str) -> list[str]:
	"""What keeps a Supplier's orders from coming to them, in sentences for the office."""
	if frappe.db.exists("Item Default", {"default_supplier": supplier, "parenttype": "Item"}):
		return []
	return [
		_(
			"No Item names {0} as default supplier, so no order goes to them. Enter the default supplier in"
			" the Items' table of defaults, for each company."
		).format(supplier)
	]


def _address(written: str) -> str:
	address = written.strip().lower()
	is_one = len(address) <= MAX_EMAIL and _EMAIL.fullmatch(address)
	if not is_one or validate_email_address(address) != address:
		raise InvalidInput(
			_("{0} is not an e-mail address. Enter one such as name@example.com.").format(written)
		)
	return address


def _invite_main_address(supplier: str) -> dict[str, Any]:
	try:
		row = frappe.db.get_value("Supplier", supplier, ["name", "email_id"], as_dict=True)
		if not row:
			raise NotFound(_("There is no Supplier {0}.").format(supplier))
		if not row.email_id:
			raise RuleViolated(
				_("{0} has no e-mail address. Open the Supplier and invite from there.").format(supplier)
			)
		return invite(supplier, row.email_id)
	except (MedgridError, frappe.ValidationError) as error:
		frappe.db.rollback()
		frappe.clear_messages()
		return {"supplier": supplier, "error": str(error)}


def _make_portal_user(supplier: str, address: str, first_name: str | None) -> None:
	# Two clicks at once make one row: the second one waits here.
	row = locked_row("Supplier", supplier, ["disabled"])
	if not row:
		raise NotFound(_("There is no Supplier {0}.").format(supplier))
	if row.disabled:
		raise RuleViolated(_("The Supplier {0} is disabled. Enable it first.").format(supplier))
	_check_user(supplier, address)
	if not frappe.db.exists("User", address):
		_make_user(address, first_name)
	elif ROLE not in frappe.get_roles(address):
		user = frappe.get_doc("User", address)
		user.append_roles(ROLE)
		# The endpoint has checked the caller's role.
		user.save(ignore_permissions=True)
	if address not in users_of(supplier):
		document = frappe.get_doc("Supplier", supplier)
		document.append("portal_users", {"user": address})
		document.flags.ignore_mandatory = True
		# The endpoint has checked the caller's role.
		document.save(ignore_permissions=True)


def _check_user(supplier: str, address: str) -> None:
	user = frappe.db.get_value("User", address, ["name", "enabled", "user_type"], as_dict=True)
	if not user:
		return
	if user.name in STANDARD_USERS or user.user_type == "System User":
		raise RuleViolated(
			_("{0} works in Desk and cannot be invited as a vendor. Use another address.").format(address)
		)
	if not user.enabled:
		raise RuleViolated(_("The user {0} is disabled. Enable the user first.").format(address))
	if others := [name for name in suppliers_of(address) if name != supplier]:
		raise RuleViolated(
			_(
				"{0} is a portal user of {1}, and a user belongs to one Supplier only. Use another address."
			).format(address, ", ".join(others))
		)


def _make_user(address: str, first_name: str | None) -> None:
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": address,
			"first_name": first_name or address,
			"user_type": "Website User",
			"send_welcome_email": 0,
			"roles": [{"role": ROLE}],
		}
	)
	# MedGrid sends its own.
	user.flags.no_welcome_mail = True
	# The endpoint has checked the caller's role.
	user.insert(ignore_permissions=True)


def _mail(supplier: str, address: str) -> tuple[bool, list[str]]:
	"""Sends the mail, unless one was just sent, or the person has signed in before.

	:returns: whether it was sent, and the sentence why not.
	"""
	row = locked_row("User", address, ["last_reset_password_key_generated_on"])
	sent_at = row.last_reset_password_key_generated_on
	if _has_signed_in(address):
		return False, [_("{0} has signed in before and needs no mail.").format(address)]
	if sent_at and now_datetime() - sent_at < MAIL_PAUSE:
		return False, [_("{0} was just sent a mail.").format(address)]
	user = frappe.get_doc("User", address)
	# Frappe leads there once the password is set.
	user.db_set("redirect_url", PORTAL)
	# Frappe 16 renamed it.
	make_link = getattr(user, "reset_password", None) or user._reset_password
	contact = support_contact()
	try:
		frappe.sendmail(
			recipients=[address],
			subject=_("Your access to MedGrid, the portal of {0}").format(contact.name or "MedGrid"),
			template="medgrid_invitation",
			args={
				"link": get_url(make_link()),
				"portal": get_url(PORTAL),
				"supplier": supplier,
				"company": contact.name or "MedGrid",
				"contact": contact,
				"user": address,
			},
			reference_doctype="Supplier",
			reference_name=supplier,
		)
	except frappe.OutgoingEmailError:
		frappe.clear_messages()
		user.db_set("last_reset_password_key_generated_on", None)
		return False, [_("No mail was sent: set up an Email Account for outgoing mail, then invite again.")]
	return True, []


def _has_signed_in(user: str) -> bool:
	return bool(frappe.db.get_value("User", user, "last_login"))


def _described(user: str) -> dict[str, Any]:
	fields = ["full_name", "enabled", "last_login", "last_active", "last_reset_password_key_generated_on"]
	row = frappe.db.get_value("User", user, fields, as_dict=True)
	if not row:
		return {"user": user, "full_name": user, "state": "disabled", "invited_at": None, "last_active": None}
	state = "accepted" if row.last_login else "invited"
	return {
		"user": user,
		# Frappe stores it escaped where people signed up by themselves.
		"full_name": unescape(row.full_name or user),
		"state": state if row.enabled else "disabled",
		"invited_at": utc_text(row.last_reset_password_key_generated_on),
		"last_active": utc_text(row.last_active or row.last_login),
	}
