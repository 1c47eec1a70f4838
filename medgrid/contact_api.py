"""RPC: the website's contact form, and the release of messages that it holds. Contract: "Public Endpoints".

The response reveals nothing: whatever the message, and whether or not MedGrid knows the address or the
honeypot is filled in, the request does the same: it inserts one row and queues one job. The job does the
rest.
"""

from contextlib import suppress
from typing import Annotated, Any

import frappe
from frappe import _
from pydantic import BeforeValidator, Field
from redis.exceptions import RedisError

from medgrid.api.endpoint import endpoint
from medgrid.api.parameters import MAX_LIST_LENGTH, DocumentName, json_list
from medgrid.api.secrets import withheld
from medgrid.contact import inbox, queue
from medgrid.contact.fields import MAX_BODY_BYTES, Email, Message, Name, OptionalLine, Phone
from medgrid.contact.message import ContactMessage
from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit
from medgrid.exceptions import InvalidInput, TooManyRequests
from medgrid.services.callers import caller

PER_ADDRESS = Limit("contact form, one address", times=20, seconds=3600)
PER_EMAIL = Limit("contact form, one e-mail address", times=20, seconds=3600)
# What comes above these two is not refused, since that would close the form for everybody: messages are held,
# and what filled in the honeypot is dropped.
OVERALL = Limit("contact form", times=500, seconds=3600)
TRAPPED = Limit("contact form, honeypot", times=500, seconds=3600)

Names = Annotated[
	list[DocumentName], Field(min_length=1, max_length=MAX_LIST_LENGTH), BeforeValidator(json_list)
]


@endpoint("POST", allow_guest=True, private=True)
def submit_contact_form(
	name: Name,
	email: Email,
	message: Message,
	phone: Phone = "",
	company: OptionalLine = "",
	subject: OptionalLine = "",
	website: Any = None,
) -> dict:
	"""Accepts a visitor's message. It becomes a comment on the Lead of the e-mail address; a new address gets
	a new Lead. Above 500 messages an hour it is held, until a System Manager releases it.

	:param message: limited by the body's 10,000 bytes only.
	:param website: the honeypot, a field that people do not see. If it is filled in, nothing of the message
		is stored.
	:returns: `ok` (True) and `message`, the same for every message.
	:raises InvalidInput: a field is missing or not acceptable, or the body is too large (400).
	:raises TooManyRequests: more than 20 messages an hour from one network address or for one e-mail
		address (429).
	:raises Busy: 5,000 messages wait already; nothing is stored (503).
	"""
	_check_size()
	_count(PER_ADDRESS, caller())
	if website:
		if _is_within(TRAPPED):
			inbox.store(None)
	else:
		words = ContactMessage(name, email, phone, company, subject, message)
		_count(PER_EMAIL, words.sender)
		inbox.store(words, held=not _is_within(OVERALL))
	return {"ok": True, "message": _("Thank you for your message. We will get back to you.")}


@endpoint("POST", roles=("System Manager",))
def release_contact_messages(names: Names) -> dict[str, int]:
	"""Makes Leads of held messages. The Integration Issue about them notes who released how many.

	:param names: of Contact Messages; those that are not held are left out.
	:returns: `released`, the number of messages.
	:raises Busy: so many messages wait already that these have no room (503).
	"""
	return {"released": inbox.release(names)}


def _count(limit: Limit, who: str) -> None:
	"""Counts one message of a visitor. While Redis does not answer, nobody's are counted: a visitor's words
	are stored all the same, within the limit of the whole site.

	:raises TooManyRequests: the limit is used up.
	"""
	with suppress(RedisError):
		rate_limits.take((limit, who))


def _is_within(limit: Limit) -> bool:
	"""Counts one message of the whole site, if the limit is not used up. While Redis does not answer, those
	that the database has of this period count."""
	try:
		rate_limits.take((limit, "everybody"))
	except TooManyRequests:
		return False
	except RedisError:
		return queue.count_since(limit.seconds) < limit.times
	return True


def _check_size() -> None:
	sent = len(frappe.request.get_data()) + withheld.query_bytes()
	if sent > MAX_BODY_BYTES:
		raise InvalidInput(_("The request is too large: at most {0} bytes.").format(MAX_BODY_BYTES))
