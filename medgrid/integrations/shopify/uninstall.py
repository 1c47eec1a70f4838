"""Disconnects a shop whose merchant has uninstalled MedGrid's app: Shopify revokes the token and sends a
webhook. MedGrid disconnects only if Shopify rejects the stored token.

Contract: "disconnect".
"""

from contextlib import nullcontext
from functools import partial

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.clients.shopify.webhooks.uninstallation import TOPIC
from medgrid.core.faults.borders import job
from medgrid.core.transactions import in_transaction, locked_row
from medgrid.core.waiting.request_time import deadline_in
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.connections import records
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.connections.issues import not_subscribed
from medgrid.integrations.connections.records import Connection
from medgrid.integrations.shopify import uninstall_check
from medgrid.integrations.shopify.app import CLIENT_SECRETS, webhook_url
from medgrid.integrations.shopify.client import vendor_client
from medgrid.integrations.shopify.uninstall_check import INTEGRATION
from medgrid.issues.records import ADMINISTRATOR, open_issue, settle_issue
from medgrid.services.failure_texts import failure_text
from medgrid.webhooks.shopify import shopify_source, uninstall_handler

SUBSCRIPTION_TOPIC = "APP_UNINSTALLED"
SUBSCRIBE_SECONDS = 20


def try_to_subscribe(connection: Connection, client: ShopifyClient | None = None) -> None:
	"""Subscribes to the uninstall webhook, if the connection is not subscribed yet. A failure opens an
	Integration Issue; the next sync tries again, and nothing else depends on it. Commits.

	:param client: a client for this connection's shop; None: create one.
	"""
	if frappe.db.get_value(DOCTYPE, connection.name, "webhook_subscription"):
		return
	deadline = deadline_in(SUBSCRIBE_SECONDS)
	opened = nullcontext(client) if client else vendor_client(connection, deadline=deadline)
	try:
		with opened as shop_client:
			_subscribe(connection, shop_client)
	except IntegrationError as error:
		frappe.db.rollback()
		in_transaction(partial(_open_issue, connection, failure_text(error)))


@job
def subscribe(connection: str) -> None:
	"""Subscribes a new connection to the uninstall webhook. The RQ job that its installation queues: the
	merchant's browser does not wait for it.

	:param connection: the name of the Vendor Connection.
	"""
	if frappe.db.get_value(DOCTYPE, connection, "access_token"):
		try_to_subscribe(records.get(connection))


def _subscribe(connection: Connection, client: ShopifyClient) -> None:
	found, _new = subscriptions.ensure(client, [SUBSCRIPTION_TOPIC], webhook_url())

	def work() -> None:
		row = locked_row(DOCTYPE, connection.name, ["account"])
		if row and row.account == connection.account:
			frappe.db.set_value(DOCTYPE, connection.name, "webhook_subscription", found[0].id)
			settle_issue(not_subscribed(connection.name))

	in_transaction(work)


def _open_issue(connection: Connection, reason: str) -> None:
	row = locked_row(DOCTYPE, connection.name, ["account", "webhook_subscription"])
	if not row or row.account != connection.account or row.webhook_subscription:
		# Another worker has subscribed meanwhile, or the shop is not connected any more.
		return
	open_issue(
		not_subscribed(connection.name),
		title=_("Shopify does not notify MedGrid if a vendor uninstalls the app"),
		detail=_(
			"MedGrid could not subscribe to the webhook app/uninstalled of {0}: {1} Products are synced "
			"all the same."
		).format(connection.shop, reason),
		who_acts=ADMINISTRATOR,
		what_to_do=_(
			"Each sync tries again. If the issue stays open, check that Shopify can reach this site."
		),
	)


WEBHOOKS = shopify_source(
	INTEGRATION,
	CLIENT_SECRETS,
	{TOPIC: uninstall_handler(uninstall_check.queue_check)},
	limit="shopify_webhook",
)
