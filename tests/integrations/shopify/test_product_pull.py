"""The catalog pull of a vendor's shop, over HTTP. Contract: "sync_now", "test_connection"."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import frappe
import pytest

from medgrid.core.waiting.request_time import deadline_in
from medgrid.integrations.connections import records
from medgrid.integrations.shopify import product_pull
from medgrid.integrations.shopify.client import vendor_client
from medgrid.integrations.shopify.products import VendorProducts
from medgrid.sync.catalog_size import CatalogSize
from medgrid.sync.runs import RunLost
from tests.support.http import error
from tests.support.records import write_values
from tests.support.runs import Worker, kill, sync_for
from tests.support.shops import make_shop
from tests.support.vendors import item_of
from tests.support.waiting import wait_until_equal

GONE = "Gone"


@pytest.fixture
def stocked_shop(connected_shop):
	"""Two products: one of two variants, one whose SKU is the vendor's Item."""
	rows = [
		{
			"title": "Vitamin D3",
			"variants": [
				{"sku": "D3-60", "variant_title": "60", "price": "14.50", "quantity": 7},
				{"sku": "D3-120", "variant_title": "120", "price": "28.50", "quantity": -2},
			],
		},
		{"title": "Gauze", "sku": connected_shop.vendor.item, "price": "3", "quantity": 5, "status": "DRAFT"},
	]
	connected_shop.control.seed_products(connected_shop.domain, rows)
	return connected_shop


def variant(shop, sku: str) -> dict:
	products = shop.control.products(shop.domain)
	return next(row for product in products for row in product["variants"] if row["sku"] == sku)


def product_id(shop, title: str) -> str:
	return next(row["id"] for row in shop.control.products(shop.domain) if row["title"] == title)


def modified(shop) -> dict[str, str]:
	return {sku: str(row.modified) for sku, row in shop.products().items()}


def test_a_pull_answers_with_the_contracts_stats(stocked_shop):
	assert stocked_shop.sync() == {
		"ok": True,
		"stats": {
			"products_pulled": 2,
			"round_trip_ok": True,
			"sample_titles": ["Gauze", "Vitamin D3"],
		},
	}
	entry = stocked_shop.entry()
	assert (entry["status"], entry["last_error"]) == ("connected", None)
	assert entry["last_sync_at"]
	assert entry["stats"] == {"products_pulled": 2}


def test_at_most_five_titles_are_shown(connected_shop):
	rows = [{"title": f"P{number}", "sku": f"P{number}"} for number in range(8)]
	connected_shop.control.seed_products(connected_shop.domain, rows)
	stats = connected_shop.sync()["stats"]
	assert (stats["products_pulled"], len(stats["sample_titles"])) == (8, 5)


def test_an_empty_shop_is_no_failure(connected_shop):
	answer = connected_shop.sync()
	assert answer["ok"] is True
	assert answer["stats"] == {"products_pulled": 0, "round_trip_ok": True, "sample_titles": []}


def test_what_the_shop_has_is_kept_for_curation(stocked_shop):
	stocked_shop.sync()
	row = stocked_shop.products()["D3-120"]
	remote = variant(stocked_shop, "D3-120")
	assert row.variant_id == remote["id"]
	assert row.product_id == product_id(stocked_shop, "Vitamin D3")
	assert (row.product_title, row.variant_title, row.status) == ("Vitamin D3", "120", "Active")
	assert (Decimal(str(row.price)), row.currency, row.available_qty) == (Decimal("28.5"), "USD", -2)
	assert (row.supplier, row.shop) == (stocked_shop.vendor.supplier, stocked_shop.domain)
	assert row.last_seen
	assert stocked_shop.products()[stocked_shop.vendor.item].status == "Draft"


def test_a_sku_that_is_this_vendors_item_is_linked_and_no_item_is_made(stocked_shop):
	items = frappe.db.count("Item")
	stocked_shop.sync()
	products = stocked_shop.products()
	assert products[stocked_shop.vendor.item].item == stocked_shop.vendor.item
	assert products["D3-60"].item is None
	assert frappe.db.count("Item") == items


def test_another_vendors_item_is_not_linked(connected_shop, other_vendor):
	connected_shop.control.seed_products(
		connected_shop.domain, [{"title": "Theirs", "sku": other_vendor.item}]
	)
	connected_shop.sync()
	assert connected_shop.products()[other_vendor.item].item is None


def test_a_sku_in_another_case_is_another_sku(connected_shop):
	sku = connected_shop.vendor.item.lower()
	connected_shop.control.seed_products(connected_shop.domain, [{"title": "Lower", "sku": sku}])
	connected_shop.sync()
	assert connected_shop.products()[sku].item is None


