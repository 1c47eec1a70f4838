"""Orders of the Exoceuticals store at the site, and their webhooks, signed and ready to be sent."""

import json
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone

import frappe
from frappe.utils import now
from frappe.utils.password import set_encrypted_password

from sandbox.demo.records import ensure
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.signing import body_signature

SECRET = "bench-webhook-secret"
COMPANY, CUSTOMER = "Skydell Medical", "Bench Clinic"
LINES = 5
SETTINGS = "System Settings"
ADDRESS = {
	"firstName": "Ada",
	"lastName": "Bench",
	"address1": "1 Main St",
	"city": "Chicago",
	"provinceCode": "IL",
	"countryCode": "US",
	"zip": "60610",
}


def prepare(count: int, topic: str) -> list[tuple[bytes, dict[str, str]]]:
	"""So many webhooks, each with its own id, for as many Sales Orders: body and headers.

	:param topic: orders/fulfilled, with tracking; or orders/updated, of orders that are not shipped.
	"""
	control = ShopifyControl(frappe.conf.medgrid_endpoints["shopify"].removesuffix("/{shop}"))
	domain = f"bench-{secrets.token_hex(3)}.myshopify.com"
	_link(domain)
	template = _template(control, domain, shipped=topic == "orders/fulfilled")
	numbers = _orders(count)
	return list(_messages(template, numbers, topic, domain))


def outcomes(webhooks: list[tuple[bytes, dict[str, str]]]) -> dict[str, int]:
	"""How many of them ended how, by Integration Event."""
	frappe.db.rollback()
	# Each run has a shop of its own.
	shops = {headers["X-Shopify-Shop-Domain"] for _body, headers in webhooks}
	rows = frappe.get_all("Integration Event", filters={"shop": ("in", shops)}, pluck="outcome")
	return {outcome: rows.count(outcome) for outcome in set(rows)}


def _link(domain: str) -> None:
	"""Without a token: nobody shall be asked anything."""
	frappe.db.set_single_value(SETTINGS, "exoceuticals_shop_domain", domain)
	frappe.db.set_single_value(SETTINGS, "exoceuticals_webhook_secret", "*" * 8)
	set_encrypted_password(SETTINGS, SETTINGS, SECRET, "exoceuticals_webhook_secret")
	frappe.db.commit()


def _template(control: ShopifyControl, domain: str, *, shipped: bool) -> dict:
	"""The payload of an order as large as they are, some kilobytes."""
	control.add_shop(domain)
	price = {"shopMoney": {"amount": "28.50", "currencyCode": "USD"}}
	lines = [
		{"title": f"Vitamin {number}", "sku": f"V{number}", "quantity": 2, "priceSet": price}
		for number in range(LINES)
	]
	order = control.make_orders(
		domain, [{"lineItems": lines, "email": "ada@example.com", "shippingAddress": ADDRESS}]
	)[0]
	if shipped:
		order = control.fulfill(domain, order["id"], "1Z999", "UPS", "https://ups.com/1Z999", silent=True)
	return order


def _orders(count: int) -> list[int]:
	"""Sales Orders written in bulk, with what the webhook reads of them; the numbers of their Shopify
	orders."""
	ensure("Company", {"company_name": COMPANY}, abbr="SM", default_currency="USD", country="United States")
	ensure("Customer", {"customer_name": CUSTOMER})
	start = int(datetime.now(timezone.utc).timestamp() * 1000) * 10_000
	numbers, stamp = list(range(start, start + count)), now()
	fields = ["name", "docstatus", "company", "customer", "creation", "modified", "exoceuticals_order_id"]
	rows = [
		[f"BENCH-EXO-{number}", 1, COMPANY, CUSTOMER, stamp, stamp, f"gid://shopify/Order/{number}"]
		for number in numbers
	]
	frappe.db.bulk_insert("Sales Order", fields, rows)
	frappe.db.commit()
	return numbers


def _messages(
	template: dict, numbers: list[int], topic: str, domain: str
) -> Iterator[tuple[bytes, dict[str, str]]]:
	for number in numbers:
		body = json.dumps({**template, "id": number}).encode()
		yield (
			body,
			{
				"Content-Type": "application/json",
				"X-Shopify-Topic": topic,
				"X-Shopify-Hmac-Sha256": body_signature(body, SECRET),
				"X-Shopify-Shop-Domain": domain,
				"X-Shopify-Webhook-Id": str(uuid.uuid4()),
			},
		)
