"""People link variants to Items, create Items for them or have them ignored, and the sync keeps it."""

import secrets

import frappe
import pytest

from tests.support import people
from tests.support.http import Caller, error, message
from tests.support.records import ITEM_GROUP
from tests.support.store import links_of, links_to, new_item, open_reasons, unmatched

PREFIX = "medgrid.exoceuticals."
NOTHING = (None, None, None)
RPCS = ("link_variants", "create_items", "ignore_variants", "reopen_variants")


@pytest.fixture
def store(connected_store):
	return connected_store


@pytest.fixture(scope="session")
def curator(environment):
	return Caller(environment, user=people.person("mgt.item.manager@example.com", "Item Manager"))


def entry_of(variant):
	return unmatched()[variant["id"]]


def decide(caller, what, *variants, **more) -> dict:
	names = [entry_of(variant).name for variant in variants]
	return message(caller.post(PREFIX + what, variants=names, **more))


def listed(store, sku="MGT-NOBODY", **more):
	"""A variant that the sync lists for review."""
	variant = store.product(sku, **more)
	store.sync_catalog()
	return variant


# Link


def test_an_item_linked_by_hand_stays_linked(store, curator):
	item = new_item()
	variant = listed(store)
	answer = decide(curator, "link_variants", variant, item=item)
	assert answer == {"done": [entry_of(variant).name], "failed": []}
	assert links_of(item) == links_to(variant)
	for _sync in range(2):
		assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
		assert links_of(item) == links_to(variant)
	entry = entry_of(variant)
	assert (entry.status, entry.decision, entry.item) == ("Linked", "Linked", item)
	assert (entry.decided_by, bool(entry.decided_at)) == (curator.user.email, True)


def test_another_variant_with_the_items_code_does_not_take_the_item(store, curator):
	item = new_item()
	variant = listed(store)
	decide(curator, "link_variants", variant, item=item)
	other = store.product(item)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 1}
	assert links_of(item) == links_to(variant)
	assert open_reasons() == {other["id"]: "Item linked by hand"}


def test_one_of_several_with_a_sku_can_be_chosen_by_hand(store, curator):
	item = new_item()
	first, second = store.product(item), store.product(item)
	store.sync_catalog()
	decide(curator, "link_variants", second, item=item)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 1}
	assert links_of(item) == links_to(second)
	assert open_reasons() == {first["id"]: "Item linked by hand"}


def test_many_are_linked_to_the_items_that_differ_in_blanks_or_case(store, curator):
	items = [new_item(), new_item()]
	variants = [store.product(items[0].lower()), store.product(f"{items[1]} ")]
	other = listed(store)
	answer = decide(curator, "link_variants", *variants, other)
	assert answer["done"] == [entry_of(variant).name for variant in variants]
	(failed,) = answer["failed"]
	assert failed["variant"] == entry_of(other).name
	assert "Choose the Item" in failed["reason"]
	assert store.sync_catalog() == {"status": "ok", "matched": 2, "unmatched_count": 1}
	assert [links_of(item) for item in items] == [links_to(variant) for variant in variants]


def test_a_link_by_hand_waits_while_its_item_is_disabled(store, curator):
	item = new_item()
	variant = listed(store)
	decide(curator, "link_variants", variant, item=item)
	for disabled, links, status in ((1, NOTHING, "Open"), (0, links_to(variant), "Linked")):
		frappe.db.rollback()
		frappe.db.set_value("Item", item, "disabled", disabled)
		frappe.db.commit()
		store.sync_catalog()
		assert links_of(item) == links
		assert entry_of(variant).status == status


def test_a_link_by_hand_follows_the_items_new_name(store, curator, site):
	item = new_item()
	variant = listed(store)
	decide(curator, "link_variants", variant, item=item)
	renamed = f"{item}-NEW"
	site.db.rollback()
	site.rename_doc("Item", item, renamed)
	site.db.commit()
	assert store.sync_catalog()["matched"] == 1
	assert links_of(renamed) == links_to(variant)


def test_a_variant_that_is_deleted_ends_its_link_and_the_decision(store, curator):
	item = new_item()
	variant = listed(store)
	decide(curator, "link_variants", variant, item=item)
	store.control.remove_product(store.domain, variant["product_id"])
	store.sync_catalog()
	assert links_of(item) == NOTHING
	entry = entry_of(variant)
	assert (entry.status, entry.decision, entry.item) == ("Closed", None, None)


def test_a_variant_linked_to_another_item_leaves_the_first(store, curator):
	first, second = new_item(), new_item()
	variant = listed(store)
	for item in (first, second):
		decide(curator, "link_variants", variant, item=item)
	assert links_of(first) == NOTHING
	assert links_of(second) == links_to(variant)


REFUSED = {
	"unknown": ("MGT-NO-SUCH-ITEM", 404, "DoesNotExistError"),
	"disabled": ({"disabled": 1}, 417, "ValidationError"),
	"a template": ({"has_variants": 1}, 417, "ValidationError"),
}


@pytest.mark.parametrize(("item", "status", "kind"), REFUSED.values(), ids=REFUSED)
def test_an_item_that_cannot_be_linked_is_refused(store, curator, item, status, kind):
	name = item
	if isinstance(item, dict):
		name = new_item()
		frappe.db.set_value("Item", name, item)
		frappe.db.commit()
	variant = listed(store)
	answer = curator.post(PREFIX + "link_variants", variants=[entry_of(variant).name], item=name)
	assert name in error(answer, status, kind)
	assert entry_of(variant).status == "Open"


