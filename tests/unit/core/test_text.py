import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.text import one_line


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
