"""The Exoceuticals store as its webhooks' tests need it: linked, with orders at both ends."""

import json
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import frappe
import requests
from frappe.utils.password import set_encrypted_password

from medgrid.core.transactions import in_transaction
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.signing import body_signature
from tests.support import limits, records, vendors
from tests.support.http import Caller, message
from tests.support.records import Row
from tests.support.rows import delete_rows

SETTINGS = "System Settings"
PATH = "/api/method/medgrid.exoceuticals.webhook"
CLIENT_ID, CLIENT_SECRET = "mgt-exo-client", "mgt-exo-client-secret-91d2"
WEBHOOK_SECRET = "mgt-exo-webhook-secret-7a03"
SCOPES = ["read_products", "read_orders", "write_orders", "read_inventory"]
UNAUTHENTICATED = {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}
EXAMPLE_FULFILLMENT = {
	"tracking_number": "1Z999AA10123456784",
	"tracking_company": "UPS",
	"tracking_urls": ["https://ups.com/track?number=1Z999AA10123456784"],
}


@dataclass
class Store:
	"""The simulated store, and a guest who calls the site."""

	domain: str
	token: str
	control: ShopifyControl
	guest: Caller

	@property
	def webhook_url(self) -> str:
		return f"{self.guest.url}{PATH}"

	def order(self, quantity: int = 2, **content) -> "Order":
		"""An order at Shopify, and the submitted Sales Order that it came from."""
		line = {"title": "Mask", "sku": "MGT-EXO", "quantity": quantity, "requiresShipping": True}
		price = {"shopMoney": {"amount": "10.00", "currencyCode": "USD"}}
		remote = self.control.make_orders(
			self.domain, [{"lineItems": [{**line, "priceSet": price}], **content}]
		)[0]
		return Order(self, remote["admin_graphql_api_id"], sales_order(remote["admin_graphql_api_id"]))

	def send(
		self, payload: dict | bytes, topic: str = "orders/updated", *, secret: str = WEBHOOK_SECRET, **headers
	) -> requests.Response:
		"""A webhook as Shopify sends it.

		:param headers: instead of the right ones, with underscores; None leaves one out.
		"""
		body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
		right = {
			"Content-Type": "application/json",
			"X-Shopify-Topic": topic,
			"X-Shopify-Hmac-Sha256": body_signature(body, secret),
			"X-Shopify-Shop-Domain": self.domain,
			"X-Shopify-Webhook-Id": str(uuid.uuid4()),
		}
		changed = {name.replace("_", "-"): value for name, value in headers.items()}
		sent = {name: value for name, value in {**right, **changed}.items() if value is not None}
		# Without a session: its connections are not for several threads.
		return requests.post(
			self.webhook_url, data=body, headers={**self.guest.session.headers, **sent}, timeout=60
		)

	def subscribe(self, *topics: str) -> None:
		"""As an administrator does in Shopify's Admin."""
		for topic in topics or ("orders/updated", "orders/fulfilled", "orders/cancelled"):
			self.control.add_admin_webhook(self.domain, topic, self.webhook_url)

	def delivered(self) -> list[dict]:
		"""The attempts, all of which the site must have acknowledged."""
		deliveries = self.control.wait_for_webhooks()
		assert {entry["status"] for entry in deliveries} == {200}, deliveries
		return deliveries


@dataclass
class Order:
	"""An order that is both at Shopify and here."""

	store: Store
	id: str
	sales_order: str

	@property
	def number(self) -> int:
		return int(self.id.rpartition("/")[2])

	def example(self, **changes) -> dict:
		"""The contract's example payload, for this order."""
		return {
			"id": self.number,
			"fulfillment_status": "fulfilled",
			"cancelled_at": None,
			"fulfillments": [EXAMPLE_FULFILLMENT],
			**changes,
		}

	def payload(self) -> dict:
		"""What a webhook would say of it now."""
		return self.store.control.order(self.store.domain, self.id)

	def do(self, what: str, *arguments, **options) -> dict:
		"""A control call about this order, e.g. `fulfill`."""
		return getattr(self.store.control, what)(self.store.domain, self.id, *arguments, **options)

	def row(self) -> Row:
		"""The Sales Order's fields, without `exoceuticals_`, and its `modified`, as the database has them
		now."""
		frappe.db.rollback()
		document = frappe.get_doc("Sales Order", self.sales_order).as_dict()
		prefix = "exoceuticals_"
		own = {
			name.removeprefix(prefix): value for name, value in document.items() if name.startswith(prefix)
		}
		return frappe._dict(own, modified=document.modified)

	def set(self, **values) -> None:
		"""Fields of the Sales Order, without `exoceuticals_`; committed."""
		values = {f"exoceuticals_{name}": value for name, value in values.items()}
		frappe.db.set_value("Sales Order", self.sales_order, values)
		frappe.db.commit()

	def tracking(self) -> tuple:
		row = self.row()
		return row.tracking_number, row.carrier, row.tracking_url

	def events(self) -> list[Row]:
		"""Its Integration Events, oldest first."""
		return events(order_id=self.id)


