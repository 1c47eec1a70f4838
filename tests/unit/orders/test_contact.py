import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.phones import e164
from medgrid.orders.contact import first_email, first_phone


@pytest.mark.parametrize(
	("text", "email"),
	[
		("buyer@example.com", "buyer@example.com"),
		("buyer@example.com, office@example.com", "buyer@example.com"),
		("buyer@example.com;office@example.com", "buyer@example.com"),
		("buyer@example.com\noffice@example.com", "buyer@example.com"),
		("Ann Lee <ann.lee+shop@example.co.uk>", "ann.lee+shop@example.co.uk"),
		("no address, office@example.com", "office@example.com"),
		(" , office@example.com ", "office@example.com"),
		("a..b@example.com", None),
		(".a@example.com", None),
		("a@example", None),
		("a@@example.com", None),
		("a b@example.com", None),
		(f"{'a' * 250}@example.com", None),
		("", None),
		(None, None),
	],
)
def test_the_first_of_several_addresses_is_the_customers(text, email):
	assert first_email(text) == email


@given(st.text(max_size=80))
def test_whatever_is_written_the_email_is_one_or_none(text):
	found = first_email(text)
	assert found is None or (found.count("@") == 1 and "," not in found and " " not in found)


@pytest.mark.parametrize(
	("numbers", "phone"),
	[
		(["(312) 555-0142"], "(312) 555-0142"),
		(["front desk", "(312) 555-0142"], "(312) 555-0142"),
		(["312-555-0142, 312-555-0143"], "312-555-0142"),
		(["ask Ann or 312-555-0143"], "312-555-0143"),
		(["(312) 555-0142 ext. 7"], "(312) 555-0142 ext. 7"),
		(["front desk", "12"], None),
		([], None),
	],
)
def test_the_first_number_that_can_be_read_is_the_phone(numbers, phone):
	assert first_phone(numbers, "US") == phone


@given(st.lists(st.text(max_size=30), max_size=4))
def test_what_is_a_phone_can_be_read(numbers):
	found = first_phone(numbers, "US")
	assert found is None or e164(found, "US")
