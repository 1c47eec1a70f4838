"""Disconnects the Exoceuticals store after an uninstallation: Shopify revokes the token and sends a webhook.
MedGrid asks Shopify with the stored token before it believes the webhook."""

from functools import partial

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.webhooks.uninstallation import TOPIC, is_uninstalled
from medgrid.core.faults.borders import job
from medgrid.core.secrets import forget_secret, read_secret
from medgrid.core.transactions import in_transaction
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.settings import CONNECTED_AT, SETTINGS, TOKEN
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.issues.unverified import note_unverified, settle_unverified
from medgrid.webhooks.source import WebhookOutcome
from medgrid.webhooks.verification import WebhookVerification

SOURCE = "exoceuticals"
# The issue is settled when the app is installed again.
UNINSTALLED = Subject(SOURCE, "app_uninstalled")
UNVERIFIED = Subject(SOURCE, "verify_uninstall")
ASK_SECONDS = 60


def note_uninstall(shop: str) -> WebhookOutcome:
	"""Queues the job that asks Shopify, if the store has a token. The caller commits.

	:param shop: the store's domain, from the webhook's body.
	"""
	if not read_secret(SETTINGS, SETTINGS, TOKEN):
		return WebhookOutcome.IGNORED
	VERIFICATION.queue(verify_uninstall, shop)
	return WebhookOutcome.TO_BE_VERIFIED


@job
def verify_uninstall(shop: str) -> None:
	"""Asks Shopify whether the app is uninstalled from the store, and disconnects the store if it is. The RQ
	job."""
	VERIFICATION.verify(shop)


@job
def verify_waiting() -> None:
	"""Queues the job if the store could not be asked yet. The scheduler's job."""
	VERIFICATION.queue_waiting(verify_uninstall)


def _ask(shop: str) -> WebhookOutcome:
	store = settings.load()
	token = store.api_token
	if store.shop_domain != shop or not token:
		return WebhookOutcome.IGNORED
	with store_client(store, seconds=ASK_SECONDS) as client:
		is_refused = is_uninstalled(client)
	ended = is_refused and in_transaction(lambda: _forget_token(shop, token))
	return WebhookOutcome.DISCONNECTED if ended else WebhookOutcome.STALE


def _forget_token(shop: str, refused: SecretStr) -> bool:
	"""Deletes the store's token and notifies the administrators once. The caller commits.

	:param refused: the token that Shopify refused.
	:returns: whether it was deleted; False if another one has been stored since.
	"""
	_lock_token()
	if read_secret(SETTINGS, SETTINGS, TOKEN) != refused:
		return False
	forget_secret(SETTINGS, SETTINGS, TOKEN)
	frappe.db.set_single_value(SETTINGS, {TOKEN: None, CONNECTED_AT: None})
	# There was a token, so an issue of an earlier uninstallation is over. Settling it lets this one notify.
	settle_issue(UNINSTALLED)
	open_issue(
		UNINSTALLED,
		title=_("MedGrid's app was uninstalled from {0}").format(shop),
		detail=_("MedGrid no longer exchanges data with Exoceuticals."),
		who_acts=ADMINISTRATOR,
		what_to_do=_("Install the app again to reconnect the store."),
	)
	return True


def _lock_token() -> None:
	"""Locks the row of the token: whoever stores another one waits, or this transaction does."""
	singles = frappe.qb.DocType("Singles")
	is_token = (singles.doctype == SETTINGS) & (singles.field == TOKEN)
	frappe.qb.from_(singles).select(singles.value).where(is_token).for_update().run()


def _give_up(shop: str, reason: str) -> None:
	note_unverified(
		UNVERIFIED,
		shop,
		reason,
		app=_("MedGrid's app"),
		title=_("Exoceuticals: an uninstallation could not be verified"),
		what_to_do=_("Look in Shopify Admin. If the app is uninstalled, install it again."),
	)


VERIFICATION = WebhookVerification(
	source=SOURCE,
	topic=TOPIC,
	ask=_ask,
	answered=partial(settle_unverified, UNVERIFIED),
	give_up=_give_up,
)
