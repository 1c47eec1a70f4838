"""Vendors with a Shopify shop each."""

import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

import frappe
from frappe.utils.password import set_encrypted_password

from medgrid.clients.shopify.oauth.states import OAuthStates
from sandbox.simulators.shopify.remote import ShopifyControl
from tests.support.http import Browser, Caller, Person, message
from tests.support.records import Row
from tests.support.vendors import Vendor
from tests.support.waiting import wait_for_jobs

CLIENT_ID, CLIENT_SECRET = "mgt-client-id", "mgt-client-secret-5f1c"
SCOPES = "read_products,read_inventory"
CALLBACK = "/api/method/medgrid.integrations.shopify_callback"


@dataclass
class VendorShop:
	"""A vendor's shop, installed or not, and the vendor's way to it."""

	domain: str
	control: ShopifyControl
	vendor: Vendor
	anonymous: Caller

	@property
	def user(self) -> Person:
		return self.vendor.user

	@property
	def caller(self) -> Caller:
		return self.vendor.caller

	def start(self, shop_domain: str | None = None) -> dict:
		return message(
			self.caller.post(
				"medgrid.integrations.shopify_start_install", shop_domain=shop_domain or self.domain
			)
		)

	def approve(self) -> str:
		"""The callback's path and query, as Shopify redirects the merchant's browser to it."""
		return path_of(self.control.approve(self.start()["authorize_url"]))

	def browser(self) -> Browser:
		"""The vendor's own, signed in."""
		return Browser(self.caller.environment, self.user)

	def callback(self, path: str, **options):
		"""A program follows the redirect, signed in as nobody."""
		return self.anonymous.request("GET", path, allow_redirects=False, **options)

	def connect(self) -> dict:
		"""Connects, and waits for the job that subscribes to the uninstall webhook."""
		answer = message(self.callback(self.approve()))
		wait_for_jobs()
		return answer

	def sync(self) -> dict:
		return message(self.caller.post("medgrid.integrations.sync_now", integration_type="shopify"))

	def test(self) -> dict:
		return message(self.caller.post("medgrid.integrations.test_connection", integration_type="shopify"))

	def entry(self) -> dict:
		"""What list_connections says of Shopify."""
		listed = message(self.caller.get("medgrid.integrations.list_connections"))
		return next(entry for entry in listed["integrations"] if entry["id"] == "shopify")

	def connection(self):
		"""The Vendor Connection, as the database has it now."""
		frappe.db.rollback()
		key = {"supplier": self.vendor.supplier, "integration": "shopify", "account_name": "default"}
		name = frappe.db.get_value("Vendor Connection", key)
		return frappe.get_doc("Vendor Connection", name) if name else None

	def token(self, field: str = "access_token") -> str | None:
		"""A stored secret in plain text, which only the tests' own process can see."""
		from frappe.utils.password import get_decrypted_password

		return get_decrypted_password(
			"Vendor Connection", self.connection().name, field, raise_exception=False
		)

	def products(self) -> dict[str, Row]:
		"""The Vendor Products, as the database has them now, by SKU."""
		name = self.connection().name
		rows = frappe.get_all("Vendor Product", filters={"connection": name}, fields=["*"])
		return {row.sku: row for row in rows}


def states() -> OAuthStates:
	"""Where the site keeps the states of begun installations."""
	return OAuthStates(frappe.cache, frappe.local.site)


def path_of(url: str) -> str:
	parts = urlsplit(url)
	return f"{parts.path}?{parts.query}"


def set_up_app(control, **changes) -> None:
	"""MedGrid's app, at Shopify and in Medgrid Settings; committed."""
	values = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "scopes": SCOPES, **changes}
	control.add_app(CLIENT_ID, CLIENT_SECRET)
	settings = "Medgrid Settings"
	frappe.db.set_single_value(settings, "shopify_client_id", values["client_id"])
	frappe.db.set_single_value(settings, "shopify_scopes", values["scopes"])
	frappe.db.set_single_value(settings, "shopify_client_secret", "*" * 8)
	set_encrypted_password(settings, settings, values["client_secret"] or "", "shopify_client_secret")
	frappe.db.commit()
	frappe.clear_document_cache(settings, settings)


def make_shop(vendor: Vendor, control, anonymous: Caller, **settings) -> VendorShop:
	"""A new shop with this vendor, whose connection to Shopify is forgotten."""
	domain = f"mgt-{secrets.token_hex(4)}.myshopify.com"
	control.add_shop(domain, **{"bucket_size": 20000, "restore_rate": 1000, **settings})
	return VendorShop(domain, control, vendor, anonymous)
