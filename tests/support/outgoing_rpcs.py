"""The RPCs that call other systems, each as a function that calls it once."""

from collections.abc import Callable

import frappe

from medgrid.core.redis_keys import redis_key
from medgrid.services import outgoing
from tests.support import limits, shops
from tests.support import sendblue as phones
from tests.support.http import Caller, message
from tests.support.vendors import order

HUB, STORE = "medgrid.integrations", "medgrid.exoceuticals"


class Hub:
	"""A vendor with everything connected, and what each of the hub's RPCs that call out is called with."""

	def __init__(self, waits, vendor, shop):
		self.vendor, self.shop, self.anonymous = vendor, shop, waits.caller()
		self.caller = waits.caller(vendor.user)

	def post(self, name: str, **values):
		return lambda: self.caller.post(f"{HUB}.{name}", **values)

	def call(self, name: str) -> Callable:
		vendor = self.vendor
		match name:
			case "connect_shipstation":
				return self.post(name, api_key=vendor.api_key, api_secret=vendor.api_secret)
			case "test_connection shipstation" | "test_connection shopify":
				return self.post("test_connection", integration_type=name.split()[1])
			case "sync_now shipstation" | "sync_now shopify":
				order((vendor.item, 1, 10))
				return self.post("sync_now", integration_type=name.split()[1])
			case "sendblue_start_verification":
				return self.post(name, phone=phones.PHONE)
			case "shopify_callback":
				path = self.shop.approve()
				return lambda: self.anonymous.request("GET", path, allow_redirects=False)
		raise AssertionError(name)


HUBS_RPCS = [
	"connect_shipstation",
	"test_connection shipstation",
	"test_connection shopify",
	"sync_now shipstation",
	"sync_now shopify",
	"sendblue_start_verification",
	"shopify_callback",
]


STORES_RPCS = [
	"sync_catalog",
	"sync_inventory",
	"sync_to_exoceuticals",
	"poll_exoceuticals_status",
	"register_webhooks",
	"health",
	"oauth_callback",
]


class Seller:
	"""The linked store with one order that was sent and one that was not, and its RPCs that call out."""

	def __init__(self, waits, store, item: str):
		self.waits, self.store = waits, store
		self.caller = Caller(waits, store.caller.user)
		self.sent, self.unsent = order((item, 1, 10)), order((item, 1, 10))
		message(self.post("sync_to_exoceuticals", sales_order=self.sent.name)())

	def post(self, name: str, **values):
		return lambda: self.caller.post(f"{STORE}.{name}", **values)

	def call(self, name: str) -> Callable:
		match name:
			case "health":
				return lambda: self.caller.get(f"{STORE}.health")
			case "poll_exoceuticals_status":
				return self.post(name, sales_order=self.sent.name)
			case "sync_to_exoceuticals":
				return self.post(name, sales_order=self.unsent.name)
			case "oauth_callback":
				begun = message(self.caller.get(f"{STORE}.oauth_install_url"))
				path = shops.path_of(self.store.control.approve(begun["install_url"]))
				return lambda: self.waits.caller().request("GET", path)
		return self.post(name)


def fill_all_slots() -> list:
	"""As many requests of other users as may call out do so, until `end` of each."""
	slots = [outgoing._Slot(f"mgt.{number}@example.com") for number in range(outgoing.most_at_a_time())]
	assert [slot.ask() for slot in slots] == [outgoing.HAS_SLOT] * len(slots)
	return slots


def forget_turns() -> None:
	"""Nobody calls out."""
	if keys := list(frappe.cache.scan_iter(f"{redis_key('outgoing', '')}*")):
		frappe.cache.delete(*keys)


def forget_budgets() -> None:
	"""Nothing is known of the other systems' rate limits, and no limit of MedGrid's own is used up."""
	for subject in ("shipstation", "shopify"):
		if keys := list(frappe.cache.scan_iter(f"{redis_key(subject, '')}*")):
			frappe.cache.delete(*keys)
	limits.lift()
