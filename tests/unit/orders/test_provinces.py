import pytest

from medgrid.orders.provinces import PROVINCES, has_provinces, province_code

ROWS = [(country, code, name) for country, rows in PROVINCES.items() for code, name in rows]


@pytest.mark.parametrize(("country", "code", "name"), ROWS, ids=lambda value: value)
def test_each_state_is_known_by_its_name_and_its_code_in_any_spelling(country, code, name):
	spellings = [name, name.lower(), name.upper(), f"  {name} ", code, code.lower(), ".".join(code) + "."]
	assert {province_code(country, spelling) for spelling in spellings} == {code}


def test_the_tables_are_those_of_the_postal_services():
	codes = {country: {code for code, _name in rows} for country, rows in PROVINCES.items()}
	assert {country: len(found) for country, found in codes.items()} == {"US": 62, "CA": 13, "AU": 8}
	territories = {"AS", "GU", "MH", "FM", "MP", "PW", "PR", "VI", "DC", "AA", "AE", "AP"}
	assert territories <= codes["US"]
	assert codes["CA"] == {
		*("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"),
	}


@pytest.mark.parametrize(
	("country", "written", "code"),
	[
		("US", "N.Y.", "NY"),
		("US", "n. y.", "NY"),
		("US", "New  York", "NY"),
		("US", "illinois", "IL"),
		("US", "Washington", "WA"),
		("US", "Washington, D.C.", "DC"),
		("US", "Armed Forces Europe", "AE"),
		("US", "U.S. Virgin Islands", "VI"),
		("CA", "Québec", "QC"),
		("CA", "QUÉBEC", "QC"),
		("CA", "Quebec", "QC"),
		("CA", "Newfoundland", "NL"),
		("CA", "B.C.", "BC"),
		("AU", "new south wales", "NSW"),
	],
)
def test_states_as_people_write_them(country, written, code):
	assert province_code(country, written) == code


@pytest.mark.parametrize(
	("country", "written"),
	[("US", "Illinios"), ("US", "ON"), ("CA", "IL"), ("US", "XX"), ("US", ""), ("US", None), ("CA", " . ")],
)
def test_what_is_in_no_list_of_its_country_has_no_code(country, written):
	assert province_code(country, written) is None


@pytest.mark.parametrize(
	("written", "code"),
	[("bY", "BY"), ("13", "13"), ("Bayern", None), ("", None), (None, None), ("JP-13", None)],
)
def test_where_there_is_no_list_only_what_looks_like_a_code_is_one(written, code):
	assert not has_provinces("DE")
	assert province_code("DE", written) == code


@pytest.mark.parametrize("country", ["", "ZZ", "us"])
def test_an_unknown_country_has_no_list(country):
	assert not has_provinces(country)
