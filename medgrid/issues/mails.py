"""Mails about Integration Issues: who is told is marked on the issue, and a job puts the mails into Frappe's
Email Queue.

Each audience gets one mail for each issue. What comes together, or within PAUSE of the last mail, is in one
mail; what is settled meanwhile is in none. If the same trouble is settled and comes back, it is mailed again
no sooner than AGAIN after the last time. Marking an issue as mailed and queueing its mails is one
transaction.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import get_url_to_form
from frappe.utils.user import get_system_managers

from medgrid.core.clock import from_stored_utc, stored_utc, stored_utc_now, utc_now
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue_after_commit
from medgrid.core.text import one_line
from medgrid.core.transactions import in_transaction
from medgrid.issues.list_unsubscribe import unsubscribing_at
from medgrid.services.languages import in_language_of

DOCTYPE, SETTINGS = "Integration Issue", "Medgrid Settings"
TEMPLATE = "medgrid_issues"
PAUSE, AGAIN = timedelta(minutes=10), timedelta(hours=6)
# The maximum number of issues in one mail; the next mail has the others.
MOST = 50
MAX_SUBJECT = 140
FIELDS = (
	"name",
	"title",
	"detail",
	"what_to_do",
	"integration",
	"issue_type",
	"related_to",
	"reference_doctype",
	"reference_name",
)


@dataclass(frozen=True)
class Audience:
	"""Whom mails go to.

	:param asked: the issue's field that says that they are told about it.
	:param mailed: the issue's field with the time of the mail.
	:param supplier: only issues of this Supplier; None: of all.
	:param types: only issues of these types (`Subject.issue_type`), which have mails of their own; empty: of
		all.
	"""

	asked: str
	mailed: str
	supplier: str | None = None
	types: tuple[str, ...] = ()


@dataclass(frozen=True)
class MailRecipient:
	""":param user: in whose language the mail is; None: the site's."""

	address: str
	user: str | None = None


@dataclass(frozen=True)
class MailEntry:
	"""What a mail says about one issue, in its reader's language.

	:param link: where the reader acts on it.
	"""

	title: str
	detail: str
	what_to_do: str
	link: str


@dataclass(frozen=True)
class Mail:
	"""What a mail says, in its reader's language.

	:param footer: why the reader gets it.
	:param unsubscribe: the address at which the reader turns such mails off; empty: there is none.
	"""

	subject: str
	intro: str
	entries: list[MailEntry]
	footer: str
	unsubscribe: str = ""


Compose = Callable[[MailRecipient, list[Any]], Mail]
ADMINISTRATORS = Audience("mail_administrators", "mailed_at")


def ask_for(issue: str, audience: Audience) -> bool:
	"""Marks an issue as one that an audience is told about. The caller commits.

	:param issue: its name.
	:returns: whether it was not marked yet; then the caller queues the audience's job.
	"""
	if frappe.db.get_value(DOCTYPE, issue, audience.asked):
		return False
	frappe.db.set_value(DOCTYPE, issue, audience.asked, 1)
	return True


def tell_administrators(issue: str) -> None:
	"""Mails administrators about an issue, at once. The caller commits."""
	if ask_for(issue, ADMINISTRATORS):
		enqueue_after_commit(send_to_administrators, queue=SHORT, job_id=f"medgrid-{ADMINISTRATORS.asked}")


@job
def send_to_administrators() -> None:
	"""Mails administrators about the issues that they do not know yet. It runs when an issue is opened, and
	at every tick of the scheduler. Commits."""
	deliver(ADMINISTRATORS, administrators, _to_administrator)


def deliver(audience: Audience, recipients: Callable[[], list[MailRecipient]], compose: Compose) -> None:
	"""Queues the mails about the issues that an audience does not know yet. Commits.

	:param compose: makes the mail to one recipient about some issues; texts are in the recipient's language.
	"""
	in_transaction(partial(_deliver, audience, recipients, compose))


def administrators() -> list[MailRecipient]:
	"""The people of Medgrid Settings; if nobody is entered there, the enabled System Managers."""
	addresses = addresses_in(frappe.db.get_single_value(SETTINGS, "mail_trouble_to"))
	if addresses:
		users = frappe.get_all("User", {"email": ("in", addresses), "enabled": 1}, ["name", "email"])
		by_address = {user.email.lower(): user.name for user in users}
		return [MailRecipient(address, by_address.get(address.lower())) for address in addresses]
	return of_users(get_system_managers(only_name=True))


