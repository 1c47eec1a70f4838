"""The webhooks of the connector's app: its removal, and the three that Shopify demands.

Design (Vertex): section 2.7.
"""

from medgrid.clients.shopify.webhooks.uninstallation import TOPIC, uninstalled_shop
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants import uninstall
from medgrid.vertex.privacy import webhooks as privacy
from medgrid.vertex.settings import CLIENT_SECRETS
from medgrid.webhooks.shopify import shopify_source
from medgrid.webhooks.source import Delivery, Handler, Outcome, Result


def _uninstalled(delivery: Delivery) -> Result:
	shop = uninstalled_shop(delivery.content)
	if not uninstall.queue_check(shop):
		return Result(Outcome.IGNORED, error="nothing to uninstall")
	return Result(Outcome.TO_BE_VERIFIED, shop=shop)


WEBHOOKS = shopify_source(
	INTEGRATION,
	CLIENT_SECRETS,
	{
		TOPIC: Handler(_uninstalled, always=True),
		privacy.DATA_REQUEST: Handler(privacy.request_data),
		privacy.CUSTOMER_REDACT: Handler(privacy.redact_customer),
		privacy.SHOP_REDACT: Handler(privacy.redact_shop, always=True),
	},
	limit="vertex_webhook",
)
