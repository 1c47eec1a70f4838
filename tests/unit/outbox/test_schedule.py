"""When a document that failed is tried again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medgrid.outbox.schedule import OF_DOCUMENT, WITHOUT_END

NOW = datetime(2026, 11, 26, 16, 0)
PAUSES = [(1, 60), (2, 300), (3, 1800), (4, 7200), (5, 21600), (6, 21600), (100, 21600)]


@pytest.mark.parametrize(("failures", "seconds"), PAUSES)
def test_the_pauses_grow_to_six_hours(failures, seconds):
	moment = OF_DOCUMENT.next_attempt_at(failures, first_failed_at=NOW, now=NOW)
	assert moment == NOW + timedelta(seconds=seconds)


@given(st.integers(1, 100), st.timedeltas(timedelta(), timedelta(days=30)))
def test_the_pause_that_the_other_side_asks_for_is_kept_up_to_the_longest_one(failures, stated):
	pause = WITHOUT_END.pause_after(failures, stated=stated)
	assert WITHOUT_END.pause_after(failures) <= pause <= WITHOUT_END.longest
	assert pause >= stated or pause == WITHOUT_END.longest


@pytest.mark.parametrize(("days", "is_parked"), [(0, False), (2.999, False), (3, True), (30, True)])
def test_after_three_days_a_document_is_parked(days, is_parked):
	first = NOW - timedelta(days=days)
	assert (OF_DOCUMENT.next_attempt_at(9, first_failed_at=first, now=NOW) is None) is is_parked
	assert WITHOUT_END.next_attempt_at(9, first_failed_at=first, now=NOW) is not None


@given(st.integers(0, 10**6), st.integers(0, 10**7))
def test_the_next_attempt_is_always_later_and_never_after_more_than_six_hours(failures, seconds):
	first = NOW - timedelta(seconds=seconds)
	moment = WITHOUT_END.next_attempt_at(failures, first_failed_at=first, now=NOW)
	assert moment and timedelta() < moment - NOW <= timedelta(hours=6)


def test_a_document_that_always_fails_has_17_attempts_and_is_parked():
	now, failures = NOW, 0
	while True:
		failures += 1
		moment = OF_DOCUMENT.next_attempt_at(failures, first_failed_at=NOW, now=now)
		if moment is None:
			break
		now = moment
	assert failures == 17
	assert timedelta(days=3) <= now - NOW < timedelta(days=3, hours=6)
