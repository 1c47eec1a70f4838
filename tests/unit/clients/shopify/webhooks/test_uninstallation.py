from datetime import datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from medgrid.clients.shopify.webhooks.uninstallation import Uninstallation, uninstallation

NOW = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
SHOP = "your-store.myshopify.com"


def is_stale(*, triggered: timedelta | None, connected: timedelta | None) -> bool:
	"""Both so long ago."""
	told = Uninstallation(SHOP, NOW - triggered if triggered is not None else None)
	return told.is_stale(NOW - connected if connected is not None else None, NOW)


@pytest.mark.parametrize("ago", [timedelta(minutes=1), timedelta(hours=4), timedelta(days=30)])
def test_what_happened_before_the_connecting_is_stale(ago):
	assert is_stale(triggered=ago + timedelta(seconds=6), connected=ago)


@pytest.mark.parametrize("ago", [timedelta(minutes=1), timedelta(hours=4), timedelta(days=30)])
def test_what_happened_after_the_connecting_is_not_however_late_it_arrives(ago):
	assert not is_stale(triggered=ago, connected=ago + timedelta(seconds=1))


def test_the_two_clocks_may_differ_by_five_seconds():
	assert not is_stale(triggered=timedelta(seconds=65), connected=timedelta(seconds=60))


def test_where_the_connecting_is_unknown_what_is_older_than_15_minutes_is_stale():
	assert is_stale(triggered=timedelta(minutes=16), connected=None)
	assert not is_stale(triggered=timedelta(minutes=14), connected=None)


@pytest.mark.parametrize("connected", [None, timedelta(days=1)])
def test_what_does_not_say_when_it_happened_is_not_stale(connected):
	assert not is_stale(triggered=None, connected=connected)


def test_the_shop_is_the_one_in_the_body_in_small_letters():
	told = uninstallation({"id": 1, "myshopify_domain": " Your-Store.myshopify.com"}, NOW)
	assert told == Uninstallation(SHOP, NOW)


@pytest.mark.parametrize("content", [{}, {"id": 1}, {"id": "1", "myshopify_domain": SHOP}])
def test_what_is_no_shop_is_refused(content):
	with pytest.raises(ValidationError):
		uninstallation(content, NOW)
