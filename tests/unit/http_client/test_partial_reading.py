"""Reads what can be read of a record."""

from copy import deepcopy
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from medgrid.http_client.partial_reading import (
	entries_of,
	in_words,
	not_null,
	problems_of,
	read_each,
	read_partly,
)


class Parcel(BaseModel):
	number: Annotated[str, Field(strict=True, max_length=10)] | None = None


class Shipment(BaseModel):
	id: Annotated[int, Field(strict=True, gt=0)]
	sent: Annotated[str | None, not_null] = None
	parcels: Annotated[list[Parcel], Field(max_length=3)] = []


class Order(BaseModel):
	id: Annotated[int, Field(strict=True, gt=0)]
	shipments: list[Shipment] = []


RIGHT = {"id": 1, "shipments": [{"id": 2, "sent": "now", "parcels": [{"number": "A"}, {"number": None}]}]}
ANYTHING = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
	max_leaves=6,
)
FIELDS = ["id", "shipments", "sent", "parcels", "number"]
ORDERS = st.fixed_dictionaries(
	{"id": st.just(1)},
	optional={
		"shipments": ANYTHING
		| st.lists(
			ANYTHING
			| st.fixed_dictionaries(
				{"id": st.just(2) | ANYTHING},
				optional={"sent": ANYTHING, "parcels": ANYTHING | st.lists(ANYTHING, max_size=6)},
			),
			max_size=4,
		)
	},
)


def test_a_right_record_has_no_problems():
	partial = read_partly(Order, RIGHT)
	assert partial.record == Order.model_validate(RIGHT)
	assert partial.problems == {}


@given(ORDERS)
def test_whatever_is_odd_in_it_the_rest_is_read_and_nothing_is_changed(content):
	before = repr(content)
	partial = read_partly(Order, content)
	assert partial.record.id == 1
	assert repr(content) == before
	try:
		whole = Order.model_validate(content)
	except ValidationError:
		assert partial.problems
	else:
		assert (partial.record, partial.problems) == (whole, {})


@given(st.lists(ANYTHING, max_size=5), st.integers(0, 5))
def test_a_right_entry_is_kept_whatever_stands_beside_it(entries, place):
	right = RIGHT["shipments"][0]
	content = {"id": 1, "shipments": [*entries[:place], right, *entries[place:]]}
	assert Shipment.model_validate(right) in read_partly(Order, content).record.shipments


@pytest.mark.parametrize(
	("change", "words"),
	[
		({"sent": None}, "shipments.0.sent: it is null"),
		({"sent": 5}, "shipments.0.sent: it is no text"),
		({"id": "2"}, "shipments.0.id: it is no whole number"),
		({"parcels": "none"}, "shipments.0.parcels: it is no list"),
		({"parcels": [{}] * 4}, "shipments.0.parcels: it has too many entries"),
		({"parcels": [{"number": "x" * 11}]}, "shipments.0.parcels.0.number: it is too long"),
	],
)
def test_what_was_left_out_is_said_without_its_value(change, words):
	content = deepcopy(RIGHT)
	content["shipments"][0].update(change)
	assert words in in_words(read_partly(Order, content).problems)


def test_a_record_that_cannot_do_without_a_field_is_invalid_and_the_first_error_says_why():
	with pytest.raises(ValidationError) as raised:
		read_partly(Order, {"id": "x", "shipments": []})
	assert problems_of(raised.value) == "id: it is no whole number"


@pytest.mark.parametrize("content", [None, 5, [], "x", {}, {"id": None}])
def test_what_is_no_record_is_invalid(content):
	with pytest.raises(ValidationError):
		read_partly(Order, content)


def test_an_entry_that_is_not_valid_does_not_cost_the_others():
	read, refused = read_each(Order, [{"id": 1}, {"id": "x"}, None, {"id": 4}], 10)
	assert {place: order.id for place, order in read.items()} == {0: 1, 3: 4}
	assert refused == {1: {"id": "x"}, 2: None}


def test_the_entries_beyond_the_most_are_not_read():
	read, refused = read_each(Order, [{"id": 1}, {"id": 2}, {"id": 3}], 2)
	assert ([order.id for order in read.values()], refused) == ([1, 2], {2: {"id": 3}})


@pytest.mark.parametrize("page", [{}, {"orders": None}, {"orders": []}])
def test_a_page_without_entries_has_none(page):
	assert entries_of(page, "orders") == []


@pytest.mark.parametrize("entries", [0, "", {}, {"a": 1}, True])
def test_what_is_no_list_of_entries_is_refused(entries):
	with pytest.raises(ValueError, match="orders is not a list"):
		entries_of({"orders": entries}, "orders")
