"""What the check of mypy's errors says to new ones, known ones and those that are gone."""

import pytest

from tools.check_types import BASELINE, compare, shrunk
from tools.check_types import KNOWN as SIZE

KNOWN = 'medgrid/portal/page.py: "str" has no attribute "shop"  [attr-defined]'
FOUND = 'medgrid/portal/page.py:12: error: "str" has no attribute "shop"  [attr-defined]'
NOTE = "medgrid/portal/page.py:12: note: See the documentation"


def test_a_known_error_is_fine_on_whatever_line():
	moved = FOUND.replace(":12:", ":99:")
	assert compare([FOUND, NOTE], [KNOWN], 1).is_clean
	assert compare([moved], [KNOWN], 1).is_clean


def test_an_error_that_the_baseline_does_not_hold_is_new():
	found = compare([FOUND], [], 0)
	assert (found.new, found.is_clean) == ([FOUND], False)


def test_the_same_error_once_more_is_new():
	assert compare([FOUND, FOUND], [KNOWN], 1).new == [FOUND]


def test_the_same_error_in_another_file_is_new():
	elsewhere = FOUND.replace("portal", "contact")
	found = compare([elsewhere], [KNOWN], 1)
	assert (found.new, found.gone) == ([elsewhere], [KNOWN])


def test_an_error_that_is_gone_fails_until_the_baseline_is_without_it():
	found = compare([FOUND], [KNOWN, KNOWN], 2)
	assert (found.gone, found.is_clean) == ([KNOWN], False)
	assert shrunk([KNOWN, KNOWN], found.gone) == [KNOWN]


def test_an_update_adds_nothing():
	found = compare([FOUND], [], 0)
	assert shrunk([], found.gone) == []


def test_the_baseline_may_hold_no_error_of_a_clean_package():
	error = "medgrid/core/waiting/locks.py: Missing return statement  [return]"
	line = "medgrid/core/waiting/locks.py:3: error: Missing return statement  [return]"
	found = compare([line], [error], 1)
	assert (found.forbidden, found.is_clean) == ([error], False)


@pytest.mark.parametrize(("size", "surplus"), [(0, 1), (1, 0), (2, -1)])
def test_a_baseline_with_more_or_fewer_lines_than_the_tool_names_fails(size, surplus):
	"""Whoever adds an error to the baseline would pass otherwise."""
	found = compare([FOUND], [KNOWN], size)
	assert (found.surplus, found.is_clean) == (surplus, surplus == 0)


def test_lines_that_are_the_same_count_each():
	assert compare([FOUND, FOUND], [KNOWN, KNOWN], 1).surplus == 1


def test_the_repositorys_baseline_has_the_size_that_the_tool_names():
	assert len(BASELINE.read_text().splitlines()) == SIZE
