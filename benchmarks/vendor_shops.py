"""Vendors who have connected a shop of any size."""

import secrets
from dataclasses import dataclass

import frappe
from pydantic import SecretStr

from benchmarks import shopify_data
from sandbox.demo.records import ensure
from sandbox.simulators.shopify.remote import ShopifyControl

CLIENT_ID, CLIENT_SECRET = "bench-client", "bench-secret"
# A Plus store's bucket: 20,000 points, 1,000 a second.
BUCKET_SIZE, RESTORE_RATE = 20_000, 1_000
SCOPES = ("read_products", "read_inventory")


@dataclass(frozen=True)
class Scene:
	shop: str
	connection: str
	control: ShopifyControl


def prepare(variants: int) -> Scene:
	"""A new vendor with such a shop, connected and never pulled."""
	from medgrid.integrations.connections.credentials import save_credentials
	from medgrid.integrations.registry import REGISTRY

	frappe.db.set_single_value("Medgrid Settings", "shopify_client_id", CLIENT_ID)
	settings = frappe.get_doc("Medgrid Settings")
	settings.shopify_client_secret = CLIENT_SECRET
	settings.save()
	made = shopify_data.make_shop(variants, bucket_size=BUCKET_SIZE, restore_rate=RESTORE_RATE)
	made.control.add_app(CLIENT_ID, CLIENT_SECRET)
	shop, user = made.domain, _vendor()
	token = made.control.issue_token(shop, SCOPES, CLIENT_ID)
	connection = save_credentials(
		user, REGISTRY["shopify"], {"access_token": SecretStr(token)}, secrets.token_hex(8), shop=shop
	)
	frappe.db.commit()
	return Scene(shop, connection, made.control)


def refill(scene: Scene) -> None:
	"""A full bucket, at Shopify and in what MedGrid knows of it."""
	scene.control.fill_bucket(scene.shop, BUCKET_SIZE)
	from medgrid.clients.shopify.cost_bucket import CostBucket

	frappe.cache.delete(*CostBucket(frappe.cache, CLIENT_ID, scene.shop).keys)


def status_of(scene: Scene) -> str:
	frappe.db.rollback()
	return frappe.db.get_value("Vendor Connection", scene.connection, "status")


def pulled(scene: Scene) -> int:
	return frappe.db.count("Vendor Product", {"connection": scene.connection, "status": "Active"})


def written_since(scene: Scene, moment: str) -> int:
	"""How many records were written after a moment (of the site's clock)."""
	frappe.db.rollback()
	filters = {"connection": scene.connection, "modified": (">", moment)}
	return frappe.db.count("Vendor Product", filters)


def _vendor() -> str:
	mark = secrets.token_hex(3)
	user = f"bench-{mark}@skydell.example"
	frappe.get_doc(
		{"doctype": "User", "email": user, "first_name": "Bench", "send_welcome_email": 0}
	).insert()
	supplier = ensure("Supplier", {"supplier_name": f"Bench Vendor {mark}"})
	supplier.append("portal_users", {"user": user})
	supplier.save()
	return user