def test_a_link_follows_the_item(stocked_shop):
	stocked_shop.sync()
	item_of(stocked_shop.vendor.supplier, "D3-60-" + stocked_shop.vendor.item)
	remote = variant(stocked_shop, "D3-60")
	stocked_shop.control.change_sku(stocked_shop.domain, remote["id"], "D3-60-" + stocked_shop.vendor.item)
	frappe.db.commit()
	stocked_shop.sync()
	row = stocked_shop.products()["D3-60-" + stocked_shop.vendor.item]
	assert row.item == row.sku


def test_a_second_unchanged_pull_writes_nothing(stocked_shop):
	stocked_shop.sync()
	before = modified(stocked_shop)
	assert stocked_shop.sync()["stats"]["products_pulled"] == 2
	assert modified(stocked_shop) == before


def test_only_what_changed_is_written(stocked_shop):
	stocked_shop.sync()
	before = modified(stocked_shop)
	remote = variant(stocked_shop, "D3-60")
	stocked_shop.control.change_variant(stocked_shop.domain, remote["id"], price="15.00")
	stocked_shop.sync()
	after = modified(stocked_shop)
	assert {sku for sku in before if before[sku] != after[sku]} == {"D3-60"}
	assert stocked_shop.products()["D3-60"].price == 15


def test_what_is_gone_from_the_shop_is_marked_and_kept(stocked_shop):
	stocked_shop.sync()
	stocked_shop.control.remove_product(stocked_shop.domain, product_id(stocked_shop, "Vitamin D3"))
	stats = stocked_shop.sync()["stats"]
	assert stats["products_pulled"] == 1
	products = stocked_shop.products()
	assert (products["D3-60"].status, products["D3-60"].available_qty) == (GONE, 0)
	assert products["D3-120"].status == GONE
	before = modified(stocked_shop)
	stocked_shop.sync()
	assert modified(stocked_shop) == before


def test_the_whole_shop_gone_is_seen_too(stocked_shop):
	stocked_shop.sync()
	for row in stocked_shop.control.products(stocked_shop.domain):
		stocked_shop.control.remove_product(stocked_shop.domain, row["id"])
	assert stocked_shop.sync()["stats"]["products_pulled"] == 0
	assert {row.status for row in stocked_shop.products().values()} == {GONE}


def test_variants_in_the_middle_and_at_the_end_of_pages_are_found_missing(connected_shop):
	made = connected_shop.control.make_products(connected_shop.domain, 600)
	assert made["variants"] == 600
	connected_shop.sync()
	products = connected_shop.control.products(connected_shop.domain)
	removed = [products[index] for index in (0, 100, 249, 250, 499, 500, 599)]
	for product in removed:
		connected_shop.control.remove_product(connected_shop.domain, product["id"])
	assert connected_shop.sync()["stats"]["products_pulled"] == 593
	gone = {row.product_id for row in connected_shop.products().values() if row.status == GONE}
	assert gone == {product["id"] for product in removed}


def test_another_shop_in_its_place_leaves_the_first_ones_products_gone(stocked_shop, anonymous):
	stocked_shop.sync()
	second = make_shop(stocked_shop.vendor, stocked_shop.control, anonymous)
	second.control.seed_products(second.domain, [{"title": "New", "sku": "NEW"}])
	second.connect()
	assert second.sync()["stats"]["sample_titles"] == ["New"]
	products = second.products()
	assert products["NEW"].status == "Active"
	assert products["D3-60"].status == GONE


def test_two_clicks_at_once_pull_once(stocked_shop):
	stocked_shop.control.fault("slow", operation="product_variants", seconds=1)
	with ThreadPoolExecutor(2) as pool:
		calls = [
			pool.submit(stocked_shop.caller.post, "medgrid.integrations.sync_now", integration_type="shopify")
			for _number in range(2)
		]
	answers = sorted((call.result() for call in calls), key=lambda answer: answer.status_code)
	assert answers[0].json()["message"]["ok"] is True
	error(answers[1], 409, "ConflictError")
	assert len(stocked_shop.products()) == 3


# Failures


@pytest.mark.parametrize(
	("status", "words"),
	[
		(401, "access token"),
		(402, "billing"),
		(403, "permission"),
		(404, "does not know this store"),
		(423, "locked"),
	],
)
def test_a_failure_says_what_to_do_and_keeps_what_was_pulled(stocked_shop, status, words):
	stocked_shop.sync()
	stocked_shop.control.fault("status", status=status, times=None, domain=stocked_shop.domain)
	answer = stocked_shop.sync()
	assert answer["ok"] is False
	assert words in answer["error"]
	assert answer["stats"]["round_trip_ok"] is False
	entry = stocked_shop.entry()
	assert entry["status"] == "error"
	assert words in entry["last_error"]
	assert len(stocked_shop.products()) == 3


