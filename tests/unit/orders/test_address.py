import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.orders.address import (
	US_TERRITORIES,
	WITH_STATES,
	WITHOUT_POSTAL_CODE,
	missing_parts,
	problem_of,
	shortened,
)
from medgrid.orders.problems import AddressIncomplete, CountryWithoutCode, Part
from medgrid.orders.provinces import countries, needs_province, provinces_of
from tests.unit.orders.factories import address


def test_texts_come_without_blanks_and_the_country_in_capitals():
	made = address(city=" Chicago ", street2=None, country_code=" us", phones=("", " 1 ", None))
	assert (made.city, made.street2, made.country_code, made.phones) == ("Chicago", "", "US", ("1",))


def test_a_complete_address_has_no_problem():
	assert problem_of(address(), by_code=True) is None


@pytest.mark.parametrize(
	("lacking", "missing"),
	[
		({"street": " "}, (Part.STREET,)),
		({"city": None}, (Part.CITY,)),
		({"state": ""}, (Part.STATE,)),
		({"postal_code": ""}, (Part.POSTAL_CODE,)),
		({"country": "", "country_code": ""}, (Part.COUNTRY,)),
		({"city": "", "postal_code": "", "state": None}, (Part.CITY, Part.STATE, Part.POSTAL_CODE)),
	],
)
@pytest.mark.parametrize("by_code", [True, False])
def test_what_is_missing_is_listed(lacking, missing, by_code):
	problem = problem_of(address(**lacking), by_code=by_code)
	assert isinstance(problem, AddressIncomplete)
	assert (problem.address, problem.missing) == ("Clinic-Shipping", missing)


def test_a_country_without_a_code_is_a_problem_of_its_own():
	problem = problem_of(address(country="Atlantis", country_code=None, city=""), by_code=False)
	assert isinstance(problem, CountryWithoutCode)
	assert problem.country == "Atlantis"


def test_a_state_in_no_list_is_missing_only_where_a_code_is_needed():
	odd = address(state="Illinios")
	assert missing_parts(odd, by_code=True) == (Part.STATE,)
	assert missing_parts(odd, by_code=False) == ()
	assert (odd.province_code, odd.state_or_code) == (None, "Illinios")


@pytest.mark.parametrize("country", sorted(WITHOUT_POSTAL_CODE))
def test_no_postal_code_is_needed_where_there_are_none(country):
	state = next(iter(provinces_of(country).codes)) if needs_province(country) else ""
	made = address(country="Somewhere", country_code=country, state=state, postal_code="")
	assert problem_of(made, by_code=True) is None
	assert problem_of(made, by_code=False) is None


@pytest.mark.parametrize("country", ["GB", "SG", "DE", "FR"])
def test_no_state_is_needed_where_there_are_none_but_a_postal_code_is(country):
	made = address(country="Somewhere", country_code=country, state="")
	assert problem_of(made, by_code=True) is None
	assert missing_parts(address(country_code=country, postal_code=""), by_code=False) == (Part.POSTAL_CODE,)


@pytest.mark.parametrize("country", sorted(countries()))
def test_a_state_is_needed_at_shopify_where_it_wants_one_and_by_carriers_in_three_countries(country):
	made = address(country="Somewhere", country_code=country, state="")
	assert (missing_parts(made, by_code=True) == (Part.STATE,)) == needs_province(country)
	assert (missing_parts(made, by_code=False) == (Part.STATE,)) == (country in WITH_STATES)


@pytest.mark.parametrize(
	("country", "city", "code"),
	[("AE", "Dubai", "DU"), ("AE", "Abu Dhabi", "AZ"), ("HK", "Kowloon", "KL"), ("US", "New York", None)],
)
def test_the_city_is_the_province_where_each_province_is_a_city(country, city, code):
	assert address(country_code=country, city=city, state="").province_code == code


@pytest.mark.parametrize("code", sorted(US_TERRITORIES))
def test_a_us_territory_is_a_state_of_the_us(code):
	made = address(country="Somewhere", country_code=code.lower(), state="", postal_code="00926")
	assert (made.country_code, made.province_code, made.state_or_code) == ("US", code, code)
	assert problem_of(made, by_code=True) is None


def test_what_is_written_as_the_state_of_a_territory_gives_way_to_its_code():
	assert address(country_code="PR", state="San Juan").state == "PR"


@pytest.mark.parametrize(
	("country", "state", "sent"),
	[
		("US", "n.y.", "NY"),
		("US", "Armed Forces Europe", "AE"),
		("CA", "Québec", "QC"),
		("AU", "New South Wales", "NSW"),
		("JP", "Tokyo", "Tokyo"),
		("DE", "Bayern", "Bayern"),
		("DE", "by", "by"),
	],
)
def test_a_state_is_its_code_where_carriers_use_codes_else_what_was_written(country, state, sent):
	assert address(country_code=country, state=state).state_or_code == sent


def test_a_street_stays_as_it_is_where_it_fits():
	assert address().street_lines(200, 2) == ["1420 N Lake Shore Dr", "Suite 5"]
	assert address(street2="").street_lines(200, 2) == ["1420 N Lake Shore Dr"]


def test_a_long_street_goes_on_in_the_next_line_between_words():
	made = address(street="1420 North Lake Shore Drive", street2="Suite 5")
	assert made.street_lines(20, 3) == ["1420 North Lake", "Shore Drive", "Suite 5"]
	assert made.street_lines(20, 2) == ["1420 North Lake", "Shore Drive, Suite 5"]


words = st.lists(st.text("abcdefgh", min_size=1, max_size=20), min_size=1, max_size=20).map(" ".join)


@given(words, words, st.integers(25, 60))
def test_no_word_of_a_street_is_lost_and_no_line_too_long(street, street2, width):
	lines = address(street=street, street2=street2).street_lines(width, 3)
	assert all(len(line) <= width for line in lines)
	assert " ".join(lines).replace(",", "").split() == f"{street} {street2}".split()


@pytest.mark.parametrize(
	("width", "name"), [(100, "Clinic of North Lake"), (16, "Clinic of North"), (4, "Clin")]
)
def test_a_long_name_is_cut_between_words(width, name):
	assert shortened("Clinic of North Lake", width) == name
