"""Checks with the stored token whether an app is uninstalled, before the shop is disconnected."""

from functools import partial

import frappe
from frappe import _

from medgrid.clients.shopify.webhooks.uninstallation import TOPIC, is_uninstalled
from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.core.waiting.request_time import deadline_in
from medgrid.exceptions import RuleViolated
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.connections import records
from medgrid.integrations.connections.credentials import forget_locked
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shopify.client import vendor_client
from medgrid.issues.records import Subject
from medgrid.issues.unverified import note_unverified, settle_unverified
from medgrid.webhooks.source import WebhookOutcome
from medgrid.webhooks.verification import WebhookVerification

INTEGRATION = "shopify"
UNVERIFIED = Subject(INTEGRATION, "verify_uninstall")
ASK_SECONDS = 60


@job
def verify_uninstall(shop: str) -> None:
	"""Asks Shopify whether the app is uninstalled from a shop, and disconnects the shop if it is. The RQ
	job."""
	VERIFICATION.verify(shop)


@job
def verify_waiting() -> None:
	"""Queues the jobs for the shops that could not be asked yet. The scheduler's job."""
	VERIFICATION.queue_waiting(verify_uninstall)


def queue_check(shop: str) -> bool:
	"""Queues the job once the caller's transaction is committed.

	:returns: whether there is a connection to the shop; else there is nothing to ask.
	"""
	if not _connected(shop):
		return False
	VERIFICATION.queue(verify_uninstall, shop)
	return True


def _connected(shop: str) -> list[str]:
	"""The names of the connections to a shop."""
	filters = {"integration": INTEGRATION, "shop": shop, "status": ("!=", "not_connected")}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="name")


def _ask(shop: str) -> WebhookOutcome:
	"""Asks Shopify with the token of each connection to a shop, and ends the connections whose token Shopify
	refuses.

	:raises MedgridError: Shopify did not answer for one of them; the others are done.
	"""
	ended, failure = 0, None
	names = _connected(shop)
	for name in names:
		connection = records.get(name)
		try:
			ended += _is_refused(connection) and _forget(connection)
		except (IntegrationError, RuleViolated) as error:
			failure = error
	if failure:
		raise failure
	if ended:
		return WebhookOutcome.DISCONNECTED
	return WebhookOutcome.STALE if names else WebhookOutcome.IGNORED


def _is_refused(connection: Connection) -> bool:
	with vendor_client(connection, deadline=deadline_in(ASK_SECONDS)) as client:
		return is_uninstalled(client)


def _forget(connection: Connection) -> bool:
	"""Disconnects a connection, unless it was disconnected or connected again since Shopify was asked.
	Commits."""

	def work() -> bool:
		row = locked_row(DOCTYPE, connection.name, ["account"])
		if not row or row.account != connection.account:
			return False
		forget_locked(connection.name)
		return True

	return in_transaction(work)


def _give_up(shop: str, reason: str) -> None:
	note_unverified(
		UNVERIFIED,
		shop,
		reason,
		app=_("MedGrid's app"),
		title=_("Shopify: an uninstallation could not be verified"),
		what_to_do=_("Ask the vendor. If the app is uninstalled, delete the Vendor Connection."),
	)


VERIFICATION = WebhookVerification(
	source=INTEGRATION,
	topic=TOPIC,
	ask=_ask,
	answered=partial(settle_unverified, UNVERIFIED),
	give_up=_give_up,
)
