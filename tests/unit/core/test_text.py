import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.text import one_line, without_format


@pytest.mark.parametrize(
	("text", "line"),
	[
		(None, ""),
		("a\r\nb\t c ", "a b c"),
		("a\x00b", "ab"),
		("\u202eevil", "evil"),
		("zero\u200bwidth", "zerowidth"),
		("\ud800x", "x"),
		("Łódź ул. Ленина", "Łódź ул. Ленина"),
		("x" * 50, "x" * 20),
	],
)
def test_one_line_is_what_can_be_shown(text, line):
	assert one_line(text, 20) == line


@given(st.text(), st.integers(1, 200))
def test_one_line_has_no_control_characters_and_no_more_than_it_may(text, length):
	line = one_line(text, length)
	assert len(line) <= length
	assert not any(unicodedata.category(char) in ("Cc", "Cs", "Cf") for char in line)
	line.encode()


@given(st.text())
def test_without_format_keeps_everything_else(text):
	kept = without_format(text)
	assert kept == "".join(char for char in text if unicodedata.category(char) != "Cf")


def test_lines_and_tabs_stay_where_only_format_characters_are_removed():
	assert without_format("a\u200b\r\n\tb\u202e\x07") == "a\r\n\tb\x07"
