"""Vertex Settings as a value, the connector's addresses, and its app at Shopify.

See docs/sales-tax.md, "Set up".
"""

from dataclasses import dataclass

import frappe
from frappe import _
from pydantic import SecretStr

from medgrid.clients.shopify.oauth.app import ShopifyApp
from medgrid.core.secrets import read_secret
from medgrid.services.shopify.apps import app_in
from medgrid.webhooks.rotation import RotatedSecrets

DOCTYPE = "Vertex Settings"
# Shopify signs redirects and webhooks of the connector's app with this secret.
CLIENT_SECRETS = RotatedSecrets(DOCTYPE, ("shopify_client_secret",))
PURPOSE = "vertex"
DEFAULT_SCOPES = "read_products"
OPEN, CALLBACK, WEBHOOK = "app_open", "app_callback", "app_webhook"


@dataclass(frozen=True)
class VertexSettings:
	"""The settings that are no secrets; see the DocType's fields.

	:param tax_rows: "By jurisdiction level" or "One row".
	:param data_volume_days: how many days Vertex Data Volume is kept; 0: forever.
	"""

	quote_quotations: bool
	quote_sales_orders: bool
	quote_sales_invoices: bool
	commit_invoices: bool
	block_save_without_tax: bool
	submit_without_tax: bool
	tax_rows: str
	shipping_product_class: str
	data_volume_days: int


@dataclass(frozen=True)
class IdentityServer:
	"""The server whose bearer tokens the API accepts. Exactly one of `jwks_url` and `secret` is set.

	:param issuer: the claim `iss`.
	:param audience: is in the claim `aud`.
	:param jwks_url: where its public keys are, for RS256 and ES256.
	:param secret: the shared secret, for HS256.
	:param shop_claim: the claim that names the shop.
	"""

	issuer: str
	audience: str
	jwks_url: str
	secret: SecretStr | None
	shop_claim: str


def vertex_settings() -> VertexSettings:
	"""Reads Vertex Settings."""
	document = frappe.get_cached_doc(DOCTYPE)
	return VertexSettings(
		quote_quotations=bool(document.quote_quotations),
		quote_sales_orders=bool(document.quote_sales_orders),
		quote_sales_invoices=bool(document.quote_sales_invoices),
		commit_invoices=bool(document.commit_invoices),
		block_save_without_tax=bool(document.block_save_without_tax),
		submit_without_tax=bool(document.submit_without_tax),
		tax_rows=document.tax_rows or "By jurisdiction level",
		shipping_product_class=document.shipping_product_class or "",
		data_volume_days=frappe.utils.cint(document.data_volume_days),
	)


def identity_server() -> IdentityServer | None:
	"""Reads the identity server's settings; None: they are not complete, so no bearer token is accepted."""
	document = frappe.get_cached_doc(DOCTYPE)
	secret = read_secret(DOCTYPE, DOCTYPE, "identity_secret")
	if not (document.identity_issuer and document.identity_audience):
		return None
	if bool(document.identity_jwks_url) == bool(secret):
		return None
	return IdentityServer(
		issuer=document.identity_issuer,
		audience=document.identity_audience,
		jwks_url=document.identity_jwks_url or "",
		secret=secret,
		shop_claim=document.identity_shop_claim or "shop",
	)


def connector_app() -> ShopifyApp:
	"""Reads the connector's app at Shopify.

	:raises RuleViolated: a setting is missing; the message says which one, for the administrator.
	"""
	return app_in(
		DOCTYPE,
		purpose=PURPOSE,
		callback=_path(CALLBACK),
		default_scopes=DEFAULT_SCOPES,
		unset=_(
			"The connector's Shopify app is not set up. An administrator must set {0} in Vertex Settings."
		),
	)


def address(name: str) -> str:
	"""The URL of one of the connector's RPCs, e.g. "app_open"."""
	return frappe.utils.get_url(_path(name))


def _path(name: str) -> str:
	return f"/api/method/medgrid.vertex.{name}"
