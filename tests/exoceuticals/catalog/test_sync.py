"""The store's variants become linked to Items by SKU, or listed for review. Contract: "sync_catalog"."""

import secrets
import unicodedata

import frappe
import pytest

from medgrid.clients.shopify.models import Variant
from tests.support.http import message
from tests.support.records import ITEM_GROUP
from tests.support.records import item as make_item
from tests.support.store import (
	as_the_next_request_sees,
	links_of,
	links_to,
	many_items,
	new_item,
	open_reasons,
	unmatched,
)

RPC = "medgrid.exoceuticals.sync_catalog"
NOTHING = (None, None, None)


@pytest.fixture
def store(connected_store):
	return connected_store


def stamps() -> dict:
	"""When each linked Item and each entry was last written."""
	frappe.db.rollback()
	items = frappe.get_all(
		"Item", filters={"exoceuticals_variant_id": ("is", "set")}, fields=["name", "modified"]
	)
	entries = frappe.get_all("Exoceuticals Unmatched Variant", fields=["name", "modified", "last_seen"])
	return {row.name: tuple(row.values()) for row in [*items, *entries]}


# what is linked


def test_a_variant_is_linked_to_the_item_that_its_sku_names(store):
	item = new_item()
	variant = store.product(item)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(item) == links_to(variant)


def test_the_answer_has_exactly_the_contracts_keys(store):
	assert list(store.sync_catalog()) == ["status", "matched", "unmatched_count"]


def test_items_are_never_created(store):
	before = frappe.db.count("Item")
	variant = store.product("MGT-NOT-AN-ITEM")
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 1}
	assert frappe.db.count("Item") == before
	assert open_reasons() == {variant["id"]: "No such Item"}


@pytest.mark.parametrize("change", [str.lower, lambda sku: f"{sku} ", lambda sku: f" {sku}"])
def test_a_sku_must_be_exactly_the_items_code(store, change):
	item = new_item()
	variant = store.product(change(item))
	assert store.sync_catalog()["matched"] == 0
	assert links_of(item) == NOTHING
	assert open_reasons() == {variant["id"]: "SKU differs in blanks or case"}
	assert unmatched()[variant["id"]].similar_item == item


@pytest.mark.parametrize("written", ["{0}\u00a0", "\u200b{0}", "  {0}", "{0}\t"])
def test_blanks_that_nobody_sees_are_named_so(store, written):
	item = new_item()
	variant = store.product(written.format(item))
	store.sync_catalog()
	assert open_reasons() == {variant["id"]: "SKU differs in blanks or case"}


@pytest.mark.parametrize(("of_item", "of_sku"), [("NFC", "NFD"), ("NFD", "NFC")])
@pytest.mark.parametrize("change", [str, str.lower, "{0} ".format])
def test_letters_with_marks_that_are_composed_otherwise_are_named_so(store, of_item, of_sku, change):
	code = f"MGT-Größe-Ñ-{frappe.generate_hash(length=8).upper()}"
	item = make_item(unicodedata.normalize(of_item, code))
	frappe.db.commit()
	variant = store.product(change(unicodedata.normalize(of_sku, code)))
	assert store.sync_catalog()["matched"] == 0
	assert links_of(item) == NOTHING
	assert open_reasons() == {variant["id"]: "SKU differs in blanks or case"}
	assert unmatched()[variant["id"]].similar_item == item


def test_a_sku_that_differs_in_more_than_blanks_is_no_similar_one(store):
	item = new_item()
	variant = store.product(f"{item}-")
	store.sync_catalog()
	assert open_reasons() == {variant["id"]: "No such Item"}
	assert unmatched()[variant["id"]].similar_item is None


# of several with one SKU, the active one


