"""Messages on their way to a Lead. The request stores them, a job records them: ERPNext asks another host for
a new Lead's picture, and neither a visitor nor an open request shall wait for that.

The words are in the database only: RQ gets a document's name, the Error Log places in the code. A message
leaves in the transaction that puts it on its Lead; if its worker dies, the hourly job takes it up again.
"""

import json
import traceback
from dataclasses import asdict

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

from medgrid.contact import leads
from medgrid.contact.message import ContactMessage
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

DOCTYPE = "Contact Message"
# Longer than any job waits or runs.
OVERDUE_MINUTES = 15
# Then it is tried once a day, and the Workspace shows it: an administrator has to see why.
HOURLY_TRIES = 24


def put(message: ContactMessage) -> str:
	"""Stores a message and, after the commit, queues its job.

	:returns: its name, for `deliver`.
	"""
	document = frappe.get_doc({"doctype": DOCTYPE, "words": json.dumps(asdict(message))})
	document.insert(ignore_permissions=True)  # a visitor may write here through the form only
	frappe.db.after_commit.add(lambda: _enqueue(document.name))
	return document.name


def deliver(name: str) -> None:
	"""Puts a message on its Lead, once, whoever else tries. A failure leaves it for the hourly job."""
	fault = None
	try:
		words = frappe.db.get_value(DOCTYPE, name, "words")
		if not words:
			return
		leads.record(ContactMessage(**json.loads(words)), lambda: _take(name))
	except Exception as failure:
		fault = failure
	# Outside the except block, or Frappe would log the visitor's words with the frames' variables.
	if fault:
		frappe.db.rollback()
		places = where(fault)
		in_transaction(lambda: _note(name, places))
	if isinstance(fault, JobTimeoutException):
		# It comes once: swallowed, nothing would bound what follows.
		raise JobTimeoutException("A contact message took too long")


def deliver_overdue() -> None:
	"""The scheduler's hourly job: messages whose job failed, died, or was never queued. None is given up."""
	filters = {"creation": ("<", frappe.utils.add_to_date(None, minutes=-OVERDUE_MINUTES))}
	a_day_ago = frappe.utils.add_to_date(None, days=-1)
	due = {"failures": ("<", HOURLY_TRIES), "modified": ("<", a_day_ago)}
	for name in frappe.get_all(DOCTYPE, filters, or_filters=due, order_by="creation", pluck="name"):
		_enqueue(name)


def _take(name: str) -> bool:
	"""Takes a message out, in the caller's transaction. False: another job did."""
	if not frappe.db.get_value(DOCTYPE, name, "name", for_update=True):
		return False
	frappe.db.delete(DOCTYPE, {"name": name})
	settle_issue(_subject(name))
	return True


def _note(name: str, places: str) -> None:
	row = locked_row(DOCTYPE, name, ["failures"])
	if not row:
		return
	frappe.db.set_value(DOCTYPE, name, {"failures": (row.failures or 0) + 1, "fault": places[-1000:]})
	open_issue(
		_subject(name),
		title=_("A message of the contact form did not become a Lead"),
		detail=places,
		who_acts=ADMINISTRATOR,
		what_to_do=_("It is tried again every hour. If it goes on failing, see the Contact Message."),
	)
	frappe.clear_messages()


def _subject(name: str) -> Subject:
	return Subject("contact", "deliver", reference=(DOCTYPE, name))


def where(fault: Exception) -> str:
	"""An exception's type and places, without its message and variables: they hold the visitor's words."""
	frames = traceback.extract_tb(fault.__traceback__)
	places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
	return "\n".join([*places, type(fault).__name__])


def _enqueue(name: str) -> None:
	"""Where the queue does not take it, the hourly job finds the message."""
	enqueue(deliver, queue=SHORT, job_id=f"medgrid-contact-{name}", name=name)
