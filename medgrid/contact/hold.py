"""Messages above the site's limit are stored, and become Leads only when an administrator releases them.

While there are such messages, one Integration Issue is open. It records who released how many.
"""

from html import escape

import frappe
from frappe import _

from medgrid.contact import queue
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.transactions import in_transaction
from medgrid.issues.records import (
	ADMINISTRATOR,
	Subject,
	open_issue,
	open_issue_of,
	settle_issue,
)
from medgrid.issues.records import DOCTYPE as ISSUE

SUBJECT = Subject("contact", "hold")


def report_after_commit() -> None:
	"""Queues `report`. The hourly job calls it, too, if the queue takes no job now."""
	enqueue_after_commit(report, queue=SHORT, job_id="medgrid-contact-held")


@job
def report() -> None:
	"""Opens the issue that messages are held, or settles it. Commits."""
	in_transaction(_report)


def note_release(count: int) -> None:
	"""Notes on the issue who releases how many messages. The caller commits."""
	name = open_issue_of(SUBJECT) or _open(queue.count(held=True))
	user = frappe.session.user
	comment = {
		"doctype": "Comment",
		"comment_type": "Info",
		"comment_email": user,
		"comment_by": user,
		"reference_doctype": ISSUE,
		"reference_name": name,
		"content": _("{0} released {1} messages.").format(escape(user), count),
	}
	frappe.get_doc(comment).insert(ignore_permissions=True)  # a record that no role may write by hand


def _report() -> None:
	if held := queue.count(held=True):
		_open(held)
	else:
		settle_issue(SUBJECT)


def _open(held: int) -> str:
	issue = open_issue(
		SUBJECT,
		title=_("Messages of the contact form are held"),
		detail=_(
			"More messages came within an hour than MedGrid makes Leads of. {0} of them are held: they are "
			"stored, and no Lead has them."
		).format(held),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"In the list of Contact Messages, filter by Held. Release what people wrote, and delete the rest."
		),
	)
	return issue.name