def of_users(users: Iterable[str]) -> list[MailRecipient]:
	"""The enabled ones of some users who have an address, in their order."""
	found = []
	for user in dict.fromkeys(users):
		row = frappe.db.get_value("User", user, ["email", "enabled"], as_dict=True)
		if row and row.enabled and row.email:
			found.append(MailRecipient(row.email, user))
	return found


def addresses_in(text: str | None) -> list[str]:
	"""The addresses in a field that has one in each line, or commas between them."""
	return list(dict.fromkeys((text or "").replace(",", " ").replace(";", " ").split()))


def _deliver(audience: Audience, recipients: Callable[[], list[MailRecipient]], compose: Compose) -> None:
	issues = _due(audience)
	if not issues:
		return
	names = ("in", [issue.name for issue in issues])
	problem = _("No mail was sent: no recipient has an e-mail address.")
	is_queued = False
	for recipient in recipients():
		with in_language_of(recipient.user):
			refusal = _queue(recipient, compose(recipient, issues))
		is_queued = is_queued or not refusal
		problem = refusal or problem
	values: dict[str, Any] = {"mail_problem": problem}
	if is_queued:
		values = {"mail_problem": None, audience.mailed: stored_utc_now()}
	frappe.db.set_value(DOCTYPE, {"name": names}, values, update_modified=False)


def _due(audience: Audience) -> list[Any]:
	"""Locks and reads the issues that an audience is told about now, oldest first."""
	issue = frappe.qb.DocType(DOCTYPE)
	is_theirs = issue[audience.asked] == 1
	if audience.supplier:
		is_theirs &= issue.supplier == audience.supplier
	if audience.types:
		is_theirs &= issue.issue_type.isin(audience.types)
	is_new = issue[audience.mailed].isnull() & issue.settled_at.isnull()
	query = frappe.qb.from_(issue).select(*FIELDS).orderby(issue.creation)
	rows = query.where(is_theirs & is_new).run(as_dict=True)
	if not rows or _was_just_mailed(audience, issue, is_theirs):
		return []
	names = [row.name for row in rows if not _was_mailed_before(audience, row)][:MOST]
	if not names:
		return []
	# Another job may have mailed them since.
	return query.where(issue.name.isin(names) & is_new).for_update().run(as_dict=True)


def _was_just_mailed(audience: Audience, issue: Any, is_theirs: Any) -> bool:
	last = frappe.qb.from_(issue).select(Max(issue[audience.mailed])).where(is_theirs).run()[0][0]
	return bool(last) and utc_now() - from_stored_utc(last) < PAUSE


def _was_mailed_before(audience: Audience, row: Any) -> bool:
	"""Whether the same trouble was mailed a short time ago, and was settled meanwhile."""
	same = {
		"issue_type": row.issue_type,
		"related_to": row.related_to or ("is", "not set"),
		"reference_name": row.reference_name or ("is", "not set"),
		audience.mailed: (">", stored_utc(utc_now() - AGAIN)),
	}
	return bool(frappe.db.exists(DOCTYPE, same))


def _queue(recipient: MailRecipient, mail: Mail) -> str | None:
	"""Queues one mail.

	:returns: the sentence why not; None: it is queued.
	"""
	about = {"reference_doctype": "User", "reference_name": recipient.user} if recipient.user else {}
	try:
		with unsubscribing_at(mail.unsubscribe):
			frappe.sendmail(
				recipients=[recipient.address],
				subject=one_line(mail.subject, MAX_SUBJECT),
				template=TEMPLATE,
				args={"mail": mail},
				**about,
			)
	except frappe.OutgoingEmailError:
		frappe.clear_messages()
		return _("No mail was sent: set up an Email Account for outgoing mail.")
	except frappe.ValidationError:
		frappe.clear_messages()
		return _("No mail was sent to {0}: the address is not valid.").format(recipient.address)
	return None


def _to_administrator(recipient: MailRecipient, issues: list[Any]) -> Mail:
	is_one = len(issues) == 1
	what = issues[0].title if is_one else _("{0} new issues").format(len(issues))
	return Mail(
		subject=f"MedGrid: {what}",
		intro=_("This issue needs attention:") if is_one else _("These issues need attention:"),
		entries=[
			MailEntry(
				issue.title, issue.detail or "", issue.what_to_do or "", get_url_to_form(DOCTYPE, issue.name)
			)
			for issue in issues
		],
		footer=_(
			"Medgrid Settings say who gets these mails. There is one for each issue; MedGrid settles an issue"
			" by itself when the same operation succeeds."
		),
	)
