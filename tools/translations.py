"""The app's texts in other languages: `medgrid/translations/<language>.csv`, which Frappe 15 and 16 both read
as they are.

	python3 -m sandbox execute tools.translations.update

adds the texts that are new, without a translation, and takes out those that are gone. What has no translation
is listed: write it into the second column. `tests/test_translations.py` says the same of what is missing.

The texts are what Frappe's own extractor finds in the installed app, and what it does not look into: labels
of Workspaces, Number Cards and Dashboard Charts.
"""

import csv
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "medgrid" / "translations"
LANGUAGES = ("de", "es")
# Of the framework, in its own catalogs.
NOT_OURS = "Navbar"
LABELLED = ("workspace", "number_card", "dashboard_chart")
LABELS = ("label", "chart_name", "title")
# What a translation has, and its text: {0}, markup, entities of HTML.
PLACES = re.compile(r"\{\w*\}|</?\w+[^>]*>|&\w+;")

Catalog = dict[str, str]


def texts() -> set[str]:
	"""All texts of the app. Needs a site on which it is installed."""
	from frappe import flags
	from frappe.translate import get_messages_for_app

	flags.scanned_files = set()
	found = {row[1] for row in get_messages_for_app("medgrid") if not str(row[0] or "").startswith(NOT_OURS)}
	return {text for text in found | labels() if text and text.strip()}


def labels() -> set[str]:
	"""What Desk shows of our Workspaces, Number Cards and Dashboard Charts."""
	found: set[str] = set()
	for kind in LABELLED:
		for file in (ROOT / "medgrid" / "medgrid" / kind).rglob("*.json"):
			found |= _labels(json.loads(file.read_text(encoding="utf-8")))
	return found


def _labels(value: object) -> set[str]:
	if isinstance(value, list):
		return {label for each in value for label in _labels(each)}
	if not isinstance(value, dict):
		return set()
	own = {value[name] for name in LABELS if isinstance(value.get(name), str)}
	return own.union(*(_labels(each) for each in value.values() if isinstance(each, list | dict)))


def read(language: str) -> Catalog:
	"""A language's translations by their texts; empty ones are not written yet."""
	file = FOLDER / f"{language}.csv"
	if not file.exists():
		return {}
	with file.open(encoding="utf-8", newline="") as lines:
		return {row[0]: row[1] for row in csv.reader(lines)}


def write(language: str, catalog: Catalog) -> None:
	FOLDER.mkdir(exist_ok=True)
	with (FOLDER / f"{language}.csv").open("w", encoding="utf-8", newline="") as lines:
		csv.writer(lines, lineterminator="\n").writerows(sorted(catalog.items()))


def missing(catalog: Catalog, wanted: set[str]) -> list[str]:
	"""The texts without a translation."""
	return sorted(text for text in wanted if not catalog.get(text, "").strip())


def misplaced(catalog: Catalog) -> list[str]:
	"""The texts whose translation has other placeholders, markup or blanks at its ends than the text."""
	return sorted(
		text
		for text, translation in catalog.items()
		if translation and (_places(text) != _places(translation) or translation != translation.strip())
	)


def _places(text: str) -> list[str]:
	return sorted(PLACES.findall(text))


def update() -> dict[str, list[str]]:
	"""Brings the files up to date.

	:returns: by language, the texts without a translation.
	"""
	wanted = texts()
	found = {}
	for language in LANGUAGES:
		known = read(language)
		catalog = {text: known.get(text, "") for text in wanted}
		write(language, catalog)
		found[language] = missing(catalog, wanted)
	return found
