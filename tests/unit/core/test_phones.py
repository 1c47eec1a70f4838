import pytest

from medgrid.core.phones import e164


@pytest.mark.parametrize(
	("number", "region", "expected"),
	[
		("(312) 555-0142", "US", "+13125550142"),
		("312.555.0142", "US", "+13125550142"),
		("+1 312 555 0142 ext. 12345", "US", "+13125550142"),
		("+44 20 7946 0018", "US", "+442079460018"),
		("020 7946 0018", "GB", "+442079460018"),
		("011 44 20 7946 0018", "US", "+442079460018"),
		("416-555-0199", "CA", "+14165550199"),
		("+1 312 555 0142", None, "+13125550142"),
		("+1 312 555 0142", "", "+13125550142"),
	],
)
def test_a_number_as_people_write_it_in_e164(number, region, expected):
	assert e164(number, region) == expected


@pytest.mark.parametrize(
	("number", "region"),
	[
		("front desk", "US"),
		("", "US"),
		(None, "US"),
		("123", "US"),
		("312 555 0142", None),
		("312 555 0142", "ZZ"),
		("+" + "1" * 40, "US"),
	],
)
def test_what_cannot_be_a_number_is_none(number, region):
	assert e164(number, region) is None
