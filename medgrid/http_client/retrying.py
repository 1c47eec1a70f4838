"""How often, and after which pauses, a client repeats a request that failed temporarily. All clients use
it."""

import math
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import TypeVar

from tenacity import RetryCallState, Retrying, wait_random_exponential

from medgrid.core.waiting.patience import Patience
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
	patience: Patience | None = None,
	max_retries: int = MAX_RETRIES,
	is_worth_it: Callable[[IntegrationError], bool] = lambda failure: failure.is_passing,
) -> Result:
	"""Calls a function, and repeats it up to `max_retries` times while `may_repeat` permits it. The pauses
	grow; if the other system requests a longer pause, that one applies.

	:param attempt: is called with the number of the attempt, from 1.
	:param repeatable: whether the request is idempotent.
	:param deadline: a value of `time.monotonic()`; no pause ends after it.
	:param before_wait: called before each pause, e.g. to renew a lease; may raise.
	:param patience: how long all pauses together may be; None: until the deadline.
	:param is_worth_it: whether a repetition may succeed.
	:returns: what `attempt` returns.
	:raises OutcomeUnknown: the request is not idempotent, and it is unknown whether it was carried out.
	:raises DeadlineExceeded: the other system requests a pause that would end after the deadline, or is
		longer than `patience` permits.
	:raises IntegrationError: the failure of the last attempt.
	"""
	waits = patience or Patience()

	def pause_left() -> float:
		return min(seconds_left(deadline), waits.left())

	def prepare_to_wait(state: RetryCallState) -> None:
		_check_stated_pause(state, pause_left())
		before_wait()

	retries = Retrying(
		retry=lambda state: may_repeat(_failure_of(state), repeatable=repeatable, is_worth_it=is_worth_it),
		stop=lambda state: state.attempt_number > max_retries or _is_too_late(state, pause_left()),
		wait=lambda state: max(_BACKOFF(state), _stated_pause(state)),
		before_sleep=prepare_to_wait,
		sleep=lambda seconds: waits.sleep(min(seconds, pause_left())),
		reraise=True,
	)
	numbers = count(1)
	failure: IntegrationError | None = None
	try:
		return retries(lambda: attempt(next(numbers)))
	except IntegrationError as error:
		failure = error
	raise outcome_unknown(failure) if not repeatable and failure.was_sent is None else failure


def may_repeat(
	failure: BaseException | None,
	*,
	repeatable: bool,
	is_worth_it: Callable[[IntegrationError], bool] = lambda failure: failure.is_passing,
) -> bool:
	"""Whether a request may be repeated after a failure: the repetition may succeed, and cannot have the
	effect twice.

	:param failure: why the last attempt failed; None if it succeeded.
	:param repeatable: whether the request is idempotent.
	:param is_worth_it: whether a repetition may succeed.
	"""
	if not isinstance(failure, IntegrationError) or not is_worth_it(failure):
		return False
	return repeatable or failure.was_sent is False or failure.retry_after is not None


def _failure_of(state: RetryCallState) -> BaseException | None:
	return state.outcome.exception() if state.outcome else None


def _stated_pause(state: RetryCallState) -> float:
	failure = _failure_of(state)
	return failure.retry_after or 0 if isinstance(failure, IntegrationError) else 0


def _is_too_late(state: RetryCallState, pause_left: float) -> bool:
	"""Whether no pause may begin. A pause that the other system requests is left to `_check_stated_pause`."""
	return not pause_left and not _stated_pause(state)


def _check_stated_pause(state: RetryCallState, pause_left: float) -> None:
	"""
	:param pause_left: the longest pause that may begin, in seconds.
	:raises DeadlineExceeded: the other system requests a longer one.
	"""
	failure, seconds = _failure_of(state), _stated_pause(state)
	if isinstance(failure, IntegrationError) and seconds > pause_left:
		raise DeadlineExceeded(service=failure.service, was_sent=False, retry_after=seconds)


def seconds_left(deadline: float) -> float:
	"""The time until a deadline.

	:param deadline: a value of `time.monotonic()`.
	:returns: seconds; 0 if the deadline is over.
	"""
	return max(0, deadline - time.monotonic())


def stated_wait(headers: Mapping[str, str], *names: str, most: float, default: float = 1) -> float:
	"""How long a response requests the client to wait.

	:param headers: the response headers, with names in upper or lower case.
	:param names: the headers that may contain the time in seconds; the first one with a number counts.
	:param most: the longest wait, in seconds, that a header can cause.
	:param default: seconds to wait if no header contains a number.
	:returns: seconds, between LEAST_WAIT_SECONDS and `most`.
	"""
	for name in names:
		seconds = number_in(headers, name)
		if seconds is not None:
			return min(max(seconds, LEAST_WAIT_SECONDS), most)
	return default


def number_in(headers: Mapping[str, str], name: str) -> float | None:
	"""The value of a header as a number, which may be infinite; None if it is not a number."""
	written = {each.lower(): value for each, value in headers.items()}.get(name.lower(), "")
	try:
		number = float(written)
	except ValueError:
		return None
	return None if math.isnan(number) else number
