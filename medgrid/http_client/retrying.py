"""How often and how long a client tries again when the other side fails for the moment. One way for all."""

import math
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import TypeVar

from tenacity import RetryCallState, Retrying, wait_random_exponential
from tenacity.retry import retry_base

from medgrid.http_client.errors import DeadlineExceeded, IntegrationError, outcome_unknown

# Contract, "External System Rate Limits": "up to 3 retries".
MAX_RETRIES = 3
LEAST_WAIT_SECONDS = 0.1
# At most 0.5, 1 and 2 seconds.
_BACKOFF = wait_random_exponential(multiplier=0.5, max=2)

Result = TypeVar("Result")


def with_retries(
	attempt: Callable[[int], Result],
	*,
	repeatable: bool,
	deadline: float,
	before_wait: Callable[[], None] = lambda: None,
) -> Result:
	"""Calls a function, and again up to MAX_RETRIES times while `may_repeat` says so: after a growing pause,
	or after what the other side asked for, if that is longer.

	:param attempt: gets the number of the attempt, from 1.
	:param repeatable: whether carrying it out twice is as good as once.
	:param deadline: a value of `time.monotonic()`; no pause outlasts it.
	:param before_wait: called before each pause, e.g. to renew a lease; may raise.
	:raises OutcomeUnknown: it is not repeatable, and nobody knows whether it was carried out.
	:raises DeadlineExceeded: the other side asks for a pause beyond the deadline.
	:raises IntegrationError: the failure of the last attempt.
	"""

	def prepare_to_wait(state: RetryCallState) -> None:
		_check_stated_pause(state, deadline)
		before_wait()

	retries = Retrying(
		retry=lambda state: may_repeat(_failure_of(state), repeatable=repeatable),
		stop=lambda state: state.attempt_number > MAX_RETRIES or time.monotonic() >= deadline,
		wait=lambda state: max(_BACKOFF(state), _stated_pause(state)),
		before_sleep=prepare_to_wait,
		sleep=lambda seconds: time.sleep(min(seconds, seconds_left(deadline))),
		reraise=True,
	)
	numbers = count(1)
	failure: IntegrationError | None = None
	try:
		return retries(lambda: attempt(next(numbers)))
	except IntegrationError as error:
		failure = error
	raise outcome_unknown(failure) if not repeatable and failure.was_sent is None else failure


def retrying(retry: retry_base, deadline: float) -> Retrying:
	"""As `with_retries`, for clients that do not send by a `Transport` yet.

	:param retry: after which exceptions.
	:param deadline: a value of `time.monotonic()`.
	"""
	return Retrying(
		retry=retry,
		stop=lambda state: state.attempt_number > MAX_RETRIES or time.monotonic() >= deadline,
		wait=_BACKOFF,
		sleep=lambda seconds: time.sleep(min(seconds, seconds_left(deadline))),
		reraise=True,
	)


def may_repeat(failure: BaseException | None, *, repeatable: bool) -> bool:
	"""Whether a repetition makes sense and does no harm.

	:param repeatable: whether carrying it out twice is as good as once.
	"""
	if not isinstance(failure, IntegrationError) or not failure.is_passing:
		return False
	return repeatable or failure.was_sent is False or failure.retry_after is not None


def _failure_of(state: RetryCallState) -> BaseException | None:
	return state.outcome.exception() if state.outcome else None


def _stated_pause(state: RetryCallState) -> float:
	failure = _failure_of(state)
	return failure.retry_after or 0 if isinstance(failure, IntegrationError) else 0


def _check_stated_pause(state: RetryCallState, deadline: float) -> None:
	"""
	:raises DeadlineExceeded: the other side asks for a pause that would end after the deadline.
	"""
	failure, seconds = _failure_of(state), _stated_pause(state)
	if isinstance(failure, IntegrationError) and seconds > seconds_left(deadline):
		raise DeadlineExceeded(service=failure.service, was_sent=False, retry_after=seconds)


def seconds_left(deadline: float) -> float:
	"""
	:param deadline: a value of `time.monotonic()`.
	:returns: 0 when it is over.
	"""
	return max(0, deadline - time.monotonic())


def stated_wait(headers: Mapping[str, str], *names: str, most: float, default: float = 1) -> float:
	"""How long an answer asks to wait, in seconds, between LEAST_WAIT_SECONDS and `most`.

	:param headers: in any spelling of their names.
	:param names: of the headers that may say it, as a number of seconds; the first that does counts.
	:param most: no header makes us wait longer.
	:param default: where none does.
	"""
	for name in names:
		seconds = number_in(headers, name)
		if seconds is not None:
			return min(max(seconds, LEAST_WAIT_SECONDS), most)
	return default


def number_in(headers: Mapping[str, str], name: str) -> float | None:
	"""A header's value as a number; infinite is one, None: it is none."""
	written = {each.lower(): value for each, value in headers.items()}.get(name.lower(), "")
	try:
		number = float(written)
	except ValueError:
		return None
	return None if math.isnan(number) else number