@pytest.mark.parametrize("status", ["ARCHIVED", "DRAFT", "UNLISTED"])
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("others", [0, 300])
def test_of_several_variants_the_one_whose_product_is_active_is_linked(store, status, is_first, others):
	"""With others between them, they are on different pages."""
	item = new_item()
	first = store.product(item, status=status if is_first else "ACTIVE")
	if others:
		many_items(store, others)
	last = store.product(item, status="ACTIVE" if is_first else status)
	active, old = (last, first) if is_first else (first, last)
	assert store.sync_catalog() == {"status": "ok", "matched": others + 1, "unmatched_count": 1}
	assert links_of(item) == links_to(active)
	assert open_reasons() == {old["id"]: "Another variant is active"}
	before = stamps()
	assert store.sync_catalog() == {"status": "ok", "matched": others + 1, "unmatched_count": 1}
	assert stamps() == before


def test_a_single_variant_is_linked_whatever_its_products_status(store):
	item = new_item()
	variant = store.product(item, status="ARCHIVED")
	assert store.sync_catalog()["matched"] == 1
	assert links_of(item) == links_to(variant)


@pytest.mark.parametrize("statuses", [["ACTIVE", "ACTIVE", "ARCHIVED"], ["ARCHIVED", "DRAFT"]])
def test_two_active_ones_or_none_link_nothing(store, statuses):
	item = new_item()
	variants = [store.product(item, status=status) for status in statuses]
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": len(statuses)}
	assert links_of(item) == NOTHING
	assert open_reasons() == {variant["id"]: "SKU on several variants" for variant in variants}


def test_the_active_one_takes_over_when_the_old_listing_is_archived(store):
	item = new_item()
	old = store.product(item)
	many_items(store, 300)
	new = store.product(item)
	assert store.sync_catalog()["unmatched_count"] == 2
	store.control.change_product(store.domain, old["product_id"], status="ARCHIVED")
	assert store.sync_catalog() == {"status": "ok", "matched": 301, "unmatched_count": 1}
	assert links_of(item) == links_to(new)


def test_an_archived_one_is_linked_again_when_the_active_one_is_deleted(store):
	item = new_item()
	old, new = store.product(item, status="ARCHIVED"), store.product(item)
	store.sync_catalog()
	store.control.remove_product(store.domain, new["product_id"])
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(item) == links_to(old)


# the counts are this run's


def test_the_counts_are_those_of_the_run_and_not_of_the_tables(store):
	store.product(new_item())
	store.product("MGT-NOBODY")
	store.sync_catalog()
	store.control.revoke_token(store.domain)
	store.caller.post(RPC)
	assert latest_counts() == {"matched": 0, "unmatched_count": 0}


def test_a_variant_that_a_later_page_unlinks_is_not_counted_as_linked(store):
	item = new_item()
	store.product(item)
	store.sync_catalog()
	many_items(store, 300)
	store.product(item)
	assert store.sync_catalog() == {"status": "ok", "matched": 300, "unmatched_count": 2}


def latest_counts() -> dict:
	frappe.db.rollback()
	runs = frappe.get_all("Sync Run", {"kind": "catalog"}, pluck="counts", order_by="started desc", limit=1)
	return frappe.parse_json(runs[0])


def test_an_entry_tells_what_a_reviewer_must_know(store):
	variant = store.product("MGT-UNKNOWN", title="MGT Zinc", price="12.50", variant_title="60 Capsules")
	store.sync_catalog()
	entry = unmatched()[variant["id"]]
	assert (entry.product_title, entry.variant_title, entry.sku) == ("MGT Zinc", "60 Capsules", "MGT-UNKNOWN")
	assert (entry.price, entry.status, entry.product_id) == (12.5, "Open", variant["product_id"])
	assert entry.first_seen == entry.last_seen


@pytest.mark.parametrize("sku", [None, ""])
def test_a_variant_without_sku_is_listed(store, sku):
	variant = store.product(sku)
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 1}
	assert open_reasons() == {variant["id"]: "No SKU"}


def test_a_disabled_item_is_not_linked_and_an_old_link_of_it_goes(store):
	item = new_item()
	variant = store.product(item)
	store.sync_catalog()
	frappe.db.set_value("Item", item, "disabled", 1)
	frappe.db.commit()
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 1}
	assert links_of(item) == NOTHING
	assert open_reasons() == {variant["id"]: "Item disabled"}


