"""MedGrid's own settings on the demo site: the apps at the simulated Shopify."""

import frappe

from sandbox.demo.shops import STORE, STORE_APP, STORE_WEBHOOK_SECRET, VENDOR_APP


def load() -> None:
	_vendor_app()
	_store()


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
