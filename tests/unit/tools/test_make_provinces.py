"""The list of provinces in the repository is the one that the tool makes of Shopify's and pycountry's."""

import json

import pycountry
import pytest

from medgrid.orders.provinces import FILE, province_code
from tools.make_provinces import SHOPIFYS, made

LISTED = json.loads(SHOPIFYS.read_text(encoding="utf-8"))


def test_the_list_in_the_repository_is_up_to_date():
	assert FILE.read_text(encoding="utf-8") == made(), "run python -m tools.make_provinces"


@pytest.mark.parametrize("country", LISTED)
def test_a_province_is_found_by_its_iso_code_and_name_whatever_shopifys_code_is(country):
	for code, (iso, *_names) in LISTED[country]["provinces"].items():
		if not iso:
			continue
		subdivision = pycountry.subdivisions.get(code=f"{country}-{iso}")
		assert province_code(country, subdivision.code) == code
		# Two subdivisions of some countries have one name, e.g. a city and its province.
		assert province_code(country, subdivision.name) is not None
