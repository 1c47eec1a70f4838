"""RPC: the website's contact form. Contract: "Public Endpoints".

The response reveals nothing: whatever the message, and whether or not MedGrid knows the address or the
honeypot is filled in, the request does the same: it inserts one row and queues one job. The job does the
rest.
"""

from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from medgrid.api.endpoint import endpoint
from medgrid.contact import inbox
from medgrid.contact.fields import MAX_BODY_BYTES, Email, Message, Name, OptionalLine, Phone
from medgrid.contact.message import ContactMessage
from medgrid.core import rate_limits
from medgrid.core.faults.places import places
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import InvalidInput
from medgrid.services.callers import caller

PER_ADDRESS = Limit("contact form, one address", times=20, seconds=3600)
PER_EMAIL = Limit("contact form, one e-mail address", times=20, seconds=3600)
OVERALL = Limit("contact form", times=500, seconds=3600)


@endpoint("POST", allow_guest=True)
def submit_contact_form(
	name: Name,
	email: Email,
	message: Message,
	phone: Phone = "",
	company: OptionalLine = "",
	subject: OptionalLine = "",
	website: Any = None,
) -> dict | Response:
	"""Accepts a visitor's message. It becomes a comment on the Lead of the e-mail address; a new address gets
	a new Lead.

	:param message: limited by the body's 10,000 bytes only.
	:param website: the honeypot, a field that people do not see. If it is filled in, nothing of the message
		is stored.
	:returns: `ok` (True) and `message`, the same for every message.
	:raises InvalidInput: a field is missing or not acceptable, or the body is too large (400).
	:raises TooManyRequests: more than 20 messages an hour from one network address or for one e-mail
		address, or 500 in all (429).
	"""
	_check_size()
	rate_limits.take((PER_ADDRESS, caller()))
	if not website:
		rate_limits.take((PER_EMAIL, email), (OVERALL, "everybody"))
	words = ContactMessage(name, email, phone, company, subject, message)
	if fault := _store(None if website else words):
		return _own_fault(fault)
	return {"ok": True, "message": _("Thank you for your message. We will get back to you.")}


def _store(message: ContactMessage | None) -> Exception | None:
	"""Stores a message and queues its job.

	:param message: None: store an empty one.
	:returns: the exception if storing failed; its message and variables hold the visitor's words.
	"""
	try:
		# Committed now, so that a worker can begin and no later failure rolls the message back.
		in_transaction(lambda: inbox.put(message))
	except Exception as fault:
		return fault
	return None


def _check_size() -> None:
	sent = len(frappe.request.get_data()) + len(frappe.request.query_string)
	if sent > MAX_BODY_BYTES:
		raise InvalidInput(_("The request is too large: at most {0} bytes.").format(MAX_BODY_BYTES))


def _own_fault(fault: Exception) -> Response:
	"""Returns a 500 whose body the envelope fills. If the fault were raised, Frappe would log the visitor's
	words with it."""
	frappe.db.rollback()
	frappe.clear_messages()
	frappe.log_error("Contact form", places(fault))
	return Response("{}", status=500, mimetype="application/json")
