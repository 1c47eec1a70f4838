"""What a piece of work may still wait."""

import math
import time

import pytest

from medgrid.core.waiting.patience import Patience


@pytest.fixture
def sleeps(monkeypatch):
	"""The sleeps, which take no time."""
	sleeps: list[float] = []
	monkeypatch.setattr(time, "sleep", sleeps.append)
	return sleeps


def test_a_job_may_wait_without_bounds(sleeps):
	patience = Patience()
	assert (patience.left(), patience.left_for_locks()) == (math.inf, math.inf)
	patience.sleep(3600)
	assert patience.permits(10**9)
	assert patience.waited == 3600


def test_what_was_slept_is_not_left(sleeps):
	patience = Patience(waiting=10, for_locks=2)
	patience.sleep(5)
	assert sleeps == [5]
	assert patience.left() == pytest.approx(3)
	assert patience.left_for_locks() == pytest.approx(5)
	assert patience.permits(3)
	assert not patience.permits(3.1)


def test_the_last_seconds_are_for_locks_only(sleeps):
	patience = Patience(waiting=10, for_locks=2)
	patience.note(8.5)
	assert patience.left() == 0
	assert patience.left_for_locks() == pytest.approx(1.5)
	patience.note(5)
	assert patience.left_for_locks() == 0


def test_the_end_of_the_time_ends_the_waiting_too(monkeypatch):
	patience = Patience(seconds=30, waiting=10)
	now = time.monotonic()
	monkeypatch.setattr(time, "monotonic", lambda: now + 26)
	assert 3.9 < patience.left() <= 4.1
	monkeypatch.setattr(time, "monotonic", lambda: now + 31)
	assert patience.left() == 0
	assert not patience.permits(0.1)


def test_the_time_within_a_block_counts_also_if_it_fails(monkeypatch):
	patience = Patience(waiting=10)
	times = iter([100.0, 104.0])
	monkeypatch.setattr(time, "monotonic", lambda: next(times))
	with pytest.raises(ValueError, match="locked"), patience.waiting():
		raise ValueError("locked")
	assert patience.waited == 4
