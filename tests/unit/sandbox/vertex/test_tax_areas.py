"""Where what is delivered is taxed, by whom, and at which rates: worked out by hand."""

import pytest

from tests.support.vertex import (
	ASHEVILLE,
	CHICAGO,
	CORAL_GABLES,
	DENVER,
	MESA,
	MONTREAL,
	NEW_YORK,
	PORTLAND,
	SAN_DIEGO,
	SAN_JUAN,
	SEATTLE,
	TORONTO,
	VANCOUVER,
	freight,
	goods,
	sale,
)

# Goods of 57.00 and freight of 12.00. Of each jurisdiction: its type, name, and tax of both together.
FIGURES = [
	(
		CHICAGO,
		[
			("STATE", "ILLINOIS", 3.56),
			("COUNTY", "COOK", 1.00),
			("CITY", "CHICAGO", 0.71),
			("TRANSIT_DISTRICT", "REGIONAL TRANSPORTATION AUTHORITY", 0.57),
		],
		5.84,
		74.84,
	),
	(
		MESA,
		[("STATE", "ARIZONA", 3.19), ("COUNTY", "MARICOPA", 0.40), ("CITY", "MESA", 1.14)],
		4.73,
		73.73,
	),
	(
		SEATTLE,
		[
			("STATE", "WASHINGTON", 4.49),
			("CITY", "SEATTLE", 1.69),
			("TRANSIT_DISTRICT", "SOUND TRANSIT", 0.97),
		],
		7.15,
		76.15,
	),
	(ASHEVILLE, [("STATE", "NORTH CAROLINA", 3.28), ("COUNTY", "BUNCOMBE", 1.55)], 4.83, 73.83),
	(CORAL_GABLES, [("STATE", "FLORIDA", 3.42), ("COUNTY", "MIAMI-DADE", 0.57)], 3.99, 72.99),
	(
		SAN_DIEGO,
		[
			("STATE", "CALIFORNIA", 3.42),
			("COUNTY", "SAN DIEGO", 0.14),
			("TRANSIT_DISTRICT", "SAN DIEGO TRANSPORTATION", 0.29),
			("SPECIAL_PURPOSE_DISTRICT", "CALIFORNIA DISTRICT", 0.57),
		],
		4.42,
		73.42,
	),
	(
		NEW_YORK,
		[
			("STATE", "NEW YORK", 2.76),
			("CITY", "NEW YORK CITY", 3.11),
			("TRANSIT_DISTRICT", "METROPOLITAN COMMUTER TRANSPORTATION DISTRICT", 0.26),
		],
		6.13,
		75.13,
	),
	(
		DENVER,
		[
			("STATE", "COLORADO", 1.94),  # 1.65 and the fee of 0.29
			("CITY", "DENVER", 2.74),
			("TRANSIT_DISTRICT", "REGIONAL TRANSPORTATION DISTRICT", 0.63),
		],
		5.31,
		74.31,
	),
	(PORTLAND, [("STATE", "OREGON", 0.0)], 0.0, 69.0),
	(SAN_JUAN, [("TERRITORY", "PUERTO RICO", 7.25), ("CITY", "SAN JUAN", 0.69)], 7.94, 76.94),
	(TORONTO, [("COUNTRY", "CANADA", 3.45), ("PROVINCE", "ONTARIO", 5.52)], 8.97, 77.97),
	(VANCOUVER, [("COUNTRY", "CANADA", 3.45), ("PROVINCE", "BRITISH COLUMBIA", 4.83)], 8.28, 77.28),
	(MONTREAL, [("COUNTRY", "CANADA", 3.45), ("PROVINCE", "QUEBEC", 6.89)], 10.34, 79.34),
]


def by_jurisdiction(data):
	"""What each jurisdiction takes of all lines, in the order of the answer."""
	sums: dict[tuple[str, str], float] = {}
	for tax in (tax for line in data["lineItems"] for tax in line["taxes"]):
		key = (tax["jurisdiction"]["jurisdictionType"], tax["jurisdiction"]["value"])
		sums[key] = round(sums.get(key, 0) + tax["calculatedTax"], 2)
	return [(*key, amount) for key, amount in sums.items()]


