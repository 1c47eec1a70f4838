"""The members of `shopify_tax_calculate`: bounded, and never converted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.exceptions import InvalidInput
from medgrid.vertex.calculation.sale_request import Sender, sale_request
from medgrid.vertex.contract.addresses import COUNTRIES, Address
from medgrid.vertex.contract.members import read_members
from medgrid.vertex.contract.tax_calculation import TaxCalculation
from tests.support.vertex import CHICAGO

anything = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
	lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=20), each, max_size=4),
	max_leaves=12,
)
NAMES = [
	"saleMessageType documentNumber orderId documentDate currency pricesIncludeTax customer origin",
	"destination lineItems shipping id product quantity unitPrice extendedPrice discount taxDate title",
	"price country code",
]
names = st.sampled_from(" ".join(NAMES).split())
objects = st.recursive(
	st.dictionaries(names, anything, max_size=8),
	lambda each: st.dictionaries(names, each | st.lists(each, max_size=3), max_size=8),
	max_leaves=8,
)


def request(**changes):
	line = {"id": "1", "quantity": 2, "unitPrice": 28.5}
	return {"currency": "USD", "destination": CHICAGO, "lineItems": [line], **changes}


@given(objects | anything)
def test_whatever_comes_is_read_or_refused_with_a_sentence(content):
	try:
		read_members(TaxCalculation, content)
	except InvalidInput as error:
		assert str(error).endswith(".")
		assert len(str(error)) < 300


@given(names, anything)
def test_a_wrong_member_in_a_good_request_is_refused_with_a_sentence(name, value):
	try:
		read_members(TaxCalculation, request(**{name: value}))
	except InvalidInput as error:
		assert str(error).endswith(".")


@given(names, anything)
def test_whatever_is_accepted_can_be_sent(name, value):
	try:
		accepted = read_members(TaxCalculation, request(**{name: value}))
	except InvalidInput:
		return
	assert sale_request(accepted, Sender("C"), accepted.documentDate or "2026-11-25").text()


TEXTS = ["streetAddress1", "streetAddress2", "city", "mainDivision", "subDivision", "postalCode", "country"]
INVISIBLE = st.text(st.sampled_from("\u200b\u202e\0\t \u2028\ud800\u200c\u200d\u0600aی"), max_size=5)


@given(st.sampled_from(TEXTS), INVISIBLE | st.text(max_size=130))
def test_an_address_that_is_accepted_can_be_sent(name, value):
	try:
		accepted = read_members(Address, {**CHICAGO, name: value})
	except InvalidInput:
		return
	assert accepted.location()


@given(st.decimals("-1e9", "1e9", places=2, allow_nan=False))
def test_a_price_has_the_digits_that_its_sender_wrote(price):
	content = request(lineItems=[{"id": "1", "extendedPrice": float(str(price))}])
	assert read_members(TaxCalculation, content).net_amounts() == [price]


@pytest.mark.parametrize(
	("price", "sentence"),
	[
		(float("nan"), "must be a number"),
		(float("inf"), "must be a number"),
		(True, "must be a number"),
		("1", "must be a number"),
		(10**13, "must be between -1000000000000 and 1000000000000"),
		(0.001, "must have at most 2 decimals"),
		(123456789012.123456, "must have at most 15 digits"),
	],
)
def test_what_is_no_price(price, sentence):
	with pytest.raises(InvalidInput, match=sentence):
		read_members(TaxCalculation, request(lineItems=[{"id": "1", "extendedPrice": price}]))


def test_a_number_that_was_read_before_is_judged_by_its_own_type_and_member():
	read_members(TaxCalculation, request(lineItems=[{"id": "1", "quantity": 1, "unitPrice": 0.125}]))
	for member, value in (
		("quantity", True),
		("unitPrice", True),
		("unitPrice", [1]),
		("extendedPrice", 0.125),
	):
		with pytest.raises(InvalidInput, match=rf"lineItems\[0\]\.{member} must"):
			read_members(TaxCalculation, request(lineItems=[{"id": "1", "unitPrice": 1, member: value}]))


@pytest.mark.parametrize(
	("currency", "amount"), [("USD", "0.13"), ("JPY", "0"), ("KWD", "0.125"), ("CLF", "0.1250")]
)
def test_a_price_is_rounded_to_the_currencys_decimals(currency, amount):
	content = request(currency=currency, lineItems=[{"id": "1", "unitPrice": 0.125}])
	assert read_members(TaxCalculation, content).net_amounts() == [Decimal(amount)]


def test_an_invoice_is_no_larger_than_what_can_be_stored():
	def read(*amounts, **values):
		lines = [{"id": str(number), "extendedPrice": amount} for number, amount in enumerate(amounts)]
		read_members(TaxCalculation, request(lineItems=lines, **values))

	invoice = {"saleMessageType": "INVOICE", "documentNumber": "1"}
	read(10**12)
	read(499_999_999_999.99, **invoice)
	for amounts in ([5 * 10**11], [-5 * 10**11], [25 * 10**10, -25 * 10**10], [10**12]):
		with pytest.raises(InvalidInput, match="must be less than 500000000000"):
			read(*amounts, **invoice)


@pytest.mark.parametrize("code", ["USD", "CAD", "EUR", "JPY", "KWD", "CLF", "ZWG", "HRK", "BYR"])
def test_a_currency_of_iso_4217_is_one_also_if_it_was_withdrawn(code):
	assert read_members(TaxCalculation, request(currency=code)).currency == code


@pytest.mark.parametrize("code", ["ZZZ", "XXX", "XTS", "AAA", "BTC", "usd", "US", "USDT", "U$D", "", " USD"])
def test_three_capitals_that_are_no_currency_are_refused(code):
	with pytest.raises(InvalidInput, match="currency must be a currency's code"):
		read_members(TaxCalculation, request(currency=code))


def test_there_are_as_many_countries_as_in_iso_3166():
	assert len(COUNTRIES) == 249


@pytest.mark.parametrize("country", ["PR", "GU", "VI", "AS", "MP", "UM"])
def test_a_territory_is_a_division_of_the_united_states(country):
	location = read_members(Address, {"country": country, "postalCode": "00901"}).location()
	assert (location.country, location.mainDivision) == ("US", country)


def test_a_states_name_becomes_its_code():
	assert read_members(Address, {**CHICAGO, "mainDivision": "Illinois"}).location().mainDivision == "IL"
