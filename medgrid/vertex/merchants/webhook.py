"""The webhooks of the connector's app: its removal, and the three that Shopify demands.

See docs/api.md, `app_uninstall`.
"""

from medgrid.clients.shopify.webhooks.uninstallation import TOPIC
from medgrid.vertex.contract.operations import INTEGRATION
from medgrid.vertex.merchants import uninstall
from medgrid.vertex.privacy import webhooks as privacy
from medgrid.vertex.settings import CLIENT_SECRETS
from medgrid.webhooks.shopify import shopify_source, uninstall_handler
from medgrid.webhooks.source import Handler

WEBHOOKS = shopify_source(
	INTEGRATION,
	CLIENT_SECRETS,
	{
		TOPIC: uninstall_handler(uninstall.queue_check),
		privacy.DATA_REQUEST: Handler(privacy.request_data),
		privacy.CUSTOMER_REDACT: Handler(privacy.redact_customer),
		privacy.SHOP_REDACT: Handler(privacy.redact_shop, always=True),
	},
	limit="vertex_webhook",
)