def tax_of(caller, destination, price=100.0):
	"""The tax of goods of 100.00."""
	return caller.calculate(sale(destination, goods(price)))["totalTax"]


@pytest.mark.parametrize(
	("destination", "jurisdictions", "tax", "total"), FIGURES, ids=[row[0]["city"] for row in FIGURES]
)
def test_goods_of_57_and_freight_of_12_to_each_place(caller, destination, jurisdictions, tax, total):
	data = caller.calculate(sale(destination, goods(57.0), freight(12.0)))
	assert by_jurisdiction(data) == jurisdictions
	assert (data["subTotal"], data["totalTax"], data["total"]) == (69.0, tax, total)
	assert round(sum(line["totalTax"] for line in data["lineItems"]), 2) == tax


def test_a_tax_says_who_takes_it_of_what_at_which_rate(caller):
	line = caller.calculate(sale(CHICAGO, goods(57.0)))["lineItems"][0]
	assert line["taxes"][0] == {
		"calculatedTax": 3.56,
		"effectiveRate": 0.0625,
		"nominalRate": 0.0625,
		"taxable": 57.0,
		"nonTaxable": 0.0,
		"exempt": 0.0,
		"taxResult": "TAXABLE",
		"taxType": "SALES",
		"taxStructure": "SINGLE_RATE",
		"taxCollectedFromParty": "BUYER",
		"situs": "DESTINATION",
		"jurisdiction": {
			"value": "ILLINOIS",
			"jurisdictionType": "STATE",
			"jurisdictionId": "2041",
			"effectiveDate": "1990-01-01",
			"expirationDate": "9999-12-31",
		},
		"imposition": {"value": "Sales and Use Tax"},
		"impositionType": {"value": "General Sales and Use Tax"},
	}


@pytest.mark.parametrize(
	("place", "imposition"),
	[
		(TORONTO, "Harmonized Sales Tax"),
		(VANCOUVER, "Provincial Sales Tax"),
		(MONTREAL, "Quebec Sales Tax"),
	],
)
def test_what_a_province_takes_has_its_own_name(caller, place, imposition):
	taxes = caller.calculate(sale(place, goods(100.0)))["lineItems"][0]["taxes"]
	assert taxes[1]["imposition"]["value"] == imposition


@pytest.mark.parametrize(
	("state", "tax"),
	[
		("AK", 0.0),
		("AR", 6.5),
		("CT", 6.35),
		("LA", 4.45),
		("MN", 6.88),  # 6.875
		("MO", 4.23),  # 4.225
		("NJ", 6.63),  # 6.625
		("TX", 6.25),
		("UT", 4.85),
		("VA", 4.3),
		("DC", 6.0),
		("PR", 10.5),
		("GU", 0.0),
		("UM", 0.0),
		("AE", 0.0),
	],
)
def test_any_other_zip_code_is_taxed_by_its_state_alone(caller, state, tax):
	data = caller.calculate(
		sale({"mainDivision": state, "postalCode": "99999", "country": "US"}, goods(100.0), freight(50.0))
	)
	assert data["totalTax"] == tax
	assert [len(line["taxes"]) for line in data["lineItems"]] == [1, 0]


@pytest.mark.parametrize(
	("changes", "tax"),
	[
		({}, 10.25),
		({"country": "USA"}, 10.25),
		({"country": "United States"}, 10.25),
		({"country": None}, 10.25),
		({"postalCode": "60610-1234"}, 10.25),
		({"mainDivision": None}, 10.25),
		({"mainDivision": "Illinois"}, 10.25),
		({"mainDivision": "AZ"}, 10.25),
		({"postalCode": None}, 6.25),
		({"postalCode": "61801", "mainDivision": "illinois"}, 6.25),
		({"country": "DE"}, 0.0),
		({"country": "PR"}, 0.0),
		({"country": "FRANCE"}, 0.0),
		({"country": "FRA"}, 0.0),
	],
)
def test_country_state_and_zip_code_in_other_words(caller, changes, tax):
	address = {name: value for name, value in {**CHICAGO, **changes}.items() if value is not None}
	assert tax_of(caller, address) == tax


