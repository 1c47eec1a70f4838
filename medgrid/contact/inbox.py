"""Messages that are not on a Lead yet. The request stores a message and a job records it on a Lead: ERPNext
fetches a picture for each new Lead from another host, and no visitor should wait for that.

Only the database holds a visitor's words: RQ gets the document's name, and the Error Log gets places in the
code. The transaction that records a message on its Lead also deletes the Contact Message; if the worker dies,
the hourly job tries again.
"""

import json
from dataclasses import asdict
from functools import partial

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

from medgrid.contact import hold, leads, queue
from medgrid.contact.message import ContactMessage
from medgrid.contact.queue import DOCTYPE
from medgrid.core.faults.borders import job
from medgrid.core.faults.places import places
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue

# The stored form of a message that nobody is to read.
NOTHING = "{}"
# Longer than a job waits in the queue and runs.
OVERDUE_MINUTES = 15
# After so many failures MedGrid tries once a day and the Workspace shows the message: an administrator must
# find the cause.
HOURLY_TRIES = 24


def store(message: ContactMessage | None, *, held: bool = False) -> None:
	"""Stores a message and queues its job. Commits, so that a worker can begin and no later failure rolls the
	message back.

	:param message: None stands for one that is not to be read: its job deletes it.
	:param held: True: it has no job until an administrator releases it.
	:raises Busy: there is no room for it (503).
	"""
	with queue.place(held=held):
		in_transaction(lambda: put(message, held=held))


def put(message: ContactMessage | None, *, held: bool = False) -> str:
	"""As `store`; the caller commits.

	:param message: None stands for one that is not to be read: its job deletes it.
	:returns: its name, for `deliver`.
	"""
	queue.check_room(held=held)
	words = json.dumps(asdict(message)) if message else NOTHING
	document = frappe.get_doc({"doctype": DOCTYPE, "words": words, "held": int(held)})
	document.insert(ignore_permissions=True)  # a visitor may write here through the form only
	if held:
		hold.report_after_commit()
	else:
		frappe.db.after_commit.add(lambda: _enqueue(document.name))
	return document.name


def release(names: list[str]) -> int:
	"""Queues the jobs of held messages, and notes who did it. Commits.

	:param names: those that are not held, or are gone, are left out.
	:returns: how many were released.
	:raises Busy: so many messages wait already that these have no room (503).
	"""
	return in_transaction(lambda: _release(names))


@job
def deliver(name: str) -> None:
	"""Records a message on its Lead, once, even if several workers try. After a failure the hourly job tries
	again.

	:param name: the name of the Contact Message; one that is gone was recorded already, one that is held
		waits for its release.
	"""
	fault = None
	try:
		row = frappe.db.get_value(DOCTYPE, name, ["words", "held"], as_dict=True)
		if not row or row.held:
			return
		if row.words == NOTHING:
			in_transaction(lambda: _take(name))
			return
		leads.record(ContactMessage(**json.loads(row.words)), lambda: _take(name))
	except Exception as failure:
		fault = failure
	# Outside the except block; inside it, Frappe would log the frames' variables with the visitor's words.
	if fault:
		frappe.db.rollback()
		fault_places = places(fault)
		in_transaction(lambda: _note(name, fault_places))
	if isinstance(fault, JobTimeoutException):
		# RQ raises its time-out only once: if it were suppressed, the job could run without a limit.
		raise JobTimeoutException("A contact message took too long")


@job
def deliver_overdue() -> None:
	"""Queues the messages whose job failed, died or was never queued; no message is given up. Opens or
	settles the issue about held ones. The scheduler's hourly job."""
	overdue = frappe.utils.add_to_date(None, minutes=-OVERDUE_MINUTES)
	filters = {"creation": ("<", overdue), "held": 0}
	a_day_ago = frappe.utils.add_to_date(None, days=-1)
	due = {"failures": ("<", HOURLY_TRIES), "modified": ("<", a_day_ago)}
	for name in frappe.get_all(DOCTYPE, filters, or_filters=due, order_by="creation", pluck="name"):
		_enqueue(name)
	hold.report()


def _take(name: str) -> bool:
	"""Deletes a Contact Message, in the caller's transaction.

	:returns: False if another job has deleted it already.
	"""
	if not frappe.db.get_value(DOCTYPE, name, "name", for_update=True):
		return False
	frappe.db.delete(DOCTYPE, {"name": name})
	settle_issue(_subject(name))
	return True


def _release(names: list[str]) -> int:
	table = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(table)
		.select(table.name)
		.where(table.name.isin(names) & (table.held == 1))
		.for_update()
		.run(pluck=True)
	)
	if not rows:
		return 0
	queue.check_room(held=False, more=len(rows))
	hold.note_release(len(rows))
	frappe.db.set_value(DOCTYPE, {"name": ("in", rows)}, "held", 0)
	for name in rows:
		frappe.db.after_commit.add(partial(_enqueue, name))
	hold.report_after_commit()
	return len(rows)


def _note(name: str, fault_places: str) -> None:
	row = locked_row(DOCTYPE, name, ["failures"])
	if not row:
		return
	frappe.db.set_value(DOCTYPE, name, {"failures": (row.failures or 0) + 1, "fault": fault_places[-1000:]})
	open_issue(
		_subject(name),
		title=_("A message of the contact form did not become a Lead"),
		detail=fault_places,
		who_acts=ADMINISTRATOR,
		what_to_do=_("MedGrid tries again every hour. If it keeps failing, open the Contact Message."),
	)
	frappe.clear_messages()


def _subject(name: str) -> Subject:
	return Subject("contact", "deliver", reference=(DOCTYPE, name))


def _enqueue(name: str) -> None:
	"""Queues the job of a message. If the queue does not accept it, the hourly job finds the message."""
	enqueue(deliver, queue=SHORT, job_id=f"medgrid-contact-{name}", name=name)
