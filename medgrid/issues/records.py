"""Integration Issue: opened when something fails, settled when the same thing works again.

Design: "Integration Issue". One open issue is about one thing; while it goes on failing, its `attempts`
count.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

import frappe

from medgrid.core.clock import stored_utc_now
from medgrid.issues.notifications import notify_administrators

DOCTYPE = "Integration Issue"
VENDOR, WHOLESALER, ADMINISTRATOR, NOBODY = "Vendor", "Wholesaler", "Administrator", "Nobody"
# The lengths of Data and, by choice, of what people read.
MAX_DATA, MAX_TEXT = 140, 1000


@dataclass(frozen=True)
class Subject:
	"""What an issue is about.

	:param integration: e.g. "shipstation".
	:param action: what fails, e.g. "sync".
	:param related_to: which of several, where there is no document for it, e.g. an order's number.
	:param reference: DocType and name of the document that it is about.
	"""

	integration: str
	action: str
	related_to: str = ""
	reference: tuple[str, str] | None = None

	@property
	def issue_type(self) -> str:
		return f"{self.integration}/{self.action}"

	@property
	def key(self) -> str:
		parts = (self.issue_type, self.related_to, *(self.reference or ()))
		return sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Issue:
	"""An open issue.

	:param is_new: it was opened just now; else the same failed before.
	:param notified_at: when whoever acts was notified, UTC as stored.
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
) -> Issue:
	"""Records that something fails; administrators are notified of a new issue that is theirs. The caller
	commits.

	:param title: one line, without particulars.
	:param detail: why it failed, in words for people; no secret.
	:param who_acts: VENDOR, WHOLESALER, ADMINISTRATOR or NOBODY.
	:param status: the HTTP status that a caller would get.
	:param notify: False: whoever is concerned sees it anyway.
	"""
	name, now, user = str(uuid4()), stored_utc_now(), frappe.session.user
	reference = subject.reference or (None, None)
	seen = {
		"title": title[:MAX_DATA],
		"detail": detail[:MAX_TEXT],
		"what_to_do": what_to_do[:MAX_TEXT],
		"who_acts": who_acts,
		"status": status,
		"occurred_at": now,
		"modified": frappe.utils.now(),
	}
	row = {
		"name": name,
		"creation": frappe.utils.now(),
		"owner": user,
		"modified_by": user,
		"integration": subject.integration,
		"issue_type": subject.issue_type,
		"related_to": subject.related_to[:MAX_DATA],
		"reference_doctype": reference[0],
		"reference_name": reference[1],
		"open_key": subject.key,
		"attempts": 1,
		**seen,
	}
	# In one statement: of two that find the same failure at once, one opens the issue and the other counts.
	issue = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.into(issue).columns(*row).insert(*row.values())
	for field, value in seen.items():
		query = query.on_duplicate_key_update(issue[field], value)
	query.on_duplicate_key_update(issue.attempts, issue.attempts + 1).run()
	stored = frappe.db.get_value(DOCTYPE, {"open_key": subject.key}, ["name", "notified_at"], as_dict=True)
	if notify and who_acts == ADMINISTRATOR and not stored.notified_at:
		notify_administrators(title, detail, what_to_do, (DOCTYPE, stored.name))
		note_notified(stored.name)
	return Issue(stored.name, stored.name == name, stored.notified_at)


def note_notified(name: str, *, notified: bool = True) -> None:
	"""Records that whoever acts was notified of an issue, or that they were not after all. The caller
	commits."""
	frappe.db.set_value(DOCTYPE, name, "notified_at", stored_utc_now() if notified else None)


def settle_issue(subject: Subject) -> bool:
	"""Records that the same thing works again, if it failed before. The caller commits.

	:returns: whether there was an open issue.
	"""
	# Looked for first: writing where there is no row would lock the gap, where another's issue is being
	# opened.
	name = frappe.db.get_value(DOCTYPE, {"open_key": subject.key})
	if name:
		frappe.db.set_value(DOCTYPE, name, {"settled_at": stored_utc_now(), "open_key": None})
	return bool(name)


def open_issue_of(subject: Subject) -> str | None:
	"""The name of the open issue about something; None if there is none."""
	return frappe.db.get_value(DOCTYPE, {"open_key": subject.key})
