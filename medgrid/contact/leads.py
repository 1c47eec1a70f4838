"""One Lead for each e-mail address, whoever made it; each message is a comment on it."""

from collections.abc import Callable

import frappe
from frappe import _

from medgrid.contact.message import ContactMessage
from medgrid.core.locks import redis_lock
from medgrid.core.redis_keys import redis_key
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Busy

# Longer than a job runs here; a lock that outlives its worker is gone after this.
LOCK_SECONDS = 150
WAIT_SECONDS = 20
ATTEMPTS = 6


def record(message: ContactMessage, take: Callable[[], bool] = lambda: True) -> None:
	"""Puts a message on the Lead of its address, which is made if there is none. Commits.

	:param take: called first in the transaction; False: the message is recorded already.
	:raises Busy: too many messages of this address are being recorded right now.
	"""
	key = redis_key("lead", frappe.conf.db_name, hashed=message.email)
	with redis_lock(frappe.cache, key, seconds=LOCK_SECONDS, wait_seconds=WAIT_SECONDS) as acquired:
		if not acquired:
			raise Busy(_("Too many messages of one address are being recorded."))
		_record(message, take)


def _record(message: ContactMessage, take: Callable[[], bool]) -> None:
	for attempt in range(ATTEMPTS):
		try:
			return in_transaction(lambda: _write(message, take))
		except frappe.DuplicateEntryError:
			# Desk or an import made the Lead in this moment, or visitors of one name their Contacts.
			frappe.clear_messages()
			if attempt == ATTEMPTS - 1:
				raise


def _write(message: ContactMessage, take: Callable[[], bool]) -> None:
	if take():
		_add_comment(_find(message.email) or _make(message), message)


def _find(email: str) -> str | None:
	"""The oldest Lead of an address; the database compares it without regard to upper and lower case."""
	names = frappe.get_all("Lead", filters={"email_id": email}, order_by="creation", limit=1, pluck="name")
	return names[0] if names else None


def _make(message: ContactMessage) -> str:
	lead = frappe.get_doc({"doctype": "Lead", **message.as_lead()})
	# Not None, or the default would make Guest its owner.
	lead.lead_owner = ""
	# Fields that a site makes mandatory for its own people are nothing that a visitor could know.
	lead.flags.ignore_mandatory = True
	lead.insert(ignore_permissions=True)  # a visitor has no rights on Leads; the form is there to make one
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
	frappe.get_doc(comment).insert(ignore_permissions=True)  # as above; it holds the visitor's words only