def test_a_sku_of_several_variants_links_none_of_them(store):
	item = new_item()
	variants = [store.product(item), store.product(item)]
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 2}
	assert links_of(item) == NOTHING
	assert open_reasons() == {variant["id"]: "SKU on several variants" for variant in variants}


def test_a_second_variant_with_its_sku_ends_an_items_link(store):
	item = new_item()
	first = store.product(item)
	store.sync_catalog()
	second = store.product(item)
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 2}
	assert links_of(item) == NOTHING
	assert open_reasons() == dict.fromkeys([first["id"], second["id"]], "SKU on several variants")


def test_an_earlier_variant_that_takes_over_a_sku_that_is_still_used_ends_the_link(store):
	first = store.product("MGT-OTHER")
	item = new_item()
	second = store.product(item)
	store.sync_catalog()
	assert links_of(item) == links_to(second)
	store.control.change_sku(store.domain, first["id"], item)
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 2}
	assert links_of(item) == NOTHING


def test_when_one_of_several_leaves_the_other_is_linked(store):
	item = new_item()
	first, second = store.product(item), store.product(item)
	store.sync_catalog()
	store.control.change_sku(store.domain, second["id"], "MGT-ELSEWHERE")
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 1}
	assert links_of(item) == links_to(first)
	assert unmatched()[first["id"]].status == "Closed"


def test_when_one_of_several_is_deleted_the_other_is_linked(store):
	item = new_item()
	first, second = store.product(item), store.product(item)
	store.sync_catalog()
	store.control.remove_product(store.domain, second["product_id"])
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(item) == links_to(first)


def test_several_variants_with_a_sku_far_apart_in_the_catalog_are_found(store):
	item = new_item()
	first = store.product(item)
	many_items(store, 300)
	last = store.product(item)
	assert store.sync_catalog() == {"status": "ok", "matched": 300, "unmatched_count": 2}
	assert links_of(item) == NOTHING
	assert open_reasons() == dict.fromkeys([first["id"], last["id"]], "SKU on several variants")
	before = stamps()
	store.sync_catalog()
	assert stamps() == before


def test_a_variant_that_moved_to_another_sku_leaves_the_old_item(store):
	old, new = new_item(), new_item()
	variant = store.product(old)
	store.sync_catalog()
	store.control.change_sku(store.domain, variant["id"], new)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(old) == NOTHING
	assert links_of(new) == links_to(variant)


def test_two_variants_that_swap_their_skus_swap_their_items(store):
	items = [new_item(), new_item()]
	variants = [store.product(item) for item in items]
	many_items(store, 260)
	third = new_item()
	late = store.product(third)
	store.sync_catalog()
	store.control.change_sku(store.domain, variants[0]["id"], third)
	store.control.change_sku(store.domain, late["id"], items[0])
	assert store.sync_catalog()["unmatched_count"] == 0
	assert links_of(third) == links_to(variants[0])
	assert links_of(items[0]) == links_to(late)
	assert links_of(items[1]) == links_to(variants[1])
	assert unmatched() == {}


def test_a_variant_that_lost_its_sku_leaves_its_item(store):
	item = new_item()
	variant = store.product(item)
	store.sync_catalog()
	store.control.change_sku(store.domain, variant["id"], None)
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 1}
	assert links_of(item) == NOTHING


def test_a_variant_that_is_gone_leaves_its_item_and_the_list(store):
	item = new_item()
	linked, listed = store.product(item), store.product("MGT-NOBODY")
	store.sync_catalog()
	for variant in (linked, listed):
		store.control.remove_product(store.domain, variant["product_id"])
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 0}
	assert links_of(item) == NOTHING
	assert unmatched()[listed["id"]].status == "Closed"


