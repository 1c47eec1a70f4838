"""The Shopify app through which vendors connect their stores; its settings are in Medgrid Settings."""

import frappe
from frappe import _

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.services.shopify.apps import app_in
from medgrid.services.support import us
from medgrid.webhooks.rotation import RotatedSecrets

SETTINGS = "Medgrid Settings"
# Shopify signs redirects and webhooks with this secret.
CLIENT_SECRETS = RotatedSecrets(SETTINGS, ("shopify_client_secret",))
PURPOSE = "vendor"
CALLBACK = "/api/method/medgrid.integrations.shopify_callback"
DEFAULT_SCOPES = "read_products,read_inventory"


def vendor_app() -> ShopifyApp:
	"""Reads the app from Medgrid Settings.

	:raises RuleViolated: a setting is missing; the message says whom to ask.
	"""
	return app_in(
		SETTINGS,
		purpose=PURPOSE,
		callback=CALLBACK,
		default_scopes=DEFAULT_SCOPES,
		# The reader is a vendor, who knows no settings.
		unset=_("Connecting a Shopify store is not set up yet. Ask {0} to set up its Shopify app.").format(
			us()
		),
	)


def callback_url() -> str:
	"""The URL to which Shopify redirects the merchant's browser."""
	return frappe.utils.get_url(CALLBACK)


def webhook_url() -> str:
	"""The URL to which Shopify sends webhooks."""
	return frappe.utils.get_url("/api/method/medgrid.integrations.shopify_webhook")
