"""Which rows go to Exoceuticals. Contract: "sync_to_exoceuticals" (`line_items`, "Prerequisites")."""

import pytest

from medgrid.exoceuticals.orders.lines import (
	AllDelivered,
	NothingOrdered,
	NoVariant,
	RowDelivered,
	UnknownRows,
	select,
)
from tests.unit.orders.factories import line

VARIANTS = {"SOLD": "gid://shopify/ProductVariant/1", "SOLD-2": "gid://shopify/ProductVariant/2"}


def sold(row, **changes):
	return line(row, **{"item": "SOLD", **changes})


def foreign(row):
	return line(row, item="FOREIGN")


def rows_of(selection):
	return [one.row for one in selection.lines]


def test_all_that_exoceuticals_sells_goes_and_the_rest_is_named():
	selection = select([sold("a"), foreign("b"), sold("c", item="SOLD-2"), foreign("d")], VARIANTS, None)
	assert (rows_of(selection), selection.left_out) == (["a", "c"], ["FOREIGN"])


def test_rows_that_are_named_go_alone_in_the_orders_sequence():
	selection = select([sold("a"), sold("b"), sold("c")], VARIANTS, ["c", "a"])
	assert (rows_of(selection), selection.left_out) == (["a", "c"], [])


def test_what_is_delivered_does_not_go():
	assert rows_of(select([sold("a", quantity=0, ordered=2), sold("b")], VARIANTS, None)) == ["b"]


@pytest.mark.parametrize(("rows", "unknown"), [(["a", "x", "y"], ("x", "y")), ([], ())])
def test_names_that_are_no_rows_are_refused(rows, unknown):
	with pytest.raises(UnknownRows) as raised:
		select([sold("a")], VARIANTS, rows)
	assert raised.value.rows == unknown


def test_a_row_that_is_named_must_have_a_variant():
	with pytest.raises(NoVariant) as raised:
		select([sold("a"), foreign("b"), foreign("c")], VARIANTS, ["a", "b", "c"])
	assert raised.value.items == ("FOREIGN",)


def test_without_any_variant_nothing_goes():
	with pytest.raises(NoVariant):
		select([foreign("a")], VARIANTS, None)


def test_a_row_that_is_named_and_delivered_is_refused():
	with pytest.raises(RowDelivered) as raised:
		select([sold("a"), sold("b", quantity=0, ordered=2, number=2)], VARIANTS, ["a", "b"])
	assert (raised.value.row, raised.value.item) == (2, "SOLD")


def test_when_all_is_delivered_nothing_goes():
	with pytest.raises(AllDelivered):
		select([sold("a", quantity=0, ordered=2), foreign("b")], VARIANTS, None)


@pytest.mark.parametrize("rows", [None, ["a"]])
def test_a_row_with_the_quantity_0_is_not_called_delivered(rows):
	with pytest.raises(NothingOrdered) as raised:
		select([sold("a", quantity=0), foreign("b")], VARIANTS, rows)
	assert (raised.value.row, raised.value.item) == (1, "SOLD")


def test_when_what_was_ordered_is_delivered_a_row_with_the_quantity_0_changes_nothing():
	with pytest.raises(AllDelivered):
		select([sold("a", quantity=0), sold("b", quantity=0, ordered=2)], VARIANTS, None)