def test_an_entry_is_closed_when_its_item_appears_and_opened_again_when_it_goes(store):
	code = f"MGT-X-{secrets.token_hex(4)}"
	variant = store.product(code)
	store.sync_catalog()
	frappe.get_doc(
		{"doctype": "Item", "item_code": code, "item_group": ITEM_GROUP, "stock_uom": "Nos"}
	).insert()
	frappe.db.commit()
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert unmatched()[variant["id"]].status == "Closed"
	frappe.db.set_value("Item", code, "disabled", 1)
	frappe.db.commit()
	assert store.sync_catalog()["unmatched_count"] == 1
	entry = unmatched()[variant["id"]]
	assert (entry.status, entry.reason) == ("Open", "Item disabled")


def test_links_to_another_store_end(store):
	item = new_item()
	gids = [f"gid://shopify/{kind}/1" for kind in ("Product", "ProductVariant", "InventoryItem")]
	fields = ("exoceuticals_product_id", "exoceuticals_variant_id", "exoceuticals_inventory_item_id")
	frappe.db.set_value("Item", item, dict(zip(fields, gids, strict=True)))
	frappe.db.commit()
	assert store.sync_catalog()["matched"] == 0
	assert links_of(item) == NOTHING


@pytest.mark.parametrize("written", ["7", "gid://shopify/Product/7", "gid://shopify/ProductVariant/x"])
def test_what_somebody_wrote_into_the_field_is_replaced_or_removed(store, written):
	item, other = new_item(), new_item()
	variant = store.product(item)
	for name in (item, other):
		frappe.db.set_value("Item", name, "exoceuticals_variant_id", written)
	frappe.db.commit()
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(item) == links_to(variant)
	assert links_of(other) == NOTHING


def test_the_items_cached_document_knows_its_link(store):
	item = new_item()
	frappe.get_cached_doc("Item", item)
	variant = store.product(item)
	store.sync_catalog()
	assert as_the_next_request_sees(item).exoceuticals_variant_id == variant["id"]


# writing no more than needed


def test_a_second_sync_writes_nothing(store):
	item, shared = new_item(), new_item()
	for sku in (item, shared, shared, None, "MGT-NOBODY"):
		store.product(sku)
	first = store.sync_catalog()
	before = stamps()
	assert len(before) == 5
	assert store.sync_catalog() == first
	assert stamps() == before


def test_an_unchanged_catalog_costs_no_more_than_its_pages(store):
	item = new_item()
	for sku in (item, item, "MGT-NOBODY"):
		store.product(sku)
	store.sync_catalog()
	store.control.clear_received()
	store.sync_catalog()
	assert [request["operation"] for request in store.control.received(store.domain)] == ["product_variants"]


def test_only_the_item_that_changed_is_written(store):
	one, other = new_item(), new_item()
	variant, _other = store.product(one), store.product(other)
	store.sync_catalog()
	before = stamps()
	store.control.change_sku(store.domain, variant["id"], "MGT-GONE")
	store.sync_catalog()
	assert stamps()[other] == before[other]


def test_a_variant_with_more_text_than_fits_is_listed_all_the_same(store):
	variant = store.product("S" * 200, title="T" * 255)
	assert message(store.caller.post(RPC))["unmatched_count"] == 1
	entry = unmatched()[variant["id"]]
	assert (len(entry.sku), len(entry.product_title)) == (140, 140)
	before = stamps()
	store.sync_catalog()
	assert stamps() == before


def test_links_are_what_shopify_calls_them():
	from medgrid.exoceuticals.catalog.links import links_to as ids_of

	variant = Variant.model_validate(
		{
			"id": "gid://shopify/ProductVariant/2",
			"title": "",
			"price": "1",
			"inventoryItem": {"id": "gid://shopify/InventoryItem/3"},
			"product": {"id": "gid://shopify/Product/1", "title": "", "status": "ACTIVE"},
		}
	)
	assert ids_of(variant) == (
		"gid://shopify/Product/1",
		"gid://shopify/ProductVariant/2",
		"gid://shopify/InventoryItem/3",
	)
