import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.text import MAX_LENGTH, one_line, sanitize_text


@pytest.mark.parametrize(
	("text", "stored"),
	[
		(None, ""),
		("", ""),
		("Gauze 5 × 5", "Gauze 5 × 5"),
		("a > b & c", "a > b & c"),
		("<b>bold</b>", "bold"),
		("<script>alert(1)</script>", "alert(1)"),
		("a < b", "a &lt; b"),
		("<<b>script>x", "script>x"),
		("<img src=x onerror=alert(1)", "&lt;img src=x onerror=alert(1)"),
	],
)
def test_a_stored_text_has_no_tags(text, stored):
	assert sanitize_text(text) == stored


@given(st.text())
def test_a_stored_text_opens_no_tag_and_fits_its_column(text):
	stored = sanitize_text(text)
	assert "<" not in stored
	assert len(stored) <= MAX_LENGTH


@pytest.mark.parametrize(
	("text", "line"),
	[
		(None, ""),
		("a\r\nb\t c ", "a b c"),
		("a\x00b", "ab"),
		("\u202eevil", "evil"),
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
	assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in line)
	line.encode()
