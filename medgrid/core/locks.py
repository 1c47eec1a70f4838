"""A lock in Redis, for work that no row of the database stands for. Pure: the caller passes the Redis
connection."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.exceptions import LockError


@contextmanager
def redis_lock(redis: Any, key: str, *, seconds: float, wait_seconds: float) -> Iterator[bool]:
	"""Holds a lock that one worker on all machines can have at a time.

	:param redis: a connection to the server that all workers of the site use.
	:param seconds: the lock expires after this time, so a dead worker does not keep it.
	:param wait_seconds: the maximum time to wait for the lock.
	:returns: whether this worker has the lock.
	"""
	lock = redis.lock(key, timeout=seconds, blocking_timeout=wait_seconds)
	acquired = lock.acquire()
	try:
		yield acquired
	finally:
		if acquired:
			# It may have expired, and another worker may have it by now.
			with suppress(LockError):
				lock.release()
