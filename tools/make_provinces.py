"""Makes `medgrid/orders/provinces.json`: how people write the provinces of the countries that have some at
Shopify.

	python -m tools.make_provinces

The codes are Shopify's, from `tools/data/shopify_provinces.json`. That file says for each country
whether Shopify wants a province, and for each province its ISO code (empty: ISO has none), Shopify's name and
other names in use. Codes and names come from the public repository Shopify/worldwide (2026-11-26);
names in a country's own language are CLDR's. pycountry adds the codes and names of ISO 3166-2. Run this again
after a change of that file or of pycountry's version; `tests/unit/tools/test_make_provinces.py` compares the
result.
"""

import json
import re
from pathlib import Path
from typing import Any

import pycountry

from medgrid.orders.provinces import FILE, letters_of

# What looks like a code, among the other names of a province.
CODE = re.compile(r"[A-Z0-9]{1,3}")
SHOPIFYS = Path(__file__).parent / "data" / "shopify_provinces.json"


def made() -> str:
	"""The contents of the file."""
	countries = json.loads(SHOPIFYS.read_text(encoding="utf-8"))
	return _as_json({code: _country(code, country) for code, country in countries.items()})


def _country(country_code: str, country: dict[str, Any]) -> dict[str, Any]:
	"""The spellings of each province. Of two provinces with one spelling, the one has it whose code it is,
	else whose name, else whose other name, else whose ISO code."""
	shopifys = country["provinces"]
	names: dict[str, list[str]] = {code: [] for code in shopifys}
	taken = {letters_of(code) for code in shopifys}
	for number in range(max(map(len, shopifys.values()))):
		for code, (_iso, *known) in shopifys.items():
			_add(names[code], known[number : number + 1], taken)
	for code, (iso, *known) in shopifys.items():
		if not code.startswith(country_code + "-"):
			_add(names[code], [f"{country_code}-{code}"], taken)
		_add(names[code], [f"{country_code}-{name}" for name in known if CODE.fullmatch(name)], taken)
		_add(names[code], [f"{country_code}-{iso}", *_iso_names(country_code, iso)] if iso else [], taken)
	for code, (iso, *_known) in shopifys.items():
		_add(names[code], [iso], taken)
	return {"required": country["required"], "provinces": names}


def _add(names: list[str], more: list[str], taken: set[str]) -> None:
	for name in more:
		if (letters := letters_of(name)) and letters not in taken:
			taken.add(letters)
			names.append(name)


def _iso_names(country_code: str, iso: str) -> list[str]:
	"""The names of a subdivision. ISO separates those in several languages, e.g. "Alacant/Alicante" and
	"Illes Balears [Islas Baleares]"."""
	subdivision = pycountry.subdivisions.get(code=f"{country_code}-{iso}")
	assert subdivision and not isinstance(subdivision, list)
	parts = re.split(r"[/\[\](),;]", subdivision.name)
	# Not the country itself: "Virgin Islands, U.S."
	own = country_code.lower()
	return [subdivision.name, *(part.strip(" *") for part in parts if letters_of(part) != own)]


def _as_json(countries: dict[str, Any]) -> str:
	"""JSON with one line for each province."""
	texts = []
	for code, country in countries.items():
		rows = [
			f"\t\t\t{json.dumps(province)}: {json.dumps(names, ensure_ascii=False)}"
			for province, names in country["provinces"].items()
		]
		required = json.dumps(country["required"])
		lines = ",\n".join(rows)
		head = f'\t"{code}": {{\n\t\t"required": {required},\n\t\t"provinces": {{\n'
		texts.append(f"{head}{lines}\n\t\t}}\n\t}}")
	return "{\n" + ",\n".join(texts) + "\n}\n"


if __name__ == "__main__":
	FILE.write_text(made(), encoding="utf-8")
