"""Aware times and what MedGrid's own Datetime fields hold of them."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.core.clock import from_stored_utc, is_ahead, stored_utc, stored_utc_now, stored_utc_text, utc_now

ZONES = ("UTC", "America/Chicago", "Asia/Kolkata", "Pacific/Apia")
aware_times = st.datetimes(
	min_value=datetime(1990, 1, 1),
	max_value=datetime(2100, 1, 1),
	timezones=st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
)


@given(aware_times)
def test_a_stored_time_is_the_same_moment_whatever_its_zone_was(moment):
	stored = stored_utc(moment)
	assert stored.tzinfo is None
	# Of times that a clock skips or shows twice, Python says that they equal nothing; their moment is clear.
	assert from_stored_utc(stored).timestamp() == moment.timestamp()
	assert from_stored_utc(str(stored)).timestamp() == moment.timestamp()


def test_the_repeated_hour_in_autumn_is_two_hours():
	zone = ZoneInfo("America/Chicago")
	first = datetime(2026, 11, 1, 1, 30, tzinfo=zone)
	second = first.replace(fold=1)
	assert stored_utc(second) - stored_utc(first) == timedelta(hours=1)


@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_field_has_no_text_and_is_not_ahead(value):
	assert stored_utc_text(value) is None
	assert is_ahead(value) is False


def test_texts_have_no_microseconds():
	assert stored_utc_text(datetime(2026, 3, 1, 9, 5, 7, 999_999)) == "2026-03-01 09:05:07"
	assert stored_utc_text("2026-03-01 09:05:07.999999") == "2026-03-01 09:05:07"


def test_now_is_in_utc_and_between_past_and_future():
	now = stored_utc_now()
	assert utc_now().utcoffset() == timedelta(0)
	assert abs(from_stored_utc(now) - datetime.now(timezone.utc)) < timedelta(minutes=1)
	assert is_ahead(now + timedelta(hours=1)) is True
	assert is_ahead(now - timedelta(hours=1)) is False
