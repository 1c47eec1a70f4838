"""The Exoceuticals store: a simulated shop, and System Settings that know it."""

import secrets
from dataclasses import dataclass

import frappe
from frappe.utils.password import get_decrypted_password, remove_encrypted_password, set_encrypted_password

from sandbox.simulators.shopify.remote import ShopifyControl
from tests.support.http import Caller, message
from tests.support.records import ITEM_GROUP, Row, item, warehouse
from tests.support.rows import delete_rows

SETTINGS, PREFIX = "System Settings", "exoceuticals_"
CLIENT_ID, CLIENT_SECRET = "mgt-store-client", "mgt-store-secret-77aa"
SCOPES = "read_products,write_products,read_orders,write_orders,read_inventory,write_inventory"
PLAIN = (
	"shop_domain",
	"client_id",
	"api_version",
	"order_tag",
	"send_tax_lines",
	"location_id",
	"warehouse",
)
SECRET = ("client_secret", "api_token", "webhook_secret")
LINKS = ("exoceuticals_product_id", "exoceuticals_variant_id", "exoceuticals_inventory_item_id")


@dataclass
class Store:
	"""The store, connected or not, and an administrator's way to it."""

	domain: str
	location: str
	warehouse: str
	control: ShopifyControl
	caller: Caller

	def configure(self, **values) -> None:
		"""Sets some of the settings; None empties one."""
		configure(**values)

	def connect(self) -> None:
		"""A token with the contract's scopes, without the redirects."""
		token = self.control.issue_token(self.domain, SCOPES.split(","), client_id=CLIENT_ID)
		configure(api_token=token)

	def sync_catalog(self) -> dict:
		return message(self.caller.post("medgrid.exoceuticals.sync_catalog"))

	def sync_inventory(self) -> dict:
		return message(self.caller.post("medgrid.exoceuticals.sync_inventory"))

	def product(self, sku: str | None, quantity: int = 5, title: str = "MGT Product", **more) -> dict:
		"""A product with one variant; returns the variant."""
		row = {"title": title, "sku": sku, "price": "10.00", "quantity": quantity, **more}
		return self.control.seed_products(self.domain, [row])[0]["variants"][0]


def make_store(control: ShopifyControl, caller: Caller) -> Store:
	"""A new store with its app, in System Settings; Items of earlier tests are unlinked."""
	domain = f"mgt-store-{secrets.token_hex(4)}.myshopify.com"
	control.add_app(CLIENT_ID, CLIENT_SECRET)
	location = control.add_shop(domain)["location_id"]
	name = warehouse("MGT Exoceuticals")
	forget_everything()
	settings = {
		"shop_domain": domain,
		"client_id": CLIENT_ID,
		"client_secret": CLIENT_SECRET,
		"location_id": location,
		"warehouse": name,
	}
	configure(**{**dict.fromkeys((*PLAIN, *SECRET)), **settings})
	return Store(domain, location, name, control, caller)


def configure(**values) -> None:
	"""Sets some of the store's settings; None empties one. Committed."""
	for name, value in values.items():
		if name not in SECRET:
			frappe.db.set_single_value(SETTINGS, PREFIX + name, value)
		elif value:
			frappe.db.set_single_value(SETTINGS, PREFIX + name, "*" * 8)
			set_encrypted_password(SETTINGS, SETTINGS, value, PREFIX + name)
		else:
			frappe.db.set_single_value(SETTINGS, PREFIX + name, None)
			remove_encrypted_password(SETTINGS, SETTINGS, PREFIX + name)
	frappe.db.commit()
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def configured() -> dict:
	"""All of the store's settings as they are now, secrets in plain text."""
	frappe.db.rollback()
	values = {
		name: frappe.db.get_single_value(SETTINGS, PREFIX + name, cache=False) or None for name in PLAIN
	}
	for name in SECRET:
		values[name] = get_decrypted_password(SETTINGS, SETTINGS, PREFIX + name, raise_exception=False)
	return values


