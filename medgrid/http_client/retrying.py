"""How often and how long a client tries again when the other side fails for the moment. Knows no document."""

import math
import time
from collections.abc import Mapping

from tenacity import Retrying, wait_random_exponential
from tenacity.retry import retry_base

MAX_RETRIES = 3
LEAST_WAIT_SECONDS = 0.1


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


def stated_wait(headers: Mapping[str, str], *names: str, most: float, default: float = 1) -> float:
	"""How long an answer asks to wait, in seconds, between LEAST_WAIT_SECONDS and `most`.

	:param names: of the headers that may say it, as a number of seconds; the first that does counts.
	:param most: no header makes us wait longer.
	:param default: where none does.
	"""
	for name in names:
		try:
			seconds = float(headers.get(name, ""))
		except ValueError:
			continue
		if not math.isnan(seconds):
			return min(max(seconds, LEAST_WAIT_SECONDS), most)
	return default
