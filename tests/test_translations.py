"""Spanish and German are complete: each text of the app has a translation with the same placeholders, in the
file that Frappe 15 and 16 both read.

Texts that are new: `python3 -m sandbox execute tools.translations.update`, then fill in the second column.
"""

import csv
from functools import cache

import pytest

from tools import translations

ADVICE = "Run: python3 -m sandbox execute tools.translations.update, then fill in what is empty"


@cache
def found_texts():
	return translations.texts()


@pytest.fixture
def texts(site):
	return found_texts()


@pytest.fixture(params=translations.LANGUAGES)
def language(request):
	return request.param


def test_every_text_of_the_app_has_a_translation(texts, language):
	assert len(texts) > 1000
	left = translations.missing(translations.read(language), texts)
	assert not left, f"{ADVICE}. {language} lacks {len(left)}:\n" + "\n".join(map(repr, left))


@pytest.mark.stand_in
def test_no_translation_is_of_a_text_that_is_gone(texts, language):
	"""In the sandbox only: the extractors of Frappe 15 and 16 differ in what they find of DocTypes."""
	gone = sorted(set(translations.read(language)) - texts)
	assert not gone, f"{ADVICE}. {language} has {len(gone)} too many:\n" + "\n".join(map(repr, gone))


def test_every_translation_has_the_texts_own_placeholders_and_markup(language):
	wrong = translations.misplaced(translations.read(language))
	assert not wrong, "\n".join(map(repr, wrong))


def test_no_text_begins_or_ends_with_a_blank(texts):
	"""Frappe takes blanks off the ends of a translation."""
	assert {text for text in texts if text != text.strip()} == set()


def test_the_files_are_what_the_tool_writes(language):
	"""Sorted, without doubles, two columns: two branches that add texts change different lines."""
	with (translations.FOLDER / f"{language}.csv").open(encoding="utf-8", newline="") as lines:
		rows = list(csv.reader(lines))
	assert {len(row) for row in rows} == {2}
	assert [row[0] for row in rows] == sorted({row[0] for row in rows})


def test_frappe_reads_the_files(site, language):
	from frappe.translate import get_translations_from_csv

	assert get_translations_from_csv(language, "medgrid") == translations.read(language)


@pytest.mark.parametrize(
	("text", "translation", "is_right"),
	[
		("{0} of {1}", "{1}: {0}", True),
		("{0} of {1}", "{0}", False),
		("{0} of {1}", "{0} {0} {1}", False),
		("Sent", "", True),
		("Sent", " Gesendet", False),
		("<code>aud</code> has it", "<code>aud</code> hat sie", True),
		("<code>aud</code> has it", "aud hat sie", False),
		("&lt;a&gt;", "&lt;b&gt;", True),
		("&lt;a&gt;", "<b>", False),
		("{name} {0}", "{nombre} {0}", False),
	],
)
def test_what_a_translation_may_not_change(text, translation, is_right):
	assert translations.misplaced({text: translation}) == ([] if is_right else [text])


def test_a_text_without_a_translation_is_missing():
	assert translations.missing({"a": "A", "b": "", "c": " "}, {"a", "b", "c", "d"}) == ["b", "c", "d"]
