"""Seconds that pass also while a simulator does not run: tokens end and rate windows close over night."""

import time

_ahead = 0.0


def now() -> float:
	"""A clock in seconds that nobody sets; of a memory that was restored, it goes on."""
	return time.monotonic() + _ahead


def go_on_from(moment: float, at: float) -> None:
	"""Goes on from a moment of an earlier process.

	:param moment: what `now()` said there.
	:param at: seconds since 1970 at that moment.
	"""
	global _ahead
	_ahead = moment + max(0.0, time.time() - at) - time.monotonic()
