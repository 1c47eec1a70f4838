"""A lock in Redis, for work that no row of the database stands for. Pure: the caller passes the Redis
connection."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.exceptions import LockError

from medgrid.core.waiting.patience import Patience

# Between two tries.
POLL_SECONDS = 0.1


@contextmanager
def redis_lock(
	redis: Any, key: str, *, seconds: float, wait_seconds: float, patience: Patience | None = None
) -> Iterator[bool]:
	"""Holds a lock that one worker on all machines can have at a time.

	:param redis: a connection to the server that all workers of the site use.
	:param seconds: the lock expires after this time, so a dead worker does not keep it.
	:param wait_seconds: the maximum time to wait for the lock.
	:param patience: the caller's; None: it has no limit besides `wait_seconds`.
	:returns: whether this worker has the lock.
	"""
	lock = redis.lock(key, timeout=seconds)
	acquired = _acquire(lock, wait_seconds, patience or Patience())
	try:
		yield acquired
	finally:
		if acquired:
			# It may have expired, and another worker may have it by now.
			with suppress(LockError):
				lock.release()


def _acquire(lock: Any, wait_seconds: float, patience: Patience) -> bool:
	"""Tries again and again until the lock is there or the time is over; all waits are the caller's."""
	began = patience.waited
	while not lock.acquire(blocking=False):
		if patience.waited - began >= wait_seconds or not patience.permits(POLL_SECONDS):
			return False
		patience.sleep(POLL_SECONDS)
	return True
