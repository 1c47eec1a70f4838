"""Ends an installation: by an RPC, or by Shopify's webhook if Shopify then rejects the stored token.

Bookings at Vertex and issues stay. See docs/api.md, `app_uninstall`.
"""

import time
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shopify.webhooks.uninstallation import TOPIC, is_uninstalled
from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction
from medgrid.issues.records import ADMINISTRATOR, Subject
from medgrid.issues.unverified import note_unverified, settle_unverified
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.event_log import record_issue
from medgrid.vertex.merchants import records
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.merchants.shopify_client import merchant_client
from medgrid.webhooks.source import WebhookOutcome
from medgrid.webhooks.verification import WebhookVerification

TAX_DOCUMENT = "Vertex Tax Document"
PENDING, VOID, OPEN = "Pending", "Void", ("Sending", "In Doubt")
UNVERIFIED = Subject(INTEGRATION, "app/verify_uninstall", version="v1")
ASK_SECONDS = 20
MAX_NAMED = 20


def uninstall(merchant: Merchant) -> None:
	"""Deletes a merchant's tokens and credentials. One that is uninstalled does not change. Commits."""
	in_transaction(partial(_uninstall, merchant, None))


def _uninstall(merchant: Merchant, installation: str | None) -> bool:
	if not records.forget(merchant.name, installation):
		return False
	_void_pending(merchant)
	return True


def _void_pending(merchant: Merchant) -> None:
	"""What is not sent yet will not be sent: nobody has the credentials any more. One issue names it, and
	what may or may not be booked."""
	fields = ["name", "document_number", "reference_name"]
	filters = {"merchant": merchant.name}
	pending = frappe.get_all(TAX_DOCUMENT, {**filters, "status": PENDING}, fields)
	unsettled = frappe.get_all(TAX_DOCUMENT, {**filters, "status": ("in", OPEN)}, fields)
	for row in pending:
		frappe.db.set_value(TAX_DOCUMENT, row.name, {"status": VOID, "next_attempt_at": None})
	if not pending and not unsettled:
		return
	detail = _("The app was uninstalled from {0}.").format(merchant.shop)
	if pending:
		detail += " " + _("These documents were not booked at Vertex: {0}.").format(_numbers(pending))
	if unsettled:
		detail += " " + _("Whether Vertex has booked these is not known: {0}.").format(_numbers(unsettled))
	record_issue(
		Subject(INTEGRATION, "app/uninstall", related_to=merchant.shop or "", version="v1"),
		title=_("The app was uninstalled while documents were not booked"),
		detail=detail,
		who_acts=ADMINISTRATOR,
		what_to_do=_("Ask the merchant, and compare the documents with Vertex' Tax Journal."),
		status=400,
	)


def _numbers(rows: list) -> str:
	named = [row.document_number or row.reference_name or row.name for row in rows[:MAX_NAMED]]
	more = len(rows) - len(named)
	return ", ".join(named) + (" " + _("and {0} more").format(more) if more else "")


# The webhook


def queue_check(shop: str) -> bool:
	"""Queues the job that asks Shopify, once the caller's transaction is committed.

	:returns: whether the app is installed there; else there is nothing to ask.
	"""
	merchant = records.find(shop)
	if not merchant or merchant.is_uninstalled:
		return False
	VERIFICATION.queue(verify_uninstall, shop)
	return True


@job
def verify_uninstall(shop: str) -> None:
	"""Asks Shopify whether the app is uninstalled from a shop; if so, it ends. The RQ job."""
	VERIFICATION.verify(shop)


@job
def verify_waiting() -> None:
	"""Queues the jobs for the shops that could not be asked yet. The scheduler's job."""
	VERIFICATION.queue_waiting(verify_uninstall)


def _ask(shop: str) -> WebhookOutcome:
	"""Asks Shopify with the stored token.

	:raises MedgridError: Shopify did not answer.
	"""
	merchant = records.find(shop)
	if not merchant or merchant.is_uninstalled:
		return WebhookOutcome.IGNORED
	if not _is_refused(merchant):
		return WebhookOutcome.STALE
	ended = in_transaction(partial(_uninstall, merchant, merchant.installation))
	return WebhookOutcome.DISCONNECTED if ended else WebhookOutcome.STALE


def _is_refused(merchant: Merchant) -> bool:
	with merchant_client(merchant, deadline=time.monotonic() + ASK_SECONDS) as client:
		return is_uninstalled(client)


def _give_up(shop: str, reason: str) -> None:
	note_unverified(
		UNVERIFIED,
		shop,
		reason,
		app=_("the Vertex app"),
		title=_("An uninstallation could not be verified"),
		what_to_do=_("Ask the merchant. If the app is uninstalled, call app_uninstall for this shop."),
		status=503,
		record=record_issue,
	)


VERIFICATION = WebhookVerification(
	source=INTEGRATION,
	topic=TOPIC,
	ask=_ask,
	answered=partial(settle_unverified, UNVERIFIED),
	give_up=_give_up,
)
