"""Integration Issue: opened when an action fails, settled when the same action succeeds again.

There is one open issue for each subject; every further failure raises its
`attempts`.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import uuid4

import frappe
from frappe import _

from medgrid.core.bulk import stamps_of_insert
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.issues.mails import tell_administrators
from medgrid.issues.notifications import notify_administrators

DOCTYPE = "Integration Issue"
VENDOR, WHOLESALER, ADMINISTRATOR, NOBODY = "Vendor", "Wholesaler", "Administrator", "Nobody"
# The length of a Data field, and the maximum length chosen for sentences.
MAX_DATA, MAX_TEXT = 140, 1000


@dataclass(frozen=True)
class Subject:
	"""What an issue is about.

	:param integration: e.g. "shipstation".
	:param action: what fails, e.g. "sync"; in the second contract's API an operation, e.g. "app/install".
	:param related_to: what the issue is about if there is no document for it, e.g. an order's number.
	:param reference: DocType and name of the document that the issue is about.
	:param version: the version of the second contract's operation; empty for everything else.
	"""

	integration: str
	action: str
	related_to: str = ""
	reference: tuple[str, str] | None = None
	version: str = ""

	@property
	def issue_type(self) -> str:
		return self.action if self.version else f"{self.integration}/{self.action}"

	@property
	def key(self) -> str:
		parts = (self.issue_type, self.related_to, *(self.reference or ()))
		return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Issue:
	"""An open issue.

	:param is_new: whether it was opened just now; False if it was open already.
	:param notified_at: when the party in `who_acts` was notified, naive UTC.
	"""

	name: str
	is_new: bool
	notified_at: datetime | None


def open_issue(
	subject: Subject,
	*,
	title: str,
	detail: str,
	who_acts: str,
	what_to_do: str = "",
	status: int = 417,
	notify: bool = True,
	supplier: str | None = None,
) -> Issue:
	"""Records a failure: opens an issue, or counts one more attempt of the open one. Notifies administrators
	once of an issue on which they must act, in Desk and by mail. The caller commits.

	:param title: one line, the same for all failures of this kind.
	:param detail: why it failed, in sentences for people; no secret.
	:param who_acts: VENDOR, WHOLESALER, ADMINISTRATOR or NOBODY.
	:param what_to_do: what that party does, in sentences for people.
	:param status: the HTTP status that a caller would get.
	:param notify: False: send no notification, because the people concerned see the failure anyway.
	:param supplier: the vendor whom it concerns.
	"""
	name, now, stamps = str(uuid4()), stored_utc_now(), stamps_of_insert()
	reference = subject.reference or (None, None)
	seen = {
		"title": title[:MAX_DATA],
		"detail": detail[:MAX_TEXT],
		"what_to_do": what_to_do[:MAX_TEXT],
		"who_acts": who_acts,
		"status": status,
		"occurred_at": now,
	}
	row = {
		"name": name,
		**stamps,
		"integration": subject.integration,
		"issue_type": subject.issue_type,
		"version": subject.version or None,
		"related_to": subject.related_to[:MAX_DATA],
		"reference_doctype": reference[0],
		"reference_name": reference[1],
		"supplier": supplier,
		"open_key": subject.key,
		"attempts": 1,
		**seen,
	}
	# One statement: if two workers find the same failure at once, one opens the issue and the other one
	# counts an attempt.
	issue = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.into(issue).columns(*row).insert(*row.values())
	for field, value in {**seen, "modified": stamps["modified"]}.items():
		query = query.on_duplicate_key_update(issue[field], value)
	query.on_duplicate_key_update(issue.attempts, issue.attempts + 1).run()
	stored = frappe.db.get_value(DOCTYPE, {"open_key": subject.key}, ["name", "notified_at"], as_dict=True)
	if notify and who_acts == ADMINISTRATOR and not stored.notified_at:
		notify_administrators(title, detail, what_to_do, (DOCTYPE, stored.name))
		note_notified(stored.name)
		tell_administrators(stored.name)
	return Issue(stored.name, stored.name == name, stored.notified_at)


def note_notified(name: str, *, notified: bool = True) -> None:
	"""Records that the party in `who_acts` was notified of an issue, or takes that back. The caller commits.

	:param notified: False: the notification was not sent.
	"""
	frappe.db.set_value(DOCTYPE, name, "notified_at", stored_utc_now() if notified else None)


def settle_issue(subject: Subject) -> bool:
	"""Settles the open issue of a subject, because the action succeeded. The caller commits.

	:returns: whether there was an open issue.
	"""
	# Read first: an update that matches no row would lock the gap, and another worker that opens an issue
	# would wait for it.
	name = frappe.db.get_value(DOCTYPE, {"open_key": subject.key})
	if name:
		frappe.db.set_value(DOCTYPE, name, {"settled_at": stored_utc_now(), "open_key": None})
	return bool(name)


def settle_after_commit(subject: Subject) -> None:
	"""Settles the open issue of a subject once the caller's transaction is committed: for hooks, in whose
	transaction a person's document is saved. A rival's write would undo it, and nobody would repeat it."""
	frappe.db.after_commit.add(partial(in_transaction, partial(settle_issue, subject)))


def settle_by_person(name: str, user: str) -> None:
	"""Settles an open issue because a person says so, and writes on it who did. Commits.

	:param name: the issue's name.
	"""

	def work() -> None:
		row = locked_row(DOCTYPE, name, ["open_key"])
		if not row or not row.open_key:
			return
		frappe.db.set_value(DOCTYPE, name, {"settled_at": stored_utc_now(), "open_key": None})
		comment = {"comment_type": "Info", "content": _("Settled by {0}.").format(user)}
		about = {"reference_doctype": DOCTYPE, "reference_name": name}
		frappe.get_doc({"doctype": "Comment", **comment, **about, "comment_email": user}).insert(
			ignore_permissions=True
		)

	in_transaction(work)


def open_issue_of(subject: Subject) -> str | None:
	"""The name of the open issue about a subject; None if there is none."""
	return frappe.db.get_value(DOCTYPE, {"open_key": subject.key})
