"""The currencies of the tax calculation are those of ISO 4217."""

import pycountry
import pytest

from medgrid.vertex.contract.currencies import PLACES

# Units of account, metals, and the codes for tests and for no currency: nobody pays with them.
NO_MONEY = {"XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XDR", "XUA", "XTS", "XXX"}
CURRENT = {currency.alpha_3 for currency in pycountry.currencies}


def test_every_current_currency_is_known_and_nothing_that_is_none():
	assert CURRENT - NO_MONEY - PLACES.keys() == set()
	assert NO_MONEY.isdisjoint(PLACES)


@pytest.mark.parametrize(
	("places", "codes"),
	[
		(0, {"JPY", "KRW", "CLP", "ISK", "XOF", "VND"}),
		(2, {"USD", "EUR", "GBP", "CAD", "MXN", "HRK"}),
		(3, {"KWD", "BHD", "OMR", "JOD", "TND"}),
		(4, {"CLF", "UYW"}),
	],
)
def test_amounts_have_the_decimals_of_their_currency(places, codes):
	assert {PLACES[code] for code in codes} == {places}


def test_a_code_is_three_capitals():
	assert [code for code in PLACES if not (len(code) == 3 and code.isascii() and code.isupper())] == []
