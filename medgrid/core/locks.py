"""A lock in Redis, for what no database row can be locked for. Pure: Redis is handed in."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis.exceptions import LockError


@contextmanager
def redis_lock(redis: Any, key: str, *, seconds: float, wait_seconds: float) -> Iterator[bool]:
	"""One holder at a time, on all machines.

	:param redis: a connection; all workers of the site use the same server.
	:param seconds: the lock of a worker that died is free after so long.
	:param wait_seconds: how long to wait for it.
	:returns: whether this worker has it.
	"""
	lock = redis.lock(key, timeout=seconds, blocking_timeout=wait_seconds)
	acquired = lock.acquire()
	try:
		yield acquired
	finally:
		if acquired:
			# It may have expired: somebody else has it by now.
			with suppress(LockError):
				lock.release()
