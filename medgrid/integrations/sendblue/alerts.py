"""Sends a text message about an issue: a connection that fails, or cancelled orders that are not to be
shipped. It is an RQ job, so no sync waits for it or fails with it.

Claim, call, record: the job commits that the vendor was notified before it calls Sendblue, and takes that
back only if the message certainly was not sent; then the next failing sync tries again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import frappe

from medgrid.core import rate_limits
from medgrid.core.faults.borders import job
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import OutcomeUnknown, RequestRejected
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.sendblue import messages, recipients, settings
from medgrid.integrations.sendblue.recipients import TextRecipient
from medgrid.issues.records import DOCTYPE as ISSUE
from medgrid.issues.records import note_notified
from medgrid.services.failure_advice import BY_ITSELF
from medgrid.services.languages import in_language_of

DOCTYPE, ORDER = "Vendor Connection", "ShipStation Order"
# The type of the issue of a cancelled order; see `shipstation.changes.issues`.
DO_NOT_SHIP = "shipstation/do_not_ship"
# Limits the messages about an integration that fails and recovers many times a day.
PER_PHONE = Limit("sendblue alerts, one phone", times=6, seconds=86400)


@dataclass(frozen=True)
class AlertClaim:
	"""The right to send the messages about some issues.

	:param issues: the names of the Integration Issues.
	:param message: writes the message, in its reader's language.
	"""

	issues: list[str]
	recipients: list[TextRecipient]
	message: Callable[[], str]


@job
def send_alert(connection: str) -> None:
	"""Texts the users of a vendor that one of their integrations fails, once for each issue.

	:param connection: the name of the Vendor Connection that fails.
	"""
	_send_to_all(in_transaction(partial(_claim, connection)))


@job
def send_do_not_ship(supplier: str) -> None:
	"""Texts the users of a vendor that orders were cancelled after they were sent, each order once.

	:param supplier: the vendor.
	"""
	_send_to_all(in_transaction(partial(_claim_cancelled_orders, supplier)))


def _send_to_all(claim: AlertClaim | None) -> None:
	if not claim:
		return
	were_notified = [_send(claim, recipient) for recipient in claim.recipients]
	if not any(were_notified):
		in_transaction(partial(_take_back, claim.issues))


def _take_back(issues: list[str]) -> None:
	for issue in issues:
		note_notified(issue, notified=False)


def _send(claim: AlertClaim, recipient: TextRecipient) -> bool:
	"""Sends one message.

	:returns: whether it counts as sent: False if it certainly was not, and another attempt may succeed.
	"""
	failure: MedgridError | None = None
	may_be_sent = True
	with in_language_of(recipient.user):
		try:
			with settings.client() as client:
				rate_limits.take((PER_PHONE, recipient.phone))
				client.send(recipient.phone, claim.message())
		except (OutcomeUnknown, RequestRejected) as error:
			# The message may have been sent, or Sendblue never sends to this number: no sync tries again.
			failure = error
		except MedgridError as error:
			failure, may_be_sent = error, False
		in_transaction(lambda: _record(recipient, failure))
	return may_be_sent


def _record(recipient: TextRecipient, failure: MedgridError | None) -> None:
	if failure:
		recipients.note_failure(recipient, failure)
	else:
		recipients.note_sent(recipient)


def _claim(connection: str) -> AlertClaim | None:
	"""Marks the vendor as notified of the connection's issue.

	:returns: None if no issue is open, the vendor was notified already, or has no phone for alerts.
	"""
	filters = {"reference_doctype": DOCTYPE, "reference_name": connection, "open_key": ("is", "set")}
	name = frappe.db.get_value(ISSUE, filters)
	issue = locked_row(ISSUE, name, ["open_key", "notified_at"]) if name else None
	if not issue or not issue.open_key or issue.notified_at:
		return None
	row = frappe.db.get_value(DOCTYPE, connection, ["supplier", "integration", "failure_kind"], as_dict=True)
	found = recipients.of_supplier(row.supplier)
	if not found:
		return None
	note_notified(name)
	message = messages.outage if row.failure_kind in BY_ITSELF else messages.alert
	label = REGISTRY[row.integration].label
	return AlertClaim([name], found, lambda: message(str(label)))


def _claim_cancelled_orders(supplier: str) -> AlertClaim | None:
	"""Marks the vendor as notified of the cancelled orders that are not to be shipped.

	:returns: None if there are none of which the vendor was not notified, or the vendor has no phone.
	"""
	filters = {
		"supplier": supplier,
		"issue_type": DO_NOT_SHIP,
		"open_key": ("is", "set"),
		"notified_at": ("is", "not set"),
	}
	names = frappe.get_all(ISSUE, filters=filters, pluck="name", order_by="creation asc")
	found = recipients.of_supplier(supplier) if names else []
	if not found:
		return None
	claimed, orders = [], []
	for name in names:
		# Not `locked_row`, which would commit the issues before: they are claimed together.
		fields = ["open_key", "notified_at", "reference_name"]
		issue = frappe.db.get_value(ISSUE, name, fields, as_dict=True, for_update=True)
		order = issue and frappe.db.get_value(ORDER, issue.reference_name, "sales_order")
		if not issue or not issue.open_key or issue.notified_at or not order:
			continue
		note_notified(name)
		claimed.append(name)
		orders.append(order)
	return AlertClaim(claimed, found, partial(messages.do_not_ship, orders)) if claimed else None
