"""RPC: the website's contact form. Contract: "Public Endpoints".

Nobody learns from it who is known: the answer is given at the same moment, whatever becomes of the message. A
worker has mostly recorded it by then; where there is none, this process does when the answer is gone.
"""

import time
from typing import Any

import frappe
from frappe import _
from werkzeug.wrappers import Response

from medgrid.api.endpoint import endpoint
from medgrid.contact import inbox
from medgrid.contact.fields import MAX_BODY_BYTES, Email, Message, Name, OptionalLine, Phone
from medgrid.contact.message import ContactMessage
from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import InvalidInput

PER_ADDRESS = Limit("contact form, one address", times=20, seconds=3600)
PER_EMAIL = Limit("contact form, one e-mail address", times=20, seconds=3600)
OVERALL = Limit("contact form", times=500, seconds=3600)
# From the request's beginning to the answer.
ANSWER_SECONDS = 1.0


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
	"""Takes a visitor's message: a Lead for a new address, a comment on its Lead for a known one.

	:param message: as much as fits into a body of 10,000 bytes.
	:param website: the honeypot: people do not see it. Where a program fills it in, nothing is stored.
	:returns: `ok` (True) and `message`, always the same.
	:raises InvalidInput: a field is missing or not acceptable, or the body is too large (400).
	:raises TooManyRequests: more than 20 messages an hour from one network address or for one e-mail
		address, or 500 in all (429).
	"""
	started = time.monotonic()
	_check_size()
	rate_limits.take((PER_ADDRESS, rate_limits.caller()))
	if not website:
		rate_limits.take((PER_EMAIL, email), (OVERALL, "everybody"))
		fault = _store(ContactMessage(name, email, phone, company, subject, message))
		if fault:
			return _own_fault(fault)
	time.sleep(max(0, started + ANSWER_SECONDS - time.monotonic()))
	return {"ok": True, "message": _("Thank you for your message. We will get back to you.")}


def _store(message: ContactMessage) -> Exception | None:
	"""
	:returns: what went wrong, whose message and variables hold the visitor's words.
	"""
	try:
		# Committed now, so that a worker can begin, and nothing that happens later takes the words back.
		name = in_transaction(lambda: inbox.put(message))
	except Exception as fault:
		return fault
	frappe.request.after_response.add(lambda: inbox.deliver(name))
	return None


def _check_size() -> None:
	sent = len(frappe.request.get_data()) + len(frappe.request.query_string)
	if sent > MAX_BODY_BYTES:
		raise InvalidInput(_("The request is too large: at most {0} bytes.").format(MAX_BODY_BYTES))


def _own_fault(fault: Exception) -> Response:
	"""A 500, whose body the envelope fills. Raised, Frappe would log it with the visitor's words."""
	frappe.db.rollback()
	frappe.clear_messages()
	frappe.log_error("Contact form", inbox.where(fault))
	return Response("{}", status=500, mimetype="application/json")
