"""What an order says to whoever ships it, and how that differs from what was sent."""

import json
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.orders.content import (
	Added,
	Content,
	OtherwiseChanged,
	Readdressed,
	Removed,
	Renamed,
	Requantified,
	Restood,
	Row,
	Standing,
	Undelivered,
	differences,
	from_json,
	matching_rows,
	taken_over,
)

SENT = Content(
	{"a": Row(1, "GLOVES", "2"), "b": Row(2, "MASKS", "10")},
	{"street1": "1420 N Lake Shore Dr", "city": "Chicago"},
	rest="1",
	sent_rows=("a", "b"),
)


@pytest.mark.parametrize(
	("now", "found"),
	[
		(SENT, []),
		(replace(SENT, sent_rows=()), []),
		(replace(SENT, rows={**SENT.rows, "c": Row(3, "GOWNS", "1")}), [Added(Row(3, "GOWNS", "1"))]),
		(replace(SENT, rows={"a": SENT.rows["a"]}), [Removed(Row(2, "MASKS", "10"))]),
		(
			replace(SENT, rows={**SENT.rows, "a": Row(1, "GLOVES", "5")}),
			[Requantified(Row(1, "GLOVES", "5"), "2")],
		),
		# A row that only moved is the same row.
		(replace(SENT, rows={"a": Row(2, "GLOVES", "2"), "b": Row(1, "MASKS", "10")}), []),
		(
			replace(SENT, rows={**SENT.rows, "a": Row(1, "GOWNS", "2")}),
			[Removed(Row(1, "GLOVES", "2")), Added(Row(1, "GOWNS", "2"))],
		),
		(replace(SENT, ship_to={"street1": "1 Pier", "city": "Chicago"}), [Readdressed(("street1",))]),
		(
			replace(SENT, ship_to={**SENT.ship_to, "street2": "Suite 5"}),
			[Readdressed(("street2",))],
		),
		(replace(SENT, standing=Standing.STOPPED), [Restood(Standing.STOPPED)]),
		(replace(SENT, rest="2"), [OtherwiseChanged()]),
		(replace(SENT, delivered={"a": "1", "b": "10"}), []),
	],
)
def test_differences_are_named(now, found):
	assert differences(SENT, now) == found


@pytest.mark.parametrize(
	("delivered", "found"),
	[
		({"b": "4"}, []),
		({"b": "10", "a": "2"}, []),
		({"b": "1.5"}, [Undelivered(Row(2, "MASKS", "10"), "2.5")]),
		({"a": "2"}, [Undelivered(Row(2, "MASKS", "10"), "4")]),
		({}, [Undelivered(Row(2, "MASKS", "10"), "4")]),
	],
)
def test_what_was_not_sent_because_it_had_been_delivered_must_stay_delivered(delivered, found):
	"""A Delivery Note of what was sent is no difference, nor is its cancellation."""
	sent = replace(SENT, delivered={"b": "4"})
	assert sent.sent_quantities == {"a": 2, "b": 6}
	assert differences(sent, replace(SENT, delivered=delivered)) == found
	assert (
		differences(taken_over(sent, {"b": "n"}), taken_over(replace(SENT, delivered=delivered), {"b": "n"}))
		== found
	)


@pytest.mark.parametrize("quantity", ["2", "5"])
def test_an_item_that_was_renamed_is_no_other_item(quantity):
	row = Row(1, "GLOVES-M", quantity)
	found = differences(SENT, replace(SENT, rows={**SENT.rows, "a": row}), renamed={"GLOVES"})
	assert found == [Renamed(row, "GLOVES"), *([Requantified(row, "2")] if quantity == "5" else [])]


rows = st.builds(
	Row, st.integers(1, 50), st.sampled_from(["GLOVES", "MASKS", "ÄÖ"]), st.sampled_from(["1", "2.5", "40"])
)
contents = st.builds(
	Content,
	st.dictionaries(st.text(min_size=1, max_size=10), rows, max_size=6),
	st.dictionaries(st.sampled_from(["street1", "city", "name"]), st.text(min_size=1, max_size=8)),
	st.sampled_from(Standing),
	st.sampled_from(["", "1", "2"]),
	st.lists(st.text(min_size=1, max_size=10), max_size=4).map(tuple),
)
delivered = st.dictionaries(st.text(min_size=1, max_size=10), st.sampled_from(["1", "2.5"]))


@given(contents, delivered)
def test_a_content_is_read_as_it_was_stored(content, delivered):
	content = replace(content, delivered=delivered)
	assert from_json(content.as_json()).delivered == delivered
	assert from_json(content.as_json()) == content
	assert from_json(content.as_json()).sent_rows == content.sent_rows
	assert differences(content, content) == []