@pytest.mark.parametrize(
	("status", "words"),
	[(401, "access token"), (402, "billing"), (500, "Shopify is unavailable (HTTP 500). Try again later.")],
)
def test_a_failed_test_says_so_and_a_good_one_mends_it(stocked_shop, status, words):
	stocked_shop.control.fault("status", status=status, times=None, domain=stocked_shop.domain)
	answer = stocked_shop.test()
	assert answer["ok"] is False
	assert words in answer["error"]
	assert stocked_shop.entry()["status"] == "error"
	stocked_shop.control.clear_faults()
	assert stocked_shop.test() == {"ok": True, "error": None}
	assert (stocked_shop.entry()["status"], stocked_shop.entry()["last_error"]) == ("connected", None)


def test_a_test_asks_for_the_shops_name(stocked_shop):
	stocked_shop.control.set_shop(stocked_shop.domain, name="Summit Supply")
	assert stocked_shop.test()["ok"] is True
	assert stocked_shop.connection().shop_name == "Summit Supply"


def _pull_one_page_and_die(shop) -> None:
	"""A pull whose worker ended after the first page, in this process."""
	worker = Worker(shop.connection().name)
	connection = worker.sync.connection
	client = vendor_client(connection, deadline=deadline_in(60))
	products = VendorProducts(connection.name, shop.vendor.supplier, shop.domain, "USD")
	variant_range = next(product_pull.variant_ranges(client))
	products.apply(variant_range)
	cursor, after_id = variant_range.cursor, variant_range.last_id
	worker.run.save(account=connection.account, cursor=cursor, after_id=after_id)
	kill("shopify", connection.name)
	shop.control.clear_received()


def pages_asked(shop) -> int:
	return len(shop.control.received(shop.domain, "product_variants"))


def test_a_failure_in_the_middle_keeps_what_was_read_and_says_so(connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 600)
	_pull_one_page_and_die(connected_shop)
	connected_shop.control.fault("status", status=402, operation="product_variants")
	answer = connected_shop.sync()
	assert answer["ok"] is False
	assert len(connected_shop.products()) == 250


def test_after_a_failure_the_next_pull_is_a_full_one(connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 300)
	_pull_one_page_and_die(connected_shop)
	connected_shop.control.fault("status", status=402, operation="product_variants")
	connected_shop.sync()
	connected_shop.control.clear_received()
	assert connected_shop.sync()["stats"]["products_pulled"] == 300
	assert pages_asked(connected_shop) == 2


def test_what_a_killed_worker_has_read_is_not_read_again_soon(connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 600)
	_pull_one_page_and_die(connected_shop)
	assert connected_shop.sync()["stats"]["products_pulled"] == 600
	assert pages_asked(connected_shop) == 2


def test_a_pull_that_stopped_long_ago_begins_anew(connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 300)
	_pull_one_page_and_die(connected_shop)
	kill("shopify", connected_shop.connection().name, long_ago=True)
	connected_shop.sync()
	assert pages_asked(connected_shop) == 2


def test_a_cursor_that_shopify_forgot_begins_anew(connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 300)
	_pull_one_page_and_die(connected_shop)
	_change_progress(connected_shop, cursor="nonsense")
	assert connected_shop.sync()["stats"]["products_pulled"] == 300


def _change_progress(shop, **changes) -> None:
	name = frappe.db.get_value("Sync Run", {"running": f"shopify:{shop.connection().name}"})
	progress = json.loads(frappe.db.get_value("Sync Run", name, "progress"))
	write_values("Sync Run", name, "progress", json.dumps({**progress, **changes}))


def test_a_shop_that_takes_the_place_of_one_being_pulled_is_pulled_from_its_beginning(
	connected_shop, anonymous
):
	first = connected_shop
	first.control.make_products(first.domain, 300)
	old = records.get(first.connection().name)
	worker = Worker(old.name)
	client = vendor_client(old, deadline=deadline_in(60), heartbeat=worker.run.heartbeat)
	variant_range = next(product_pull.variant_ranges(client))
	second = make_shop(first.vendor, first.control, anonymous)
	second.control.make_products(second.domain, 2)
	second.connect()
	with pytest.raises(RunLost):
		client.heartbeat()
	with pytest.raises(RunLost):
		worker.run.save(account=old.account, cursor=variant_range.cursor, after_id=variant_range.last_id)
	assert second.sync()["stats"]["products_pulled"] == 2
	assert len(second.products()) == 2


