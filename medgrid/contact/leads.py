"""One Lead for each e-mail address, whoever made it; each message is a comment on it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256

import frappe
from frappe import _
from redis.exceptions import LockError
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random

from medgrid.contact.message import ContactMessage

# Longer than a job runs here; a lock that outlives its worker is gone after this.
LOCK_SECONDS = 150
WAIT_SECONDS = 20
ATTEMPTS = 6


class Busy(Exception):
	"""Too many messages of one address are being recorded right now."""


def record(message: ContactMessage, take: Callable[[], bool] = lambda: True) -> None:
	"""Puts a message on the Lead of its address, which is made if there is none. Commits.

	:param take: called first in the transaction; False: the message is recorded already.
	:raises Busy: too many messages of this address are being recorded right now.
	"""
	# Desk or an import makes the Lead in this moment, or visitors of one name their Contacts.
	retrying = Retrying(
		retry=retry_if_exception_type((frappe.DuplicateEntryError, frappe.QueryDeadlockError)),
		stop=stop_after_attempt(ATTEMPTS),
		wait=wait_random(0, 0.2),
		reraise=True,
	)
	with _alone(message.email):
		retrying(_write, message, take)


def _write(message: ContactMessage, take: Callable[[], bool]) -> None:
	# A fresh view: who held the lock before, or was in the way, has made something since.
	frappe.db.rollback()
	if take():
		_add_comment(_find(message.email) or _make(message), message)
	# Before the lock goes: else the next one would not see the Lead.
	frappe.db.commit()


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


@contextmanager
def _alone(email: str) -> Iterator[None]:
	"""One message of an address at a time, on all machines: two at once make one Lead."""
	name = f"medgrid:lead:{frappe.conf.db_name}:{sha256(email.encode()).hexdigest()[:32]}"
	lock = frappe.cache.lock(name, timeout=LOCK_SECONDS, blocking_timeout=WAIT_SECONDS)
	if not lock.acquire():
		raise Busy
	try:
		yield
	finally:
		# It may have run out: the next one has it already.
		with suppress(LockError):
			lock.release()
