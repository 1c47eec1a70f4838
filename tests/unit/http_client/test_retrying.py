"""What is tried again, how often, and how long nobody waits."""

import time

import pytest

from medgrid.core.waiting.patience import Patience
from medgrid.http_client import retrying
from medgrid.http_client.errors import (
	CredentialsRejected,
	DeadlineExceeded,
	IntegrationError,
	NotSent,
	OutcomeUnknown,
	PaymentRequired,
	RateLimited,
	RequestRejected,
	ResourceNotFound,
	ServiceUnavailable,
	UnexpectedResponse,
)
from medgrid.http_client.retrying import MAX_RETRIES, may_repeat, stated_wait, with_retries


@pytest.fixture
def waits(monkeypatch):
	"""The pauses, which take no time."""
	waits: list[float] = []
	monkeypatch.setattr(retrying.time, "sleep", waits.append)
	return waits


class Attempts:
	"""Fails in the ways given, one an attempt, and then succeeds."""

	def __init__(self, *failures: BaseException):
		self.failures = list(failures)
		self.numbers: list[int] = []

	def __call__(self, number: int) -> str:
		self.numbers.append(number)
		if self.failures:
			raise self.failures.pop(0)
		return "done"


def call(attempts: Attempts, *, repeatable: bool = True, seconds: float = 60, **options) -> str:
	deadline = time.monotonic() + seconds
	return with_retries(attempts, repeatable=repeatable, deadline=deadline, **options)


@pytest.mark.parametrize(
	("failure", "if_repeatable", "if_not"),
	[
		(NotSent(), True, True),
		(RateLimited(retry_after=1), True, True),
		(RateLimited(retry_after=0), True, True),
		(RateLimited(), True, False),
		(ServiceUnavailable(), True, False),
		(UnexpectedResponse(), True, False),
		(ServiceUnavailable(was_sent=False), True, True),
		(OutcomeUnknown(), True, False),
		(CredentialsRejected(was_sent=False), False, False),
		(PaymentRequired(), False, False),
		(RequestRejected(), False, False),
		(ResourceNotFound(), False, False),
		(DeadlineExceeded(), False, False),
		(IntegrationError(), False, False),
		(ValueError(), False, False),
		(None, False, False),
	],
)
def test_what_is_repeated_depends_on_whether_it_arrived_and_whether_that_matters(
	failure, if_repeatable, if_not
):
	assert may_repeat(failure, repeatable=True) is if_repeatable
	assert may_repeat(failure, repeatable=False) is if_not


def test_an_attempt_that_succeeds_is_the_last(waits):
	attempts = Attempts(NotSent(), ServiceUnavailable())
	assert call(attempts) == "done"
	assert attempts.numbers == [1, 2, 3]
	assert len(waits) == 2


def test_after_three_retries_the_last_failure_is_raised(waits):
	failures = [ServiceUnavailable(status=status) for status in (500, 501, 502, 503, 504)]
	attempts = Attempts(*failures)
	with pytest.raises(ServiceUnavailable) as caught:
		call(attempts)
	assert caught.value is failures[MAX_RETRIES]
	assert attempts.numbers == [1, 2, 3, 4]
	assert sum(waits) <= 8


def test_what_may_have_been_carried_out_is_not_repeated_and_is_said_to_be_unknown(waits):
	attempts = Attempts(UnexpectedResponse("nonsense", service="shopify", status=502, request_id="r-1"))
	with pytest.raises(OutcomeUnknown) as caught:
		call(attempts, repeatable=False)
	error = caught.value
	assert (error.service, error.status, error.request_id) == ("shopify", 502, "r-1")
	assert attempts.numbers == [1]


def test_what_was_certainly_not_carried_out_keeps_its_name(waits):
	with pytest.raises(NotSent):
		call(Attempts(*(NotSent() for _number in range(9))), repeatable=False)
	with pytest.raises(RequestRejected):
		call(Attempts(RequestRejected()), repeatable=False)


def test_what_the_other_side_asks_for_is_waited_and_who_waits_is_told_before(waits):
	calls = []
	attempts = Attempts(RateLimited(retry_after=7))
	call(attempts, before_wait=lambda: calls.append(len(waits)))
	assert 7 <= waits[0] < 7.1
	assert calls == [0]


def test_a_pause_beyond_the_deadline_is_not_begun(waits):
	with pytest.raises(DeadlineExceeded) as caught:
		call(Attempts(RateLimited(service="shipstation", retry_after=50)), seconds=20)
	assert (caught.value.service, caught.value.retry_after) == ("shipstation", 50)
	assert waits == []


def test_a_rate_limit_that_lasts_is_one_and_not_a_lack_of_time(waits):
	with pytest.raises(RateLimited):
		call(Attempts(*(RateLimited(retry_after=1) for _number in range(9))), seconds=20)


def test_a_pause_beyond_the_callers_patience_is_not_begun(waits):
	with pytest.raises(DeadlineExceeded) as caught:
		call(Attempts(RateLimited(service="shipstation", retry_after=9)), patience=Patience(waiting=8))
	assert (caught.value.retry_after, caught.value.was_sent) == (9, False)
	assert waits == []


def test_all_pauses_together_are_within_the_callers_patience(waits):
	"""Of two requests with the same patience, the second has what the first has left."""
	patience = Patience(waiting=8)
	call(Attempts(*(RateLimited(retry_after=2) for _number in range(3))), patience=patience)
	with pytest.raises(DeadlineExceeded):
		call(Attempts(RateLimited(retry_after=3)), patience=patience)
	assert 6 <= sum(waits) <= 8


def test_without_patience_the_first_failure_is_the_last(waits):
	attempts = Attempts(ServiceUnavailable())
	with pytest.raises(ServiceUnavailable):
		call(attempts, patience=Patience(waiting=0))
	assert (attempts.numbers, waits) == ([1], [])


def test_at_the_deadline_nothing_is_tried_again(waits):
	attempts = Attempts(ServiceUnavailable())
	with pytest.raises(ServiceUnavailable):
		call(attempts, seconds=0)
	assert attempts.numbers == [1]


def test_somebody_elses_exception_goes_through(waits):
	with pytest.raises(KeyboardInterrupt):
		call(Attempts(KeyboardInterrupt()))


@pytest.mark.parametrize(
	("said", "seconds"),
	[("2.0", 2), ("0", 0.1), ("-1", 0.1), ("3600", 60), ("inf", 60), ("nan", 1), ("soon", 1), ("", 1)],
)
def test_a_header_makes_us_wait_within_bounds(said, seconds):
	assert stated_wait({"Retry-After": said}, "Retry-After", most=60) == seconds


def test_the_first_header_that_says_a_number_counts():
	headers = {"retry-after": "soon", "x-rate-limit-reset": "7"}
	assert stated_wait(headers, "Retry-After", "X-Rate-Limit-Reset", most=60) == 7


def test_without_a_header_the_wait_is_the_default():
	assert stated_wait({}, "Retry-After", most=60, default=3) == 3