@pytest.mark.parametrize(
	("address", "tax"),
	[
		({"postalCode": "m5v2t6", "country": "CA"}, 13.0),
		({"postalCode": "M5V 2T6", "country": "CANADA"}, 13.0),
		({"postalCode": "K1A 0B1", "mainDivision": "ON", "country": "CA"}, 13.0),
		({"postalCode": "G1R 4S9", "mainDivision": "Québec", "country": "CA"}, 14.98),  # 5.00 and 9.975
		({"postalCode": "T2P 1J9", "mainDivision": "AB", "country": "CA"}, 5.0),
	],
)
def test_canadian_addresses_by_their_first_three_characters_else_by_the_province(caller, address, tax):
	assert tax_of(caller, address) == tax


def test_abroad_nothing_is_taxed_and_the_answer_says_so(caller):
	[tax] = caller.calculate(sale({"city": "Berlin", "country": "DE"}, goods(57.0)))["lineItems"][0]["taxes"]
	assert (tax["taxResult"], tax["calculatedTax"], tax["jurisdiction"]["jurisdictionType"]) == (
		"NO_TAX",
		0.0,
		"COUNTRY",
	)


@pytest.mark.parametrize(
	("address", "code", "named"),
	[
		(
			{"streetAddress1": "1 Nowhere Rd", "city": "Ghost Town", "postalCode": "99999", "country": "US"},
			"VertexInvalidAddressException",
			["1 Nowhere Rd", "Ghost Town", "99999"],
		),
		({"mainDivision": "ZZ", "country": "US"}, "VertexInvalidAddressException", ["Main Division=ZZ"]),
		({"city": "Chicago"}, "VertexInvalidAddressException", ["City=Chicago"]),
		({"postalCode": "X1X 1X1", "country": "CA"}, "VertexInvalidAddressException", ["X1X 1X1"]),
		({"country": "XX"}, "VertexInvalidCountryException", ["XX"]),
		({"country": "C4"}, "VertexInvalidCountryException", ["C4"]),
		({"taxAreaId": "123456789"}, "VertexInvalidTaxAreaIdException", ["123456789"]),
		({}, "VertexApplicationException", ["LocationRole"]),
	],
)
@pytest.mark.parametrize("role", ["destination", "origin"])
def test_an_address_without_a_tax_area_is_refused_by_name(caller, address, code, named, role):
	request = sale(address if role == "destination" else CHICAGO, goods(57.0))
	if role == "origin":
		request["seller"] = {**request["seller"], "physicalOrigin": address}
	answer = caller.supplies(request)
	[error] = answer.json()["errors"]
	assert (answer.status_code, error["code"]) == (400, code)
	assert all(words in error["detail"] for words in named)


def test_a_sale_to_nowhere_is_refused(caller):
	request = sale(CHICAGO, goods(57.0))
	del request["customer"]["destination"]
	assert "LocationRole" in caller.supplies(request).json()["errors"][0]["detail"]


def test_the_answer_has_the_tax_areas_and_a_tax_area_wins_over_an_address(caller):
	data = caller.calculate(sale(CHICAGO, goods(100.0)))
	chicago = data["customer"]["destination"]["taxAreaId"]
	assert len(chicago) == 9 and chicago.isdigit()
	assert data["seller"]["physicalOrigin"]["taxAreaId"] not in ("", chicago)
	assert tax_of(caller, {**MESA, "taxAreaId": chicago}) == 10.25


def test_a_line_may_have_its_own_destination_and_origin(caller):
	own = {"customer": {"destination": SEATTLE}, "seller": {"physicalOrigin": DENVER}}
	data = caller.calculate(sale(CHICAGO, goods(100.0), goods(100.0, **own)))
	assert [line["totalTax"] for line in data["lineItems"]] == [10.25, 10.35]
	assert len(data["lineItems"][1]["customer"]["destination"]["taxAreaId"]) == 9


def test_two_places_have_different_tax_areas(caller):
	ids = {
		caller.calculate(sale(place, goods(1.0)))["customer"]["destination"]["taxAreaId"]
		for place, *_figures in FIGURES
	}
	assert len(ids) == len(FIGURES)
