"""Decides to which Item a variant belongs."""

from hypothesis import given
from hypothesis import strategies as st

from medgrid.clients.shopify.models import Variant
from medgrid.exoceuticals.catalog.matching import (
	AMBIGUOUS,
	DISABLED,
	HELD,
	INACTIVE,
	NO_ITEM,
	NO_SKU,
	SIMILAR,
	Decisions,
	LinkedItem,
	is_active,
	match,
)

SKUS = ["A", "B", "b ", None]
ITEMS = {"A": LinkedItem("A", False, (None,) * 3), "B": LinkedItem("B", False, (None,) * 3)}


def variant(number: int, sku: str | None, status: str = "ACTIVE") -> Variant:
	return Variant.model_validate(
		{
			"id": f"gid://shopify/ProductVariant/{number}",
			"title": "",
			"sku": sku,
			"price": "1",
			"inventoryItem": {"id": f"gid://shopify/InventoryItem/{number}"},
			"product": {"id": f"gid://shopify/Product/{number}", "title": "", "status": status},
		}
	)


def matched(variants, items=ITEMS, decisions=None, similar=None):
	"""The result for a whole catalog."""
	decisions = decisions or Decisions()
	known = {each.id: each for each in variants}
	candidates: dict[str, dict[str, bool]] = {}
	for each in variants:
		if each.sku in items and decisions.is_open(each.id):
			candidates.setdefault(each.sku, {})[each.id] = is_active(each)
	return match(known, items, similar or {}, candidates, decisions)


@given(
	st.lists(st.tuples(st.sampled_from(SKUS), st.sampled_from(["ACTIVE", "ARCHIVED", "DRAFT"])), max_size=7),
	st.data(),
)
def test_every_variant_has_an_item_or_a_reason_and_an_item_has_one_variant(rows, data):
	variants = [variant(number, *row) for number, row in enumerate(rows, start=1)]
	gids = [each.id for each in variants]
	held = data.draw(st.sampled_from([None, *gids]))
	ignored = data.draw(st.sets(st.sampled_from(gids), max_size=3) if gids else st.just(set())) - {held}
	links = {held: "A"} if held else {}
	decisions = Decisions(links, dict.fromkeys(ignored, "No SKU"), {"A": held} if held else {})
	result = matched(variants, decisions=decisions)
	assert sorted([*result.targets, *result.reasons]) == sorted(gids)
	assert len(set(result.targets.values())) == len(result.targets)
	for gid, item in result.targets.items():
		is_by_sku = next(each for each in variants if each.id == gid).sku == item
		assert (is_by_sku and gid not in ignored) or gid == held
	if held:
		assert result.targets[held] == "A"
	for item in ("A", "B"):
		same = [each for each in variants if each.sku == item and decisions.is_open(each.id)]
		active = [each for each in same if is_active(each)]
		if item not in decisions.holders and (len(same) == 1 or len(active) == 1):
			right = same[0] if len(same) == 1 else active[0]
			assert result.targets[right.id] == item


def test_each_reason():
	disabled = {**ITEMS, "B": LinkedItem("B", True, (None,) * 3)}
	one, two = variant(1, "A"), variant(2, "A", "ARCHIVED")
	assert list(matched([variant(1, None)]).reasons.values()) == [NO_SKU]
	assert list(matched([variant(1, "C")]).reasons.values()) == [NO_ITEM]
	assert list(matched([variant(1, "a ")], similar={"a ": "A"}).reasons.values()) == [SIMILAR]
	assert list(matched([variant(1, "B")], disabled).reasons.values()) == [DISABLED]
	assert matched([one, two]).reasons == {two.id: INACTIVE}
	assert set(matched([one, variant(3, "A")]).reasons.values()) == {AMBIGUOUS}
	by_hand = Decisions({two.id: "A"}, {}, {"A": two.id})
	assert matched([one, two], decisions=by_hand).reasons == {one.id: HELD}
	assert matched([one], disabled, Decisions({one.id: "B"})).reasons == {one.id: DISABLED}


def test_a_link_to_an_item_that_is_gone_does_not_count():
	one = variant(1, "A")
	assert matched([one], decisions=Decisions({one.id: "GONE"})).targets == {one.id: "A"}
