"""Sends a text message about an issue. It is an RQ job, so no sync waits for it or fails with it.

Claim, call, record: the job commits that the vendor was notified before it calls Sendblue, and takes that
back only if the message certainly was not sent; then the next failing sync tries again.
"""

from dataclasses import dataclass

import frappe

from medgrid.core import rate_limits
from medgrid.core.faults.borders import job
from medgrid.core.rate_limits import Limit
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import MedgridError
from medgrid.http_client.errors import OutcomeUnknown, RequestRejected
from medgrid.integrations.registry import REGISTRY, LazyText
from medgrid.integrations.sendblue import messages, recipients, settings
from medgrid.integrations.sendblue.recipients import Recipient
from medgrid.issues.records import DOCTYPE as ISSUE
from medgrid.issues.records import note_notified
from medgrid.services.failure_advice import BY_ITSELF
from medgrid.services.languages import in_language_of

DOCTYPE = "Vendor Connection"
# Limits the messages about an integration that fails and recovers many times a day.
PER_PHONE = Limit("sendblue alerts, one phone", times=6, seconds=86400)


@dataclass(frozen=True)
class Claim:
	"""The right to send the messages about an issue.

	:param issue: the name of the Integration Issue.
	:param label: the label of the integration that fails.
	:param passes_by_itself: whether the vendor has nothing to do.
	"""

	issue: str
	recipients: list[Recipient]
	label: LazyText
	passes_by_itself: bool


@job
def send_alert(connection: str) -> None:
	"""Texts the users of a vendor that one of their integrations fails, once for each issue.

	:param connection: the name of the Vendor Connection that fails.
	"""
	claim = in_transaction(lambda: _claim(connection))
	if not claim:
		return
	were_notified = [_send(claim, recipient) for recipient in claim.recipients]
	if not any(were_notified):
		in_transaction(lambda: note_notified(claim.issue, notified=False))


def _send(claim: Claim, recipient: Recipient) -> bool:
	"""Sends one message.

	:returns: whether it counts as sent: False if it certainly was not, and another attempt may succeed.
	"""
	failure: MedgridError | None = None
	may_be_sent = True
	with in_language_of(recipient.user):
		try:
			with settings.client() as client:
				rate_limits.take((PER_PHONE, recipient.phone))
				client.send(recipient.phone, _message(claim))
		except (OutcomeUnknown, RequestRejected) as error:
			# The message may have been sent, or Sendblue never sends to this number: no sync tries again.
			failure = error
		except MedgridError as error:
			failure, may_be_sent = error, False
		in_transaction(lambda: _record(recipient, failure))
	return may_be_sent


def _message(claim: Claim) -> str:
	label = str(claim.label)
	return messages.outage(label) if claim.passes_by_itself else messages.alert(label)


def _record(recipient: Recipient, failure: MedgridError | None) -> None:
	if failure:
		recipients.note_failure(recipient, failure)
	else:
		recipients.note_sent(recipient)


def _claim(connection: str) -> Claim | None:
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
	return Claim(name, found, REGISTRY[row.integration].label, row.failure_kind in BY_ITSELF)
