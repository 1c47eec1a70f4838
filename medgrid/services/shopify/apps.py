"""Reads a Shopify app that several shops install from the settings where an administrator has entered it."""

import frappe
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.core.secrets import read_secret
from medgrid.services.required_settings import require_settings


def app_in(settings: str, *, purpose: str, callback: str, default_scopes: str, unset: str) -> ShopifyApp:
	"""Reads an app.

	:param settings: a Single with `shopify_client_id`, `shopify_client_secret` and `shopify_scopes`.
	:param purpose: see ShopifyApp.
	:param callback: the path to which Shopify redirects.
	:param default_scopes: separated by commas.
	:param unset: the sentence if the app is not set up; see `require_settings`.
	:raises RuleViolated: a setting is missing.
	"""
	document = frappe.get_cached_doc(settings)
	client_id = document.shopify_client_id or ""
	secret = read_secret(settings, settings, "shopify_client_secret") or SecretStr("")
	require_settings(unset, {"shopify_client_id": client_id, "shopify_client_secret": secret})
	scopes = (document.shopify_scopes or default_scopes).replace(" ", "").split(",")
	return ShopifyApp(
		purpose=purpose,
		client_id=client_id,
		client_secret=secret,
		scopes=tuple(scope for scope in scopes if scope),
		redirect_uri=frappe.utils.get_url(callback),
		expiring=True,
	)
