"""MedGrid's own settings on the demo site: the apps at the simulated Shopify, and the simulated identity
server."""

import frappe

from sandbox.demo.cast import CONNECTOR_APP
from sandbox.demo.shops import STORE, STORE_APP, STORE_WEBHOOK_SECRET, VENDOR_APP
from sandbox.simulators.vertex.access import issuer


def load() -> None:
	_vendor_app()
	_store()
	_tax_connector()


def _vendor_app() -> None:
	settings = frappe.get_doc("Medgrid Settings")
	settings.shopify_client_id, settings.shopify_client_secret = VENDOR_APP
	settings.save()


def _store() -> None:
	settings = frappe.get_doc("System Settings")
	settings.exoceuticals_shop_domain = STORE
	settings.exoceuticals_client_id, settings.exoceuticals_client_secret = STORE_APP
	settings.exoceuticals_webhook_secret = STORE_WEBHOOK_SECRET
	settings.save()


def _tax_connector() -> None:
	settings = frappe.get_doc("Vertex Settings")
	settings.shopify_client_id, settings.shopify_client_secret = CONNECTOR_APP
	settings.identity_issuer, settings.identity_audience = issuer.ISSUER, issuer.AUDIENCE
	settings.identity_jwks_url = f"{frappe.conf.medgrid_endpoints['vertex']}{issuer.KEYS_PATH}"
	settings.identity_shop_claim = issuer.SHOP_CLAIM
	settings.save()
