"""Subscribes to the webhook that reports the removal of the connector's app from a shop."""

import time

import frappe

from medgrid.clients.shopify.webhooks import subscriptions
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError
from medgrid.vertex.merchants import records
from medgrid.vertex.merchants.fields import DOCTYPE, UNINSTALLED
from medgrid.vertex.merchants.records import Merchant
from medgrid.vertex.merchants.shopify_client import merchant_client
from medgrid.vertex.settings import WEBHOOK, address

TOPIC = "APP_UNINSTALLED"
SECONDS = 20


def subscribe(merchant: Merchant, *, deadline: float) -> None:
	"""Subscribes, if the merchant is not subscribed yet. Commits.

	:param deadline: a value of `time.monotonic()`.
	:raises IntegrationError: Shopify refused or did not answer.
	"""
	if merchant.webhook_subscription:
		return
	with merchant_client(merchant, deadline=deadline) as client:
		found, _new = subscriptions.ensure(client, [TOPIC], address(WEBHOOK))
	filters = {"name": merchant.name, "installation": merchant.installation}
	in_transaction(lambda: frappe.db.set_value(DOCTYPE, filters, "webhook_subscription", found[0].id))


def subscribe_missing() -> None:
	"""Subscribes for all merchants that are not subscribed yet. Commits each."""
	filters = {
		"shop": ("is", "set"),
		"status": ("!=", UNINSTALLED),
		"webhook_subscription": ("is", "not set"),
	}
	for name in frappe.get_all(DOCTYPE, filters=filters, pluck="name"):
		try:
			subscribe(records.get(name), deadline=time.monotonic() + SECONDS)
		except MedgridError as error:
			frappe.logger("medgrid").warning(f"Not subscribed to app/uninstalled yet: {error}")
