import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.text import is_visible, one_line, plain_text, without_format


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


SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
# Written right only with a joiner, a non-joiner or a sign.
SPELLED = {
	"Persian": "می\u200cخواهم",
	"Persian suffix after Latin": "SMS\u200cها",
	"Persian abbreviation": "ه\u200d.ش",
	"Hindi": "क्\u200dष",
	"Malayalam": "അവന്\u200d",
	"Sinhala": "ශ්\u200dරී ලංකා",
	"Kurdish": "ناوە\u200cکان",
	"family": "👨\u200d👩\u200d👧\u200d👦",
	"rainbow flag": "🏳️\u200d🌈",
	"nurse": "👩🏽\u200d⚕️",
	"Arabic year": "\u0601١٤٤٧",
	"end of a verse": "\u06dd١٢",
}
# Texts in which all that matters happens often.
CHARACTERS = "\u200c\u200d\u202e\u200b\u00ad\ufeff\0\n aZ9.می\u094dक👩" + SIGNS
TRICKY = st.text(st.sampled_from(CHARACTERS), max_size=12)


@pytest.mark.parametrize("text", SPELLED.values(), ids=SPELLED)
def test_words_that_need_a_format_character_stay_as_they_came(text):
	assert plain_text(text, 140) == text
	assert one_line(text, 140) == text
	assert without_format(text) == text
	assert plain_text(f"\u202e{text}\u2069\0", 140) == text


@pytest.mark.parametrize("text", [text for text in SPELLED.values() if not set(SIGNS) & set(text)])
def test_what_identifies_something_has_no_joiner(text):
	assert not is_visible(text)


def is_removed(char):
	return unicodedata.category(char) in ("Cc", "Cs", "Cf") and char not in SIGNS + "\u200c\u200d"


@given(st.one_of(st.text(), TRICKY), st.integers(1, 200))
def test_one_line_has_no_control_characters_and_no_more_than_it_may(text, length):
	line = one_line(text, length)
	assert len(line) <= length
	assert not any(map(is_removed, line))
	line.encode()


@given(st.one_of(st.text(), TRICKY), st.integers(1, 20))
def test_what_was_cleaned_stays_as_it_is(text, length):
	cleaned = plain_text(text, length)
	assert plain_text(cleaned, length) == cleaned
	assert without_format(cleaned) == cleaned


@given(st.one_of(st.text(), TRICKY))
def test_a_joiner_stays_only_beside_what_it_can_join(text):
	cleaned = plain_text(text, 140)
	for place, char in enumerate(cleaned):
		if char in "\u200c\u200d":
			beside = cleaned[max(0, place - 1) : place] + cleaned[place + 1 : place + 2]
			assert any(each >= "\u0590" and each not in "\u200c\u200d" for each in beside)


@given(st.one_of(st.text(), TRICKY))
def test_what_can_be_seen_is_not_changed(text):
	if is_visible(text):
		assert plain_text(text, len(text) + 1) == text
		assert not set("\u200c\u200d") & set(text)


@given(st.one_of(st.text(), TRICKY))
def test_without_format_keeps_everything_else(text):
	def others(text):
		return [char for char in text if unicodedata.category(char) != "Cf"]

	kept = without_format(text)
	assert others(kept) == others(text)
	assert not any(is_removed(char) for char in kept if unicodedata.category(char) == "Cf")


def test_lines_and_tabs_stay_where_only_format_characters_are_removed():
	assert without_format("a\u200b\r\n\tb\u202e\x07") == "a\r\n\tb\x07"
