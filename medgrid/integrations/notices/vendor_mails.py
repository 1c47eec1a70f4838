"""Mails to the portal users of a Supplier: about the Supplier's connections, and about cancelled orders that
are not to be shipped. See `medgrid.issues.mails`.

Each user may turn them off, by the link in each mail or in the portal.
"""

from functools import partial
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_url

from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.suppliers import users_of
from medgrid.issues import mails
from medgrid.issues.mails import Audience, Mail, MailEntry, MailRecipient
from medgrid.services.failure_advice import advice_of
from medgrid.services.mail_choices import link_of, wants_mails
from medgrid.services.support import how_to_reach_us

CONNECTION, ISSUE, ORDER = "Vendor Connection", "Integration Issue", "ShipStation Order"
PAGE, ORDERS_PAGE = "/portal/integrations", "/portal/orders"
# What each kind of mail is about, as types of issues.
CONNECTIONS = tuple(f"{integration}/sync" for integration in REGISTRY)
DO_NOT_SHIP = ("shipstation/do_not_ship",)


def of_vendor(supplier: str | None = None, types: tuple[str, ...] = ()) -> Audience:
	"""The users of a Supplier as an audience; None: those of all Suppliers."""
	return Audience("mail_vendor", "vendor_mailed_at", supplier, types)


def tell_vendor(issue: str, supplier: str) -> None:
	"""Mails the users of a Supplier about an issue of one of its connections. The caller commits.

	:param issue: its name.
	"""
	if ask_for_mail(issue, supplier):
		frappe.db.after_commit.add(send_mails_soon)


def ask_for_mail(issue: str, supplier: str) -> bool:
	"""Marks an issue as one that the users of a Supplier are mailed about. The caller commits, and calls
	`send_mails_soon`; if it does not get so far, the scheduler's next tick sends the mail.

	:param issue: its name.
	:returns: whether it was not marked yet.
	"""
	return mails.ask_for(issue, of_vendor(supplier))


def send_mails_soon() -> None:
	"""Queues the job that mails vendors."""
	enqueue(send_to_vendors, queue=SHORT, job_id="medgrid-mail_vendor")


@job
def send_to_vendors() -> None:
	"""Mails vendors about the issues that they do not know yet. It runs when an issue has lasted long enough,
	and at every tick of the scheduler. Commits."""
	filters = {"mail_vendor": 1, "vendor_mailed_at": ("is", "not set"), "settled_at": ("is", "not set")}
	for supplier in frappe.get_all(ISSUE, filters=filters, pluck="supplier", distinct=True):
		recipients = partial(_recipients, supplier)
		mails.deliver(of_vendor(supplier, CONNECTIONS), recipients, _about_connections)
		mails.deliver(of_vendor(supplier, DO_NOT_SHIP), recipients, _about_cancelled_orders)


def _recipients(supplier: str) -> list[MailRecipient]:
	return mails.of_users(user for user in users_of(supplier) if wants_mails(user))


def _about_connections(recipient: MailRecipient, issues: list[Any]) -> Mail:
	entries = [entry for issue in issues if (entry := _connection(issue))]
	subject = entries[0].title if len(entries) == 1 else _("Your connections do not work")
	intro = _("MedGrid cannot exchange anything with an account of yours at present.")
	return _mail(recipient, subject, intro, entries)


def _about_cancelled_orders(recipient: MailRecipient, issues: list[Any]) -> Mail:
	entries = [_cancelled_order(issue) for issue in issues]
	subject = entries[0].title if len(entries) == 1 else _("Do not ship {0} orders").format(len(entries))
	intro = _("An order was cancelled after it had come to your ShipStation. Do not ship it.")
	return _mail(recipient, subject, intro, entries)


def _mail(recipient: MailRecipient, subject: str, intro: str, entries: list[MailEntry]) -> Mail:
	why = _("You get this mail because you are a vendor's user in MedGrid's portal.")
	return Mail(
		subject=f"MedGrid: {subject}",
		intro=intro,
		entries=entries,
		footer=" ".join(filter(None, (why, how_to_reach_us()))),
		unsubscribe=link_of(recipient.user or ""),
	)


def _connection(issue: Any) -> MailEntry | None:
	fields = ["integration", "account_name", "failure_kind"]
	row = frappe.db.get_value(CONNECTION, issue.reference_name, fields, as_dict=True)
	if not row:
		return None
	title = _("Your connection to {0} does not work").format(REGISTRY[row.integration].label)
	return MailEntry(title, issue.detail or "", advice_of(row.failure_kind, row.integration), get_url(PAGE))


def _cancelled_order(issue: Any) -> MailEntry:
	sales_order = frappe.db.get_value(ORDER, issue.reference_name, "sales_order") or ""
	advice = _("If it is on its way already, say so at once.")
	return MailEntry(
		_("Do not ship {0}: it is cancelled").format(sales_order),
		issue.detail or "",
		f"{advice} {how_to_reach_us()}".strip(),
		get_url(ORDERS_PAGE),
	)
