"""Messages on their way to a Lead. The request stores them, a job records them: ERPNext asks another host for
a new Lead's picture, and neither a visitor nor an open request shall wait for that.

The words are in the database only: RQ gets a document's name, the Error Log places in the code. A message
leaves in the transaction that puts it on its Lead; if its worker dies, the hourly job takes it up again.
"""

import json
import traceback
from dataclasses import asdict

import frappe

from medgrid.contact import leads
from medgrid.contact.message import ContactMessage

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
	words = frappe.db.get_value(DOCTYPE, name, "words")
	if not words:
		return
	fault = None
	try:
		leads.record(ContactMessage(**json.loads(words)), lambda: _take(name))
	except Exception as failure:
		fault = failure
	# Outside the except block, or Frappe would log the visitor's words with the frames' variables.
	if fault:
		frappe.db.rollback()
		_note(name, fault)


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
	return True


def _note(name: str, fault: Exception) -> None:
	failures = frappe.db.get_value(DOCTYPE, name, "failures") or 0
	places = where(fault)
	frappe.db.set_value(DOCTYPE, name, {"failures": failures + 1, "fault": places[-1000:]})
	if not failures:
		frappe.log_error("Contact form", places)
	frappe.clear_messages()
	frappe.db.commit()


def where(fault: Exception) -> str:
	"""An exception's type and places, without its message and variables: they hold the visitor's words."""
	frames = traceback.extract_tb(fault.__traceback__)
	places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
	return "\n".join([*places, type(fault).__name__])


def _enqueue(name: str) -> None:
	"""What goes wrong here is logged: the message is stored, and the hourly job finds it."""
	try:
		frappe.enqueue(
			"medgrid.contact.inbox.deliver",
			queue="short",
			job_id=f"medgrid-contact-{name}",
			deduplicate=True,
			name=name,
		)
	except Exception:
		frappe.log_error("A contact message could not be queued")
