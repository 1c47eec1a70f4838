"""How often and how long a client tries again when the other side fails for the moment. Knows no document."""

import time

from tenacity import Retrying, wait_random_exponential
from tenacity.retry import retry_base

MAX_RETRIES = 3


def retrying(retry: retry_base, deadline: float) -> Retrying:
	"""Calls a function, and again up to MAX_RETRIES times after growing pauses, none of which outlasts the
	deadline; in the end the function's own exception is raised.

	:param retry: after which exceptions.
	:param deadline: a value of `time.monotonic()`.
	"""
	return Retrying(
		retry=retry,
		stop=lambda state: state.attempt_number > MAX_RETRIES or time.monotonic() >= deadline,
		wait=wait_random_exponential(multiplier=0.5, max=8),
		sleep=lambda seconds: time.sleep(min(seconds, seconds_left(deadline))),
		reraise=True,
	)


def seconds_left(deadline: float) -> float:
	"""
	:param deadline: a value of `time.monotonic()`.
	:returns: 0 when it is over.
	"""
	return max(0, deadline - time.monotonic())
