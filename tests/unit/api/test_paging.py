"""The numbers that ask for a page of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.api.paging import (
	MAX_OFFSET,
	bounded_page_length,
	offset,
	page_of,
	total_of_last_page,
	whole_number,
)

NUMBERS: tuple[tuple[object, int | None], ...] = (
	*((5, 5), ("5", 5), (" 5 ", 5), ("+5", 5), ("-5", -5), ("007", 7), (5.0, 5), (0, 0), (10**30, 10**30)),
	*(("9" * 40, int("9" * 40)), ("9" * 41, None), ("\u0661", None), ("\uff15", None), ("5.0", None)),
	*(("1e2", None), ("0x5", None), ("1_0", None), ("", None), (" ", None), ("--5", None), (1.5, None)),
	*((True, None), (False, None), (None, None), ([5], None), ({}, None), (float("nan"), None)),
	*((float("inf"), None), ("5\n5", None), ("five", None)),
)


@pytest.mark.parametrize(("value", "number"), NUMBERS)
def test_a_whole_number_is_read_in_one_way(value, number):
	assert whole_number(value) == number
	expected = number if number is not None and 0 <= number <= MAX_OFFSET else None
	assert offset(value) == expected


@pytest.mark.parametrize(
	("asked", "given"),
	[
		(1, 1),
		("20", 20),
		(500, 500),
		(501, 500),
		("0", 500),
		(0, 500),
		(10**12, 500),
		("9" * 30, 500),
		(-1, -1),
	],
)
def test_a_number_of_rows_is_at_most_500_and_0_means_all_of_those(asked, given):
	assert bounded_page_length(asked) == given


@pytest.mark.parametrize("value", ["many", None, [], "1.5", 1.5, True, "\u0661"])
def test_what_is_no_whole_number_is_left_for_validation_to_refuse(value):
	assert bounded_page_length(value) == value


def test_without_any_paging_parameter_there_is_no_page():
	assert page_of(None, None) is None


@pytest.mark.parametrize(
	("start", "length", "page"), [(None, 5, (0, 5)), (40, None, (40, 20)), (0, 20, (0, 20))]
)
def test_either_parameter_asks_for_a_page(start, length, page):
	assert page_of(start, length) == page


@pytest.mark.parametrize(
	("start", "rows", "found", "total"),
	[
		(0, 20, 0, 0),
		(0, 20, 7, 7),
		(40, 20, 7, 47),
		# A whole page: others may follow.
		(0, 20, 20, None),
		# Beyond the end: nobody knows where it is.
		(40, 20, 0, None),
	],
)
def test_the_last_page_tells_how_many_rows_there_are(start, rows, found, total):
	assert total_of_last_page(start, rows, found) == total


@given(number=st.integers(0, 60), start=st.integers(0, 80), rows=st.integers(1, 30))
def test_what_a_page_tells_is_the_number_of_all_rows(number, start, rows):
	found = len(range(number)[start : start + rows])
	assert total_of_last_page(start, rows, found) in (None, number)
