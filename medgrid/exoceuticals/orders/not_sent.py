"""The Integration Issues of Sales Orders that somebody has sent and that the store does not have.

There is one for each order, and one for what keeps all orders from being sent. The caller commits.
"""

from datetime import datetime

import frappe
from frappe import _

from medgrid.core.clock import from_stored_utc
from medgrid.core.database_clock import database_now
from medgrid.issues.records import (
	ADMINISTRATOR,
	DOCTYPE,
	NOBODY,
	Subject,
	open_issue,
	open_issue_of,
	settle_issue,
)
from medgrid.outbox.destinations import Reason, Record
from medgrid.outbox.schedule import WITHOUT_END
from medgrid.outbox.states import WhoActs

ALL_ORDERS = Subject("exoceuticals", "orders")


def open_not_sent(record: Record, reason: Reason) -> None:
	"""Opens the issue of an order that MedGrid sends again by itself."""
	if reason.who_acts is WhoActs.NOBODY:
		what_to_do = _("MedGrid sends the Sales Order again by itself.")
	else:
		what_to_do = _("Correct what the reason names. MedGrid sends the Sales Order again by itself.")
	stop = _("If it is not to be sent, cancel it or put it on hold.")
	_open(record, reason, reason.who_acts.value, f"{what_to_do} {stop}", notify=reason.counts)


def open_parked(record: Record, reason: Reason) -> None:
	"""Opens the issue of an order that MedGrid does not send again."""
	nobody = reason.who_acts is WhoActs.NOBODY
	who_acts = ADMINISTRATOR if nobody else reason.who_acts.value
	_open(record, reason, who_acts, _("Send the Sales Order again, or cancel it."), notify=True)


def _open(record: Record, reason: Reason, who_acts: str, what_to_do: str, *, notify: bool) -> None:
	open_issue(
		_of_order(record.document),
		title=_("Exoceuticals: {0} was not sent").format(record.document),
		detail=reason.text or "",
		who_acts=who_acts,
		what_to_do=what_to_do,
		notify=notify,
	)


def settle_not_sent(sales_order: str) -> None:
	"""Settles the issue of an order that was not sent: it was sent or cancelled, or nothing of it is left to
	send."""
	settle_issue(_of_order(sales_order))


def _of_order(sales_order: str) -> Subject:
	return Subject("exoceuticals", "send_order", reference=("Sales Order", sales_order))


def note_store_failure(reason: Reason) -> None:
	"""Opens the issue of a failure that concerns all orders, or counts one more attempt."""
	open_issue(
		ALL_ORDERS,
		title=_("Exoceuticals: orders cannot be sent"),
		detail=reason.text or "",
		who_acts=ADMINISTRATOR if reason.who_acts is WhoActs.ADMINISTRATOR else NOBODY,
		what_to_do=_("MedGrid resumes automatically. To resume now, settle this issue."),
	)


def settle_store_failure() -> None:
	"""Settles the issue of what kept all orders from being sent: one was sent."""
	settle_issue(ALL_ORDERS)


def is_paused() -> bool:
	"""Whether MedGrid waits before it sends the next order, because the last failure concerned all orders; it
	waits longer with each."""
	name = open_issue_of(ALL_ORDERS)
	row = name and frappe.db.get_value(DOCTYPE, name, ["attempts", "occurred_at"], as_dict=True)
	if not row:
		return False
	since: datetime = from_stored_utc(row.occurred_at)
	return database_now() < since + WITHOUT_END.pause_after(row.attempts)