@given(contents, contents)
def test_two_contents_differ_in_both_directions_or_in_none(one, other):
	assert bool(differences(one, other)) == bool(differences(other, one))


def test_of_a_content_of_an_earlier_release_nobody_knows_what_had_been_delivered():
	stored = json.loads(SENT.as_json())
	del stored["delivered"]
	earlier = from_json(json.dumps(stored))
	assert earlier and differences(earlier, SENT) == []


def test_nothing_stored_is_no_content():
	assert from_json(None) is None
	assert from_json("") is None


def row(name, item, quantity, supplier=None):
	return SimpleNamespace(
		name=name,
		item_code=item,
		stock_qty=quantity,
		delivered_by_supplier=int(bool(supplier)),
		supplier=supplier,
	)


@pytest.mark.parametrize(
	("before", "after", "found"),
	[
		([row("a", "X", 1)], [row("n", "X", 1)], {"a": "n"}),
		([row("a", "X", 1)], [row("n", "Y", 1)], {}),
		# The quantity changed, or another row came in between.
		([row("a", "X", 1)], [row("n", "X", 5)], {"a": "n"}),
		([row("a", "X", 2)], [row("k", "Y", 2), row("n", "X", 2)], {"a": "n"}),
		# As many as before: in the same places, whatever their quantities are.
		([row("a", "X", 2), row("b", "X", 3)], [row("m", "X", 3), row("n", "X", 2)], {"a": "m", "b": "n"}),
		# The first of them is gone: what is left is the second one.
		([row("a", "X", 2), row("b", "X", 3)], [row("n", "X", 3)], {"b": "n"}),
		([row("a", "X", 2), row("b", "X", 2)], [row("n", "X", 2)], {"a": "n"}),
		# One was added before the others.
		([row("a", "X", 3)], [row("m", "X", 1), row("n", "X", 3)], {"a": "n"}),
		(
			[row("a", "X", 2), row("b", "X", 3)],
			[row("l", "X", 9), row("m", "X", 2), row("n", "X", 3)],
			{"a": "m", "b": "n"},
		),
		# A drop-shipped row is no row from stock, while there is one of its own kind.
		(
			[row("a", "X", 1), row("b", "X", 1, "V")],
			[row("m", "X", 1, "V"), row("n", "X", 1)],
			{"a": "n", "b": "m"},
		),
		([row("a", "X", 1, "V"), row("b", "X", 1, "W")], [row("n", "X", 1, "W")], {"b": "n"}),
		# Who ships it changed: the same goods all the same.
		([row("a", "X", 1, "V")], [row("n", "X", 1)], {"a": "n"}),
		([row("a", "X", 1, "V")], [row("n", "X", 1, "W")], {"a": "n"}),
	],
)
def test_rows_of_an_amended_order_stand_for_those_of_its_original(before, after, found):
	assert matching_rows(before, after) == found


kinds = st.tuples(st.sampled_from("XY"), st.integers(1, 3), st.sampled_from([None, "V"]))


@given(st.lists(kinds, max_size=6), st.data())
def test_what_is_left_of_an_order_is_matched_to_the_same_goods(kinds, data):
	"""Rows were removed, and nothing else changed: what is left stands for as much of each quantity."""
	before = [row(f"old {place}", *kind) for place, kind in enumerate(kinds)]
	left = data.draw(st.lists(st.sampled_from(range(len(kinds))), unique=True).map(sorted)) if kinds else []
	after = [row(f"new {place}", *kinds[place]) for place in left]
	found = matching_rows(before, after)
	assert sorted(found.values()) == sorted(each.name for each in after)
	olds, news = ({each.name: each for each in rows} for rows in (before, after))
	for old, new in found.items():
		assert (olds[old].item_code, olds[old].stock_qty, olds[old].supplier) == (
			news[new].item_code,
			news[new].stock_qty,
			news[new].supplier,
		)


@given(st.lists(kinds, max_size=6), st.lists(kinds, max_size=6))
def test_each_row_stands_for_one_at_most_and_for_the_same_item(kinds, others):
	before = [row(f"old {place}", *kind) for place, kind in enumerate(kinds)]
	after = [row(f"new {place}", *kind) for place, kind in enumerate(others)]
	found = matching_rows(before, after)
	assert len(set(found.values())) == len(found)
	items = {each.name: each.item_code for each in [*before, *after]}
	assert all(items[old] == items[new] for old, new in found.items())
	for item in "XY":
		counts = [sum(each.item_code == item for each in rows) for rows in (before, after)]
		assert sum(items[old] == item for old in found) == min(counts)


def test_a_content_goes_over_to_the_amended_order_with_its_rows():
	moved = taken_over(SENT, {"a": "n"})
	assert moved.rows == {"n": SENT.rows["a"], "b": SENT.rows["b"]}
	assert moved.sent_rows == ("n", "b")
