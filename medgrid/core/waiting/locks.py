"""A lock in Redis, for work that no row of the database stands for. Pure: the caller passes the Redis
connection."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.exceptions import LockError

from medgrid.core.waiting.patience import Patience


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
	patience = patience or Patience()
	lock = redis.lock(key, timeout=seconds, blocking_timeout=min(wait_seconds, patience.left()))
	with patience.waiting():
		acquired = lock.acquire()
	try:
		yield acquired
	finally:
		if acquired:
			# It may have expired, and another worker may have it by now.
			with suppress(LockError):
				lock.release()
