"""Records messages as comments on Leads. An e-mail address has one Lead, which may also come from Desk; a
mailbox that writes under several addresses (`ada+1@…`, `ada+2@…`) gets one a day."""

from collections.abc import Callable

import frappe
from frappe import _

from medgrid.contact.contact_names import free_names
from medgrid.contact.message import ContactMessage, sender_of
from medgrid.core.redis_keys import redis_key
from medgrid.core.transactions import in_transaction
from medgrid.core.waiting import request_time
from medgrid.core.waiting.locks import redis_lock
from medgrid.exceptions import Busy

# Longer than a job holds the lock; the lock of a dead worker expires after this time.
LOCK_SECONDS = 150
WAIT_SECONDS = 20
ATTEMPTS = 20


def record(message: ContactMessage, take: Callable[[], bool] = lambda: True) -> None:
	"""Adds a message to the Lead of its address and creates the Lead if there is none. Commits.

	:param take: is called first in the transaction; it returns False if the message is recorded already.
	:raises Busy: too many messages of this address are being recorded right now.
	"""
	key = redis_key("lead", frappe.conf.db_name, hashed=message.sender)
	lock = redis_lock(
		frappe.cache,
		key,
		seconds=LOCK_SECONDS,
		wait_seconds=WAIT_SECONDS,
		patience=request_time.patience(),
	)
	with lock as acquired:
		if not acquired:
			raise Busy(_("Too many messages of one address are being recorded."))
		_record(message, take)


def _record(message: ContactMessage, take: Callable[[], bool]) -> None:
	for attempt in range(ATTEMPTS):
		try:
			return in_transaction(lambda: _write(message, take))
		except frappe.DuplicateEntryError:
			# Desk or an import created the same Lead at this moment, or two visitors of the same name their
			# Contacts.
			frappe.clear_messages()
			if attempt == ATTEMPTS - 1:
				raise


def _write(message: ContactMessage, take: Callable[[], bool]) -> None:
	if take():
		_add_comment(_find(message.email) or _made_today(message) or _make(message), message)


def _find(email: str) -> str | None:
	"""The oldest Lead of an address; the database ignores upper and lower case."""
	names = frappe.get_all("Lead", filters={"email_id": email}, order_by="creation", limit=1, pluck="name")
	return names[0] if names else None


def _made_today(message: ContactMessage) -> str | None:
	"""The oldest Lead of the last day that is of the same mailbox under another of its addresses."""
	local, _at, domain = message.sender.rpartition("@")
	rows = frappe.get_all(
		"Lead",
		filters={"creation": (">", frappe.utils.add_to_date(None, days=-1))},
		# The address may have wildcards of its own, so this finds too many.
		or_filters=[["email_id", "=", message.sender], ["email_id", "like", f"{local}+%@{domain}"]],
		fields=["name", "email_id"],
		order_by="creation",
	)
	return next((row.name for row in rows if sender_of(row.email_id) == message.sender), None)


def _make(message: ContactMessage) -> str:
	lead = frappe.get_doc({"doctype": "Lead", **message.as_lead()})
	# Not None: with None, the field's default would make Guest the owner.
	lead.lead_owner = ""
	# A visitor cannot fill in fields that a site makes mandatory for its own staff.
	lead.flags.ignore_mandatory = True
	with free_names():
		lead.insert(ignore_permissions=True)  # visitors have no permissions on Leads; the form creates them
	return lead.name


def _add_comment(lead: str, message: ContactMessage) -> None:
	comment = {
		"doctype": "Comment",
		"comment_type": "Comment",
		"comment_by": _("Contact form"),
		"reference_doctype": "Lead",
		"reference_name": lead,
		"content": message.as_html(),
	}
	frappe.get_doc(comment).insert(ignore_permissions=True)  # as above; it contains the visitor's words only