def forget_everything() -> None:
	"""What syncs of earlier tests left behind. Committed."""
	delete_rows(("Exoceuticals Unmatched Variant", {}), ("Sync Run", {}))
	emptied = {**dict.fromkeys(LINKS), "exoceuticals_qty": 0, "exoceuticals_last_synced": None}
	marked = [{"exoceuticals_qty": ("!=", 0)}, *({link: ("is", "set")} for link in LINKS)]
	for filters in marked:
		for name in frappe.get_all("Item", filters=filters, pluck="name"):
			frappe.db.set_value("Item", name, emptied)
	frappe.db.commit()


def new_item(**values) -> str:
	"""An Item with a code of its own, committed."""
	name = item(f"MGT-X-{secrets.token_hex(4)}", **values)
	frappe.db.commit()
	return name


def sold_item(store: Store, **values) -> str:
	"""An Item that the store sells, linked, with 50 in stock there; committed."""
	name = new_item(**values)
	variant = store.product(name, quantity=50)
	frappe.db.set_value("Item", name, "exoceuticals_variant_id", variant["id"])
	frappe.db.commit()
	return name


def many_items(store: Store, count: int) -> list[str]:
	"""Items, and a product for each, the n-th of which has n in stock; committed."""
	mark = f"MGT-{secrets.token_hex(3)}".upper()
	store.control.make_products(store.domain, count, prefix=mark)
	now = frappe.utils.now()
	names = [f"{mark}-{number:06d}" for number in range(1, count + 1)]
	fields = ["name", "item_code", "item_name", "item_group", "stock_uom", "creation", "modified"]
	rows = [[name, name, name, ITEM_GROUP, "Nos", now, now] for name in names]
	frappe.db.bulk_insert("Item", fields, rows)
	frappe.db.commit()
	return names


def stocked_item(store: Store, quantity: int) -> tuple[str, dict]:
	"""A linked Item and its variant."""
	name = new_item()
	variant = store.product(name, quantity=quantity)
	store.sync_catalog()
	return name, variant


def item_of(name: str):
	"""What the inventory sync writes on an Item, as it is now."""
	frappe.db.rollback()
	fields = ["exoceuticals_qty", "exoceuticals_last_synced", "modified"]
	return frappe.db.get_value("Item", name, fields, as_dict=True)


def bin_of(store: Store, name: str):
	"""The Item's Bin in the mirror warehouse as it is now; None if there is none."""
	frappe.db.rollback()
	key = {"item_code": name, "warehouse": store.warehouse}
	return frappe.db.get_value("Bin", key, ["*"], as_dict=True)


def links_of(name: str) -> tuple:
	"""The three ids that an Item holds now."""
	frappe.db.rollback()
	return tuple(value or None for value in frappe.db.get_value("Item", name, LINKS))


def links_to(variant: dict) -> tuple:
	"""What an Item holds that is linked to a variant of the simulator."""
	return variant["product_id"], variant["id"], variant["inventory_item_id"]


def unmatched() -> dict[str, Row]:
	"""The entries for review as they are now, by variant."""
	frappe.db.rollback()
	rows = frappe.get_all("Exoceuticals Unmatched Variant", fields=["*"])
	return {row.variant_id: row for row in rows}


def open_reasons() -> dict[str, str]:
	"""Variant -> reason, of the open entries."""
	return {gid: row.reason for gid, row in unmatched().items() if row.status == "Open"}


def latest_run(kind: str):
	frappe.db.rollback()
	name = frappe.get_all(
		"Sync Run", filters={"kind": kind}, order_by="started desc, creation desc", pluck="name"
	)[0]
	return frappe.get_doc("Sync Run", name)


def as_the_next_request_sees(name: str):
	"""An Item from Redis' cache, without what this process remembers itself."""
	frappe.db.rollback()
	frappe.local.cache.clear()
	return frappe.get_cached_doc("Item", name)
