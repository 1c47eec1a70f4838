"""Finds Shopify's code of a state or province by what a person wrote: its name, its code, its ISO code or
another usual spelling. Pure.

`provinces.json` has the spellings, for each country that has provinces at Shopify; tools/make_provinces.py
makes it.
"""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "provinces.json"

# What people write before or after the name of a province: "State of New York", "Tokyo Prefecture".
_KINDS = """
	state province prefecture county region governorate department district emirate oblast territory
	provincia estado departamento provincia região region región regione provincie judetul județul județ jud
	co si of de del di do da the
"""
KINDS = frozenset(_KINDS.split())


@dataclass(frozen=True)
class Provinces:
	"""The provinces of a country.

	:param is_required: whether Shopify accepts no address of the country without a province.
	:param codes: Shopify's code of each province.
	:param by_letters: `letters_of` a spelling -> Shopify's code.
	"""

	is_required: bool
	codes: frozenset[str]
	by_letters: dict[str, str]


@cache
def _file() -> dict:
	return json.loads(FILE.read_text(encoding="utf-8"))


def countries() -> frozenset[str]:
	"""The countries that have provinces at Shopify, as ISO 3166-1 codes."""
	return frozenset(_file())


@cache
def provinces_of(country_code: str) -> Provinces | None:
	"""The provinces of a country; None if it has none at Shopify.

	:param country_code: ISO 3166-1, two capitals.
	"""
	country = _file().get(country_code)
	if not country:
		return None
	provinces = country["provinces"]
	by_letters = {letters_of(name): code for code, names in provinces.items() for name in (code, *names)}
	return Provinces(country["required"], frozenset(provinces), by_letters)


def letters_of(text: str) -> str:
	"""Normalizes a name: its letters and digits in lower case, without accents."""
	decomposed = unicodedata.normalize("NFKD", text.casefold())
	return "".join(sign for sign in decomposed if sign.isalnum())


def province_code(country_code: str, state: str | None) -> str | None:
	"""Returns Shopify's code of a state or province.

	:param country_code: ISO 3166-1, two capitals.
	:param state: as a person wrote it: "Illinois", "il", "N.Y.", "US-NY", "Québec", "State of New York",
		"California (CA)".
	:returns: e.g. "IL" or "JP-13"; None if the country has no such province, or none at Shopify.
	"""
	provinces = provinces_of(country_code)
	if not provinces or not state:
		return None
	whole = _find(provinces, state)
	if whole:
		return whole
	# Behind the state there may be the country or the postal code: "Illinois, US", "IL 60610".
	parts = [part for part in re.split(r"[()\[\]/,;|]|\s[-–]\s|\s(?=[\d-]+$)", state) if letters_of(part)]
	own = country_code.lower()
	named = [part for part in parts if letters_of(part) != own and any(map(str.isalpha, part))]
	found = {_find(provinces, part) for part in named}
	return found.pop() if len(parts) > 1 and len(found) == 1 else None


def _find(provinces: Provinces, text: str) -> str | None:
	"""The code of a province that is named by a text, with or without the kind of it around the name."""
	if code := provinces.by_letters.get(letters_of(text)):
		return code
	words = re.split(r"[\s.-]+", text.casefold().strip(" .-"))
	while words and words[0] in KINDS:
		words = words[1:]
	while words and words[-1] in KINDS:
		words = words[:-1]
	return provinces.by_letters.get(letters_of(" ".join(words)))


def needs_province(country_code: str) -> bool:
	"""Whether Shopify accepts no address of a country without a province."""
	provinces = provinces_of(country_code)
	return provinces is not None and provinces.is_required