def test_text_of_a_shop_is_kept_as_it_came_without_what_cannot_be_seen(connected_shop):
	"""It is escaped where it is shown."""
	evil = "<img src=x onerror=alert(1)>"
	row = {"title": f"D3\u202e {evil}", "sku": f"SKU-1{evil}", "price": "1"}
	connected_shop.control.seed_products(connected_shop.domain, [row, {"title": "3 < 4 <b & c", "sku": "S2"}])
	connected_shop.sync()
	products = connected_shop.products()
	assert products[f"SKU-1{evil}"].product_title == f"D3 {evil}"
	assert products["S2"].product_title == "3 < 4 <b & c"


def test_without_the_uninstall_webhook_the_pull_goes_on_all_the_same(shop):
	shop.control.fault("status", status=403, operation="webhook_subscription*", times=None)
	shop.connect()
	shop.control.seed_products(shop.domain, [{"title": "D3", "sku": "D3"}])
	assert shop.sync()["stats"]["products_pulled"] == 1


def test_prices_of_currencies_with_three_decimals_are_kept(connected_shop):
	connected_shop.control.set_shop(connected_shop.domain, currency="KWD")
	frappe.db.commit()
	connected_shop.control.seed_products(
		connected_shop.domain, [{"title": "D3", "sku": "D3", "price": "1.25"}]
	)
	connected_shop.sync()
	assert connected_shop.products()["D3"].price == 1.25


@pytest.mark.parametrize("price", ["1000000000000.00", "999999999999999999.99"])
def test_a_price_that_no_field_holds_stops_no_pull(connected_shop, price):
	rows = [{"title": "D3", "sku": "D3", "price": "1.25"}, {"title": "Ask us", "sku": "N", "price": price}]
	connected_shop.control.seed_products(connected_shop.domain, rows)
	assert connected_shop.sync()["stats"]["products_pulled"] == 2
	products = connected_shop.products()
	assert products["D3"].price == 1.25
	assert products["N"].price == 999999999999.99


def test_a_hundred_are_written_at_a_time(connected_shop, monkeypatch):
	connected_shop.control.make_products(connected_shop.domain, 250)
	connection = records.get(connected_shop.connection().name)
	with vendor_client(connection, deadline=deadline_in(60)) as client:
		variant_range = next(product_pull.variant_ranges(client))
	products = VendorProducts(connection.name, connected_shop.vendor.supplier, connected_shop.domain, "USD")
	commit, written = frappe.db.commit, []

	def count_and_commit(*arguments, **options):
		of_title = {"connection": connection.name, "product_title": variant_range.variants[0].product.title}
		written.append(frappe.db.count("Vendor Product", of_title))
		return commit(*arguments, **options)

	monkeypatch.setattr(frappe.db, "commit", count_and_commit)
	for title in ("New", "Renamed"):
		for variant in variant_range.variants:
			variant.product.title = title
		written.clear()
		products.apply(variant_range)
		assert [number for number in dict.fromkeys(written) if number] == [100, 200, 250]


def test_what_the_bucket_does_not_give_in_time_goes_on_as_a_job(connected_shop):
	shop = connected_shop
	shop.control.set_shop(shop.domain, bucket_size=1000, restore_rate=50)
	shop.control.make_products(shop.domain, 600)
	# Three pages of 752 points: the second one would have to wait ten seconds.
	answer = sync_for(shop.connection().name, seconds=8)
	assert answer["ok"] is True
	assert answer["stats"]["products_pulled"] == 250
	shop.control.set_shop(shop.domain, bucket_size=20000, restore_rate=1000)
	wait_until_equal(lambda: shop.entry()["status"], "connected")
	assert shop.entry()["stats"] == {"products_pulled": 600}


def test_a_catalog_that_does_not_end_ends_with_a_clear_error(connected_shop, monkeypatch):
	shop = connected_shop
	monkeypatch.setattr(product_pull, "VENDOR_CATALOG", CatalogSize(variants=100_000, pages=2))
	shop.control.make_products(shop.domain, 600)
	answer = sync_for(shop.connection().name, seconds=60)
	assert answer["ok"] is False
	assert "too large: MedGrid reads up to 100,000 variants on up to 2 pages" in answer["error"]
	assert (shop.entry()["status"], shop.entry()["last_error"]) == ("error", answer["error"])
	assert answer["stats"]["products_pulled"] == 500


def test_vendor_products_are_for_those_who_curate(stocked_shop, other_vendor, manager, anonymous):
	stocked_shop.sync()
	path = "/api/resource/Vendor Product"
	assert manager.request("GET", path).status_code == 200
	for caller in (stocked_shop.caller, other_vendor.caller):
		error(caller.request("GET", path), 403, "PermissionError")
	error(anonymous.request("GET", path), 401, "AuthenticationError")
