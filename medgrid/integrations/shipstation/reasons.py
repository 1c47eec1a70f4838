"""Why an order is not sent to a vendor, or waits: the exceptions, and the reasons that people read."""

from frappe import _
from rq.timeouts import BaseTimeoutException

from medgrid.core.transactions import is_conflict
from medgrid.exceptions import MedgridError, RuleViolated
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	PaymentRequired,
	RateLimited,
	RequestRejected,
)
from medgrid.integrations.shipstation.payload import NothingToSend
from medgrid.orders.amendments import amended_order_of
from medgrid.outbox.destinations import Parked, Reason
from medgrid.outbox.failures import is_of_document
from medgrid.outbox.states import WhoActs
from medgrid.services.failure_texts import failure_text
from medgrid.sync.runs import RunLost


class NotDue(NothingToSend):
	"""The order was due, but has been closed, held, cancelled or delivered since."""


class KeyTaken(RequestRejected, Parked):
	"""ShipStation has an order with the same key and other lines, which MedGrid did not send."""


class OriginalShipped(RuleViolated):
	"""The vendor has shipped the order that this one amends.

	:param original: the name of that Sales Order.
	"""

	def __init__(self, original: str):
		super().__init__(_("The vendor has shipped {0}, which the Sales Order amends.").format(original))
		self.original = original


class OriginalPending(RequestRejected):
	"""It is not known yet whether ShipStation has the order that this one amends."""


def is_not_made(error: Exception) -> bool:
	"""Whether a failed call means that ShipStation certainly did nothing."""
	if isinstance(error, IntegrationError) and error.was_sent is False:
		return True
	return isinstance(error, RequestRejected | CredentialsRejected | PaymentRequired | RateLimited)


def reason_of_failure(error: Exception) -> Reason:
	"""The reason that people read after an attempt has failed."""
	if is_fault(error):
		return fault_reason()
	if not isinstance(error, MedgridError):
		return Reason(_("The sync was stopped in the middle of this order."), counts=False)
	by_vendor = isinstance(error, RequestRejected | CredentialsRejected | PaymentRequired)
	who_acts = WhoActs.VENDOR if by_vendor else WhoActs.NOBODY
	return Reason(failure_text(error), who_acts, counts=is_of_document(error))


def fault_reason() -> Reason:
	"""The reason that people read after a fault of MedGrid's at one order."""
	sentence = _(
		"MedGrid failed at this order. It was recorded in the Error Log, where an administrator finds the"
		" cause."
	)
	return Reason(sentence, WhoActs.ADMINISTRATOR)


def reason_of_lost_account() -> Reason:
	"""The reason that people read if it is not known whether an order has arrived at an account whose key is
	not connected any more."""
	sentence = _(
		"The answer of ShipStation was lost, and the key with which the order was sent is not connected any"
		" more. If the account of that key has the order, cancel it there. Then retry."
	)
	return Reason(sentence, WhoActs.VENDOR)


def is_fault(error: BaseException) -> bool:
	"""Whether an exception is a fault of MedGrid's at one order. It must not stop the others, for example if
	an order has values that nobody thought of."""
	is_of_worker = isinstance(error, MedgridError | RunLost | BaseTimeoutException) or is_conflict(error)
	return isinstance(error, Exception) and not is_of_worker


def reason_to_wait(error: RequestRejected) -> Reason:
	"""The reason that people read if an order could not be prepared."""
	is_pending = isinstance(error, OriginalPending)
	return Reason(failure_text(error), WhoActs.NOBODY if is_pending else WhoActs.WHOLESALER)


def cancellation_reason(sales_order: str, order_id: str) -> Reason:
	"""The reason that a vendor reads if an order was cancelled or amended after it was sent."""
	amended = amended_order_of(sales_order)
	if amended:
		sentence = _("The Sales Order was amended as {0} after it was sent. Cancel order {1} in ShipStation.")
		return Reason(sentence.format(amended, order_id), WhoActs.VENDOR)
	sentence = _("The Sales Order was cancelled after it was sent. Cancel order {0} in ShipStation.")
	return Reason(sentence.format(order_id), WhoActs.VENDOR)
