"""What the check of mypy's errors says to new ones, known ones and those that are gone."""

from tools.check_types import compare, shrunk

KNOWN = 'medgrid/portal/page.py: "str" has no attribute "shop"  [attr-defined]'
FOUND = 'medgrid/portal/page.py:12: error: "str" has no attribute "shop"  [attr-defined]'
NOTE = "medgrid/portal/page.py:12: note: See the documentation"


def test_a_known_error_is_fine_on_whatever_line():
	moved = FOUND.replace(":12:", ":99:")
	assert compare([FOUND, NOTE], [KNOWN]).is_clean
	assert compare([moved], [KNOWN]).is_clean


def test_an_error_that_the_baseline_does_not_hold_is_new():
	found = compare([FOUND], [])
	assert (found.new, found.is_clean) == ([FOUND], False)


def test_the_same_error_once_more_is_new():
	assert compare([FOUND, FOUND], [KNOWN]).new == [FOUND]


def test_the_same_error_in_another_file_is_new():
	elsewhere = FOUND.replace("portal", "contact")
	found = compare([elsewhere], [KNOWN])
	assert (found.new, found.gone) == ([elsewhere], [KNOWN])


def test_an_error_that_is_gone_fails_until_the_baseline_is_without_it():
	found = compare([FOUND], [KNOWN, KNOWN])
	assert (found.gone, found.is_clean) == ([KNOWN], False)
	assert shrunk([KNOWN, KNOWN], found.gone) == [KNOWN]


def test_an_update_adds_nothing():
	found = compare([FOUND], [])
	assert shrunk([], found.gone) == []


def test_the_baseline_may_hold_no_error_of_a_clean_package():
	error = "medgrid/core/waiting/locks.py: Missing return statement  [return]"
	line = "medgrid/core/waiting/locks.py:3: error: Missing return statement  [return]"
	found = compare([line], [error])
	assert (found.forbidden, found.is_clean) == ([error], False)