def register(manager: Caller) -> list[dict]:
	"""The webhooks that MedGrid has subscribed to by itself."""
	return message(manager.post("medgrid.exoceuticals.register_webhooks"))["webhooks"]


def events(**filters) -> list[Row]:
	frappe.db.rollback()
	return frappe.get_all("Integration Event", filters=filters, fields=["*"], order_by="creation, name")


def sales_order(order_id: str) -> str:
	"""A submitted Sales Order with this `exoceuticals_order_id`, committed."""
	name = vendors.order((records.item("MGT-EXO"), 2, 10)).name
	frappe.db.set_value("Sales Order", name, "exoceuticals_order_id", order_id)
	frappe.db.commit()
	return name


def status_of(answer: requests.Response) -> dict:
	"""What the webhook answered, whose shape is the contract's."""
	content = message(answer)
	assert list(content) == ["status", "topic", "sales_order"], content
	assert content["status"] == "ok"
	return content


@contextmanager
def linked_store(control, guest: Caller) -> Iterator[Store]:
	"""A new store, linked in System Settings, which are as before afterwards."""
	domain = f"mgt-exo-{secrets.token_hex(4)}.myshopify.com"
	control.add_app(CLIENT_ID, CLIENT_SECRET)
	control.add_shop(domain, admin_secret=WEBHOOK_SECRET)
	control.set_retries([0.1, 0.1, 0.1])
	token = control.issue_token(domain, SCOPES, CLIENT_ID)
	limits.lift()
	_forget_other_tests()
	with settings_restored():
		set_settings(shop_domain=domain, api_version="2026-04", client_id=CLIENT_ID)
		set_secrets(api_token=token, client_secret=CLIENT_SECRET, webhook_secret=WEBHOOK_SECRET)
		yield Store(domain, token, control, guest)
	limits.lift()


def _forget_other_tests() -> None:
	"""The simulator counts its orders from the same number each time that it is started."""
	in_transaction(lambda: frappe.db.sql("update `tabSales Order` set exoceuticals_order_id = null"))
	forget_events()


def forget_events() -> None:
	"""What other tests have received."""
	delete_rows(("Integration Event", {}))


def set_settings(**values) -> None:
	# The web server writes the settings, too: an older snapshot may not.
	frappe.db.rollback()
	for name, value in values.items():
		frappe.db.set_single_value(SETTINGS, f"exoceuticals_{name}", value)
	_saved()


def set_secrets(**values: str | None) -> None:
	"""None takes one away."""
	frappe.db.rollback()
	for name, value in values.items():
		field = f"exoceuticals_{name}"
		frappe.db.set_single_value(SETTINGS, field, "*" * 8 if value else None)
		if value:
			set_encrypted_password(SETTINGS, SETTINGS, value, field)
		else:
			frappe.db.delete("__Auth", {"doctype": SETTINGS, "fieldname": field})
	_saved()


def secret(name: str) -> str | None:
	from frappe.utils.password import get_decrypted_password

	frappe.db.rollback()
	return get_decrypted_password(SETTINGS, SETTINGS, f"exoceuticals_{name}", raise_exception=False)


@contextmanager
def settings_restored() -> Iterator[None]:
	"""Puts back all of the store's settings."""
	singles = frappe.db.sql(
		"select field, value from tabSingles where doctype = %s and field like 'exoceuticals_%%'", SETTINGS
	)
	passwords = frappe.db.sql(
		"select fieldname, password from __Auth where doctype = %s and fieldname like 'exoceuticals_%%'",
		SETTINGS,
	)
	_forget_settings()
	try:
		yield
	finally:
		frappe.db.rollback()
		_forget_settings()
		for field, value in singles:
			frappe.db.sql("insert into tabSingles values (%s, %s, %s)", (SETTINGS, field, value))
		for field, value in passwords:
			row = (SETTINGS, SETTINGS, field, value)
			columns = "doctype, name, fieldname, password, encrypted"
			frappe.db.sql(f"insert into __Auth ({columns}) values (%s, %s, %s, %s, 1)", row)
		_saved()


def _forget_settings() -> None:
	frappe.db.sql("delete from tabSingles where doctype = %s and field like 'exoceuticals_%%'", SETTINGS)
	frappe.db.sql("delete from __Auth where doctype = %s and fieldname like 'exoceuticals_%%'", SETTINGS)
	_saved()


def _saved() -> None:
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)
