"""How long the clients wait. Pure."""

import pytest

from medgrid.http_client.retrying import stated_wait


@pytest.mark.parametrize(
	("said", "seconds"),
	[("2.0", 2), ("0", 0.1), ("-1", 0.1), ("3600", 60), ("inf", 60), ("nan", 1), ("soon", 1), ("", 1)],
)
def test_a_header_makes_us_wait_within_bounds(said, seconds):
	assert stated_wait({"Retry-After": said}, "Retry-After", most=60) == seconds


def test_the_first_header_that_says_a_number_counts():
	headers = {"Retry-After": "soon", "X-Rate-Limit-Reset": "7"}
	assert stated_wait(headers, "Retry-After", "X-Rate-Limit-Reset", most=60) == 7


def test_without_a_header_the_wait_is_the_default():
	assert stated_wait({}, "Retry-After", most=60, default=3) == 3
