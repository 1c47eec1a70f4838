"""The Shopify app through which vendors connect their stores; its settings are in Medgrid Settings."""

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.core.secrets import read_secret
from medgrid.services.required_settings import require_settings
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
	settings = frappe.get_cached_doc(SETTINGS)
	client_id = settings.shopify_client_id or ""
	secret = read_secret(SETTINGS, SETTINGS, "shopify_client_secret") or SecretStr("")
	require_settings(
		# The reader is a vendor, who knows no settings.
		_("Connecting a Shopify store is not set up yet. Ask {0} to set up its Shopify app.").format(us()),
		{"shopify_client_id": client_id, "shopify_client_secret": secret},
	)
	scopes = (settings.shopify_scopes or DEFAULT_SCOPES).replace(" ", "").split(",")
	return ShopifyApp(
		purpose=PURPOSE,
		client_id=client_id,
		client_secret=secret,
		scopes=tuple(scope for scope in scopes if scope),
		redirect_uri=callback_url(),
		expiring=True,
	)


def callback_url() -> str:
	"""The URL to which Shopify redirects the merchant's browser."""
	return frappe.utils.get_url(CALLBACK)


def webhook_url() -> str:
	"""The URL to which Shopify sends webhooks."""
	return frappe.utils.get_url("/api/method/medgrid.integrations.shopify_webhook")
