"""The second contract's callers and merchants, against the simulated Shopify and Vertex."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import frappe

from medgrid.clients.shopify.signatures import query_signatures
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.vertex.remote import VertexControl
from tests.support.http import Caller, message
from tests.support.people import person
from tests.support.vertex import CHICAGO, CLIENTS, COMPANY, MESA

APP_ID, APP_SECRET = "mgt-vertex-app", "mgt-vertex-app-secret-8c2d"
CLIENT_ID, CLIENT_SECRET = CLIENTS["cloud"]
SETTINGS = "Vertex Settings"
MEMBERS = ["id", "version", "type", "title", "status", "detail", "timestamp", "relatedTo"]


def issue(answer, status: int) -> dict[str, Any]:
	"""The Issue of an answer, after checking that it is one."""
	assert answer.status_code == status, (answer.status_code, answer.text[:500])
	assert answer.headers["Content-Type"].startswith("application/json")
	body = answer.json()
	assert list(body) == MEMBERS, body
	assert body["status"] == status
	assert len(body["detail"]) <= 500
	return body


def signed(secret: str = APP_SECRET, **values: str) -> tuple[str, str]:
	"""A query string of Shopify's and its signature."""
	query = "&".join(f"{name}={quote(value)}" for name, value in values.items())
	return query, query_signatures(query, secret)[0]


def set_up_settings(**values: Any) -> None:
	"""Vertex Settings with the app at Shopify and no identity server; committed."""
	document = frappe.get_doc(SETTINGS)
	document.update(
		{
			"shopify_client_id": APP_ID,
			"shopify_client_secret": APP_SECRET,
			"shopify_scopes": "read_products",
			"identity_issuer": None,
			"identity_audience": None,
			"identity_jwks_url": None,
			"identity_secret": None,
			"identity_shop_claim": "shop",
			**values,
		}
	)
	document.save()
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def forget_limits() -> None:
	for key in frappe.cache.scan_iter(match="medgrid:limit:*", count=1000):
		frappe.cache.delete(key)
	for pattern in ("medgrid:vertex:*", "medgrid:identity:*"):
		for key in frappe.cache.scan_iter(match=pattern, count=1000):
			frappe.cache.delete(key)


def with_basic(environment, username: str, password: str) -> Caller:
	caller = Caller(environment)
	token = base64.b64encode(f"{username}:{password}".encode()).decode()
	caller.session.headers["Authorization"] = f"Basic {token}"
	return caller


def with_bearer(environment, token: str) -> Caller:
	caller = Caller(environment)
	caller.session.headers["Authorization"] = f"Bearer {token}"
	return caller


def connector(environment) -> Caller:
	"""The front end of the Shopify app."""
	return Caller(environment, person("mgt.vertex.connector@example.com", "Vertex Connector"))


@dataclass
class MerchantShop:
	"""A shop at the simulated Shopify, and the connector's way to install the app in it."""

	environment: Any
	shopify: ShopifyControl
	vertex: VertexControl
	connector: Caller
	domain: str = field(default_factory=lambda: f"mgt-v{secrets.token_hex(4)}.myshopify.com")

	def __post_init__(self) -> None:
		self.shopify.add_shop(self.domain, bucket_size=20000, restore_rate=1000)

	def call(self, operation: str, **values: Any):
		return self.connector.post(f"medgrid.vertex.{operation}", **values)

	def begin(self, **changes: Any) -> dict[str, Any]:
		query, hmac = signed(host="aG9zdA", shop=self.domain, timestamp="1678960003")
		values = {"hmac": hmac, "requestData": query, "shop": self.domain, **changes}
		return message(self.call("app_install", **values))

	def redirect(self) -> dict[str, str]:
		"""The parameters with which Shopify sends the merchant's browser back."""
		url = self.shopify.approve(self.begin()["authorizeUrl"])
		return dict(parse_qsl(urlsplit(url).query))

	def install(self) -> dict[str, Any]:
		return message(self.call("shopify_token", **self.redirect()))

	def onboard_with(self, **changes: Any):
		values = {
			"shop": self.domain,
			"companyCode": COMPANY,
			"clientId": CLIENT_ID,
			"clientSecret": CLIENT_SECRET,
			"origin": MESA,
			**changes,
		}
		return self.call("shopify_onboarding", **values)

	def onboard(self, **changes: Any) -> dict[str, Any]:
		return message(self.onboard_with(**changes))

	def set_up(self) -> "MerchantShop":
		self.install()
		self.onboard()
		return self

	def basic(self) -> tuple[str, str]:
		answer = message(self.call("api_credentials", shop=self.domain))
		return answer["username"], answer["password"]

	def merchant(self) -> Caller:
		return with_basic(self.environment, *self.basic())

	def bearer(self, **options: Any) -> Caller:
		return with_bearer(self.environment, self.vertex.identity_token(self.domain, **options))

	def document(self):
		"""The Vertex Merchant, as the database has it now."""
		frappe.db.rollback()
		name = frappe.db.get_value("Vertex Merchant", {"shop": self.domain})
		return frappe.get_doc("Vertex Merchant", name) if name else None

	def sale(self, **changes: Any) -> dict[str, Any]:
		line = {"id": "1", "product": "VD3", "quantity": 2, "unitPrice": 28.5}
		return {
			"shop": self.domain,
			"currency": "USD",
			"destination": CHICAGO,
			"lineItems": [line],
			**changes,
		}
