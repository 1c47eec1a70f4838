"""A province by what people write. The table is Shopify's (Shopify/worldwide)."""

import json

import pytest

from medgrid.orders.provinces import (
	FILE,
	countries,
	letters_of,
	needs_province,
	province_code,
	provinces_of,
)

FILED = json.loads(FILE.read_text(encoding="utf-8"))
# How many provinces Shopify has of each country.
NUMBERS = {
	"AE": 7,
	"AR": 24,
	"AU": 8,
	"BR": 27,
	"CA": 13,
	"CL": 16,
	"CN": 31,
	"CO": 33,
	"CR": 7,
	"EG": 29,
	"ES": 52,
	"GB": 5,
	"GT": 22,
	"HK": 3,
	"ID": 34,
	"IE": 26,
	"IN": 37,
	"IT": 110,
	"JP": 47,
	"KR": 17,
	"KW": 6,
	"MX": 32,
	"MY": 16,
	"NG": 37,
	"NZ": 17,
	"PA": 13,
	"PE": 26,
	"PH": 82,
	"PT": 20,
	"RO": 42,
	"RU": 83,
	"SV": 14,
	"TH": 78,
	"US": 62,
	"UY": 19,
	"VE": 25,
	"ZA": 9,
}


def test_the_table_has_shopifys_countries_and_provinces():
	assert {country: len(filed["provinces"]) for country, filed in FILED.items()} == NUMBERS
	assert countries() == NUMBERS.keys()


@pytest.mark.parametrize("country", NUMBERS)
def test_each_province_is_known_by_its_code_its_name_and_all_its_spellings_in_any_case(country):
	for code, names in FILED[country]["provinces"].items():
		for name in (code, *names):
			spellings = [name, name.lower(), name.upper(), f"  {name} ", name.replace(" ", "  ")]
			assert {province_code(country, spelling) for spelling in spellings} == {code}, name


@pytest.mark.parametrize("country", NUMBERS)
def test_no_spelling_is_that_of_two_provinces(country):
	spellings = [
		letters_of(name) for code, names in FILED[country]["provinces"].items() for name in (code, *names)
	]
	assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
	("country", "written", "code"),
	[
		("US", "N.Y.", "NY"),
		("US", "n. y.", "NY"),
		("US", "New  York", "NY"),
		("US", "New York State", "NY"),
		("US", "State of New York", "NY"),
		("US", "US-NY", "NY"),
		("US", "Washington", "WA"),
		("US", "Washington, D.C.", "DC"),
		("US", "Washington DC", "DC"),
		("US", "California (CA)", "CA"),
		("US", "CA - California", "CA"),
		("US", "Armed Forces Europe", "AE"),
		("US", "Armed Forces Middle East", "AE"),
		("US", "Armed Forces Pacific", "AP"),
		("US", "Puerto Rico", "PR"),
		("US", "U.S. Virgin Islands", "VI"),
		("US", "Calif.", "CA"),
		("US", "W. Va.", "WV"),
		("US", "IL 60610", "IL"),
		("US", "IL 60610-1234", "IL"),
		("US", "Illinois, US", "IL"),
		("CA", "Ont.", "ON"),
		("CA", "Nfld.", "NL"),
		("KW", "Kuwait City", "KW-KU"),
		("KR", "Seoul-si", "KR-11"),
		("IT", "Südtirol", "BZ"),
		("MY", "KL", "KUL"),
		("CA", "Québec", "QC"),
		("CA", "QUEBEC", "QC"),
		("CA", "Newfoundland", "NL"),
		("CA", "PEI", "PE"),
		("CA", "B.C.", "BC"),
		("AU", "new south wales", "NSW"),
		("BR", "São Paulo", "SP"),
		("BR", "Sao Paulo", "SP"),
		("BR", "BR-RJ", "RJ"),
		("JP", "Tokyo", "JP-13"),
		("JP", "JP-13", "JP-13"),
		("JP", "13", "JP-13"),
		("JP", "東京都", "JP-13"),
		("JP", "Osaka-fu", "JP-27"),
		("JP", "Aichi Prefecture", "JP-23"),
		("IN", "Maharashtra", "MH"),
		("IN", "Goa", "GA"),
		("IN", "Orissa", "OR"),
		("IN", "IN-TG", "TS"),
		("IN", "महाराष्ट्र", "MH"),
		("MX", "Jalisco", "JAL"),
		("MX", "MX-NLE", "NL"),
		("MX", "Nuevo Leon", "NL"),
		("MX", "Ciudad de México", "DF"),
		("MX", "CDMX", "DF"),
		("MX", "Estado de Mexico", "MEX"),
		("IT", "Milano", "MI"),
		("IT", "Rome", "RM"),
		("ES", "Bizkaia", "BI"),
		("ES", "Vizcaya", "BI"),
		("ES", "Illes Balears", "PM"),
		("IE", "Co. Dublin", "D"),
		("KR", "Seoul", "KR-11"),
		("KR", "서울", "KR-11"),
		("KR", "Gyeonggi-do", "KR-41"),
		("TH", "Bangkok", "TH-10"),
		("AR", "CABA", "C"),
		("AR", "Provincia de Buenos Aires", "B"),
		("GT", "Guatemala", "GUA"),
		("CR", "San Jose", "CR-SJ"),
		("PA", "Panamá", "PA-8"),
		("PE", "Lima", "PE-LIM"),
		("PT", "Lisbon", "PT-11"),
		("RU", "Москва", "MOW"),
		("CN", "广东省", "GD"),
		("ZA", "KZN", "NL"),
		("NG", "Lagos State", "LA"),
		("AE", "Dubai", "DU"),
		("GB", "England", "ENG"),
	],
)
def test_provinces_as_people_write_them(country, written, code):
	assert province_code(country, written) == code


@pytest.mark.parametrize(
	("country", "written"),
	[
		*[
			("US", text)
			for text in ("Illinios", "ON", "XX", "US", "USA", "", None, " . ", "Virginia, West", "IL/IN")
		],
		*[("CA", "IL"), ("IN", "XYZ"), ("MX", "Tokyo"), ("JP", "99"), ("GB", "Greater London")],
		# Without provinces at Shopify, no text is a code, however short it is.
		*[("DE", text) for text in ("BY", "NRW", "13", "Bayern")],
		*[("SG", "SG"), ("", "IL"), ("ZZ", "IL"), ("us", "IL")],
	],
)
def test_what_is_in_no_list_of_its_country_has_no_code(country, written):
	assert province_code(country, written) is None


def test_shopify_wants_a_province_except_where_it_hides_it_or_leaves_it_to_the_customer():
	assert {country for country in NUMBERS if not needs_province(country)} == {"GB", "HK", "NZ"}
	assert not needs_province("DE") and provinces_of("DE") is None
