"""The simulated ShipStation's rate limit, on a clock that the tests turn."""

import pytest

from sandbox.simulators.shipstation.account.accounts import RateWindow
from tests.support.clock import Clock


@pytest.fixture
def clock():
	return Clock()


def exceeded(window: RateWindow, requests: int) -> list[bool]:
	"""For each of some requests, whether it was one too many."""
	answers = []
	for _request in range(requests):
		window.count()
		answers.append(window.is_exceeded())
	return answers


def test_the_limit_holds_until_the_window_ends(clock):
	window = RateWindow(2, 60, now=clock)
	assert exceeded(window, 3) == [False, False, True]
	clock.advance(59.9)
	assert window.headers()["X-Rate-Limit-Reset"] == "1"
	assert exceeded(window, 1) == [True]
	clock.advance(0.1)
	assert exceeded(window, 3) == [False, False, True]


def test_the_window_starts_with_the_first_request_in_it(clock):
	window = RateWindow(2, 60, now=clock)
	clock.advance(40)
	assert exceeded(window, 1) == [False]
	clock.advance(40)
	assert exceeded(window, 2) == [False, True]


def test_the_headers_say_what_is_left_of_the_window(clock):
	window = RateWindow(40, 60, now=clock)
	exceeded(window, 3)
	clock.advance(12.5)
	assert window.headers() == {
		"X-Rate-Limit-Limit": "40",
		"X-Rate-Limit-Remaining": "37",
		"X-Rate-Limit-Reset": "48",
	}
