"""Phone numbers as people write them. No site is needed."""

import pytest

from medgrid.exceptions import InvalidInput
from medgrid.integrations.sendblue.phone_numbers import to_e164


@pytest.mark.parametrize(
	("written", "number"),
	[
		("+15551234567", "+15551234567"),
		("(555) 123-4567", "+15551234567"),
		("555.123.4567", "+15551234567"),
		("1 555 123 4567", "+15551234567"),
		(" +44 20 7946 0958 ", "+442079460958"),
		("+49 (0) 30 901820", "+4930901820"),
		("tel:+1-312-555-0142", "+13125550142"),
		("+1 312 555 ０１４２", "+13125550142"),
	],
)
def test_a_number_becomes_e164_and_without_a_country_code_it_is_american(written, number):
	assert to_e164(written) == number


@pytest.mark.parametrize(
	"written",
	[
		"",
		"no number",
		"123",
		"+1555123456789012",
		"+999 555 1234567",
		"312-555-0142 x5",
		"+1",
		"911",
		"++1312",
	],
)
def test_what_is_no_number_is_refused(written):
	with pytest.raises(InvalidInput, match="This is not a phone number"):
		to_e164(written)


@pytest.mark.parametrize(
	"written",
	["+1 900 234 5678", "+8816312345678", "+882131234567", "+870773111632", "+97912345678", "+80012345678"],
	ids=["premium", "satellite", "international network", "Inmarsat", "shared cost", "freephone"],
)
def test_numbers_at_special_rates_and_of_no_country_are_refused(written):
	with pytest.raises(InvalidInput, match="special rate"):
		to_e164(written)
