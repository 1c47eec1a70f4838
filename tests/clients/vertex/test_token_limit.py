"""The limit of tokens in a real Redis."""

import secrets

import frappe
import pytest

from medgrid.clients.vertex.responses import TOKEN_WINDOW_SECONDS
from medgrid.clients.vertex.token_limit import LIMIT, SharedTokenLimit


@pytest.fixture
def limits(site):
	"""Makes limits of one client ID."""
	client_id = f"client-{secrets.token_hex(4)}"
	made = []

	def make(**options) -> SharedTokenLimit:
		made.append(SharedTokenLimit(frappe.cache, client_id, **options))
		return made[-1]

	yield make
	for each in made:
		frappe.cache.delete(*each.keys)


def test_calculations_stop_at_nine_and_a_test_gets_the_tenth(limits):
	shared = limits()
	assert [shared.reserve() for _number in range(9)] == [0] * 9
	assert 28_700 < limits().reserve() <= TOKEN_WINDOW_SECONDS
	assert limits(limit=LIMIT).reserve() == 0
	assert limits(limit=LIMIT).reserve() > 28_700


def test_what_was_not_issued_is_taken_back(limits):
	shared = limits()
	for _number in range(20):
		assert shared.reserve() == 0
		shared.take_back()


def test_after_a_refusal_nobody_requests_before_the_first_known_token_leaves_the_window(limits):
	shared = limits()
	shared.reserve()
	seconds = shared.close(TOKEN_WINDOW_SECONDS)
	assert 28_700 < seconds <= TOKEN_WINDOW_SECONDS
	assert 28_700 < limits(limit=LIMIT).reserve() <= TOKEN_WINDOW_SECONDS


def test_a_refusal_of_which_nothing_is_known_closes_for_the_stated_window(limits):
	assert limits().close(100) == pytest.approx(100, abs=2)
	assert 90 < limits().reserve() <= 100


def test_redis_has_no_client_id(limits):
	limits().reserve()
	assert not [key for key in frappe.cache.scan_iter(match="medgrid:vertex:*") if b"client-" in key]
