"""What an order says to whoever ships it, and how that differs from what was sent."""

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
	Requantified,
	Restood,
	Row,
	Standing,
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
	],
)
def test_differences_are_named(now, found):
	assert differences(SENT, now) == found


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


@given(contents)
def test_a_content_is_read_as_it_was_stored(content):
	assert from_json(content.as_json()) == content
	assert from_json(content.as_json()).sent_rows == content.sent_rows
	assert differences(content, content) == []


@given(contents, contents)
def test_two_contents_differ_in_both_directions_or_in_none(one, other):
	assert bool(differences(one, other)) == bool(differences(other, one))


def test_nothing_stored_is_no_content():
	assert from_json(None) is None
	assert from_json("") is None


def row(name, item, idx):
	return SimpleNamespace(name=name, item_code=item, idx=idx)


@pytest.mark.parametrize(
	("before", "after", "found"),
	[
		([row("a", "X", 1)], [row("n", "X", 1)], {"a": "n"}),
		# The same place is the better match, wherever it stands in the list.
		([row("a", "X", 2)], [row("m", "X", 1), row("n", "X", 2)], {"a": "n"}),
		([row("a", "X", 1), row("b", "X", 2)], [row("m", "X", 2), row("n", "X", 3)], {"b": "m", "a": "n"}),
		([row("a", "X", 1)], [row("n", "Y", 1)], {}),
	],
)
def test_rows_of_an_amended_order_stand_for_those_of_its_original(before, after, found):
	assert matching_rows(before, after, {"a", "b"}) == found


def test_a_content_goes_over_to_the_amended_order_with_its_rows():
	moved = taken_over(SENT, {"a": "n"})
	assert moved.rows == {"n": SENT.rows["a"], "b": SENT.rows["b"]}
	assert moved.sent_rows == ("n", "b")
