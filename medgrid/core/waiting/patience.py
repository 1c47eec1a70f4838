"""How long a piece of work may wait, and how long it has waited. Pure.

A web request occupies a thread that others need, so it waits for at most some seconds in all: in pauses
before a repetition, for a rate limit, for a lock. It begins no wait that is known to be longer than what is
left. A job may wait as long as its own deadline permits.

Whatever waits gets a `Patience` from its caller, asks it before the wait, and waits through it.
See docs/adr/0030-no-web-thread-waits.md.
"""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Patience:
	"""The waiting that one web request or one job may do.

	:param seconds: how long the whole work may take, from now on.
	:param waiting: how many of these seconds it may wait.
	:param for_locks: how many seconds of `waiting` are kept for locks: what another system has done must
		still be recorded after the other waits are used up.
	:ivar until: the value of `time.monotonic()` at which the work must be done.
	:ivar waited: the seconds that it has waited.
	"""

	def __init__(self, *, seconds: float = math.inf, waiting: float = math.inf, for_locks: float = 0):
		self.until = time.monotonic() + seconds
		self.most, self.for_locks, self.waited = waiting, for_locks, 0.0

	def left(self) -> float:
		"""The seconds that may still be waited for anything but locks; 0 if there are none."""
		return max(0, self.left_for_locks() - self.for_locks)

	def left_for_locks(self) -> float:
		"""The seconds that may still be waited for a lock; 0 if there are none."""
		return max(0, min(self.most - self.waited, self.until - time.monotonic()))

	def permits(self, seconds: float) -> bool:
		"""Whether a wait of this length may begin."""
		return seconds <= self.left()

	def sleep(self, seconds: float) -> None:
		"""Waits."""
		began = time.monotonic()
		time.sleep(seconds)
		self.note(max(seconds, time.monotonic() - began))

	@contextmanager
	def waiting(self) -> Iterator[None]:
		"""Counts the time that passes within the block, e.g. until a lock is there, as waited."""
		began = time.monotonic()
		try:
			yield
		finally:
			self.note(time.monotonic() - began)

	def note(self, seconds: float) -> None:
		"""Counts seconds that were waited elsewhere."""
		self.waited += seconds