def test_an_item_that_was_linked_by_hand_is_not_linked_to_a_second_variant(store, curator):
	item = new_item()
	first, second = store.product("MGT-ONE"), listed(store, "MGT-TWO")
	decide(curator, "link_variants", first, item=item)
	answer = curator.post(PREFIX + "link_variants", variants=[entry_of(second).name], item=item)
	assert "MGT-ONE" in error(answer, 417, "ValidationError")
	assert links_of(item) == links_to(first)


def test_one_item_for_several_variants_is_400(store, curator):
	answer = curator.post(PREFIX + "link_variants", variants=["a", "b"], item="x")
	assert "item" in error(answer, 400, "ValidationError")


# Create Item


def test_an_item_is_created_and_linked_and_stays_so(store, curator):
	code = f"MGT-X-{secrets.token_hex(4)}"
	variant = listed(store, code, title="MGT Zinc", variant_title="60 Capsules")
	decide(curator, "create_items", variant, item_group=ITEM_GROUP, stock_uom="Nos")
	frappe.db.rollback()
	item = frappe.get_doc("Item", code)
	assert (item.item_name, item.item_group, item.owner) == (
		"MGT Zinc – 60 Capsules",
		ITEM_GROUP,
		curator.user.email,
	)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(code) == links_to(variant)


def test_many_items_are_created_and_what_cannot_be_is_named(store, curator):
	codes = [f"MGT-X-{secrets.token_hex(4)}" for _number in range(2)]
	variants = [store.product(code) for code in codes]
	similar = new_item()
	odd = [store.product(None), store.product(similar.lower())]
	store.sync_catalog()
	answer = decide(curator, "create_items", *variants, *odd, item_group=ITEM_GROUP, stock_uom="Nos")
	assert len(answer["done"]) == 2
	reasons = {each["variant"]: each["reason"] for each in answer["failed"]}
	assert "no SKU" in reasons[entry_of(odd[0]).name]
	assert similar in reasons[entry_of(odd[1]).name]
	assert store.sync_catalog() == {"status": "ok", "matched": 2, "unmatched_count": 2}


def test_what_erpnext_refuses_is_said_and_leaves_the_variant_as_it_is(store, curator):
	variant = listed(store, f"MGT-X-{secrets.token_hex(4)}")
	names = [entry_of(variant).name]
	answer = curator.post(PREFIX + "create_items", variants=names, item_group="MGT None", stock_uom="Nos")
	assert "MGT None" in error(answer, 417, "ValidationError")
	assert entry_of(variant).status == "Open"


# Ignore and Reopen


def test_an_ignored_variant_stays_ignored_and_is_not_counted(store, curator):
	variant = listed(store)
	decide(curator, "ignore_variants", variant)
	store.control.change_sku(store.domain, variant["id"], "MGT-OTHER")
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 0}
	assert (entry_of(variant).status, entry_of(variant).sku) == ("Ignored", "MGT-OTHER")


def test_an_ignored_variant_is_not_linked_although_its_sku_is_an_items_code(store, curator):
	item = new_item()
	variant = listed(store)
	decide(curator, "ignore_variants", variant)
	store.control.change_sku(store.domain, variant["id"], item)
	assert store.sync_catalog()["matched"] == 0
	assert links_of(item) == NOTHING


def test_of_two_with_one_sku_the_one_that_is_not_ignored_is_linked(store, curator):
	item = new_item()
	first, second = store.product(item), store.product(item)
	store.sync_catalog()
	decide(curator, "ignore_variants", first)
	assert store.sync_catalog() == {"status": "ok", "matched": 1, "unmatched_count": 0}
	assert links_of(item) == links_to(second)


@pytest.mark.parametrize("what", ["ignore_variants", "link_variants"])
def test_a_decision_is_taken_back(store, curator, what):
	item = new_item()
	variant = listed(store)
	decide(curator, what, variant, **({"item": item} if what == "link_variants" else {}))
	decide(curator, "reopen_variants", variant)
	assert links_of(item) == NOTHING
	assert store.sync_catalog() == {"status": "ok", "matched": 0, "unmatched_count": 1}
	assert (entry_of(variant).status, entry_of(variant).decision) == ("Open", None)


def test_what_nobody_decided_cannot_be_taken_back(store, curator):
	variant = listed(store)
	answer = curator.post(PREFIX + "reopen_variants", variants=[entry_of(variant).name])
	error(answer, 417, "ValidationError")


# who, and what


@pytest.mark.parametrize("rpc", RPCS)
def test_who_may_not_decide(store, sales_rep, customer, anonymous, rpc):
	for caller in (sales_rep, customer):
		error(caller.post(PREFIX + rpc, variants=["x"]), 403, "PermissionError")
	error(anonymous.post(PREFIX + rpc, variants=["x"]), 401, "AuthenticationError")


@pytest.mark.parametrize("rpc", RPCS)
def test_no_variant_is_400_and_an_unknown_one_404(store, curator, rpc):
	empty: list[dict] = [{}, {"variants": []}, {"variants": 5}]
	for given in empty:
		error(curator.post(PREFIX + rpc, **given), 400, "ValidationError")
	error(curator.post(PREFIX + rpc, variants=["MGT-NONE"]), 404, "DoesNotExistError")


def test_decisions_without_the_right_to_write_items_are_refused(store, only_administrator):
	"""A System Manager without rights on Items."""
	item = new_item()
	variant = listed(store)
	answer = only_administrator.post(PREFIX + "link_variants", variants=[entry_of(variant).name], item=item)
	error(answer, 403, "PermissionError")
	assert entry_of(variant).decision is None
