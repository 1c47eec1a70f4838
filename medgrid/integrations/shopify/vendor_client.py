"""A client for a vendor's shop."""

import time
from collections.abc import Callable

import frappe

from medgrid.integrations.connections import Connection
from medgrid.integrations.endpoints import base_url
from medgrid.integrations.shopify import token_endpoint
from medgrid.integrations.shopify.budget import Budget
from medgrid.integrations.shopify.client import ShopifyClient
from medgrid.integrations.shopify.tokens import RefreshingTokens
from medgrid.integrations.shopify.vendor_app import vendor_app
from medgrid.integrations.shopify.vendor_tokens import VendorTokenStore


def vendor_client(
	connection: Connection, *, deadline: float, before_waiting: Callable[[], None] = lambda: None
) -> ShopifyClient:
	"""
	:param deadline: `time.monotonic()` after which nothing is waited for.
	:raises RuleViolated: MedGrid's app is not set up any more.
	"""
	app, url = vendor_app(), base_url("shopify", shop=connection.shop)
	tokens = RefreshingTokens(
		VendorTokenStore(connection),
		lambda refresh_token: token_endpoint.refresh(app, url, refresh_token),
		frappe.cache,
		connection.name,
		deadline,
	)
	budget = Budget(frappe.cache, app.client_id, connection.shop)
	return ShopifyClient(url, tokens, budget, deadline=deadline, before_waiting=before_waiting)


def deadline_in(seconds: float) -> float:
	return time.monotonic() + seconds
