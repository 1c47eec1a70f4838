"""Connections that end a whole exchange at its deadline, even if the other system sends slowly.

A socket's own timeout starts again with each byte: a peer that sends one byte per second, in headers or body,
would block the reader for hours. These connections limit each read to the remaining time. They also record
whether a part of the request may have been sent; the HTTP library's exceptions do not say that reliably.

The DNS lookup is not limited; the system's resolver has its own timeout.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# A timeout of 0 would make the socket non-blocking.
LEAST_SECONDS = 0.001


class ExchangeTiming:
	"""The timing of the current exchange.

	:ivar until: a value of `time.monotonic()` at which the exchange ends.
	:ivar was_begun: whether the request may have been sent, completely or in part.
	"""

	def __init__(self) -> None:
		self.until, self.was_begun = 0.0, False

	def begin(self, until: float) -> None:
		self.until, self.was_begun = until, False

	def is_over(self) -> bool:
		return time.monotonic() >= self.until

	def left(self) -> float:
		"""The remaining seconds, for a socket's timeout.

		:raises TimeoutError: no time is left.
		"""
		seconds = self.until - time.monotonic()
		if seconds <= 0:
			raise TimeoutError("the exchange's time is over")
		return max(seconds, LEAST_SECONDS)


class _TimedReader(io.RawIOBase):
	def __init__(self, raw: Any, connected: socket.socket, timing: ExchangeTiming):
		super().__init__()
		self._raw, self._socket, self._timing = raw, connected, timing

	def readable(self) -> bool:
		return True

	def readinto(self, buffer: Any) -> int | None:
		self._socket.settimeout(self._timing.left())
		return self._raw.readinto(buffer)

	def close(self) -> None:
		self._raw.close()
		super().close()


class _TimedResponse(HTTPResponse):
	def __init__(self, sock: socket.socket, *arguments: Any, timing: ExchangeTiming, **options: Any):
		super().__init__(sock, *arguments, **options)
		self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock, timing))


class _TimedConnection:
	"""The first base class of the timed versions of urllib3's connections."""

	timing: ExchangeTiming
	sock: Any

	def response_class(self, sock: socket.socket, *arguments: Any, **options: Any) -> HTTPResponse:
		return _TimedResponse(sock, *arguments, timing=self.timing, **options)

	def _new_conn(self) -> socket.socket:
		connected = super()._new_conn()  # type: ignore[misc]
		# For the next steps, such as the TLS handshake: the connect timeout starts again, limited by the
		# deadline.
		connected.settimeout(min(connected.gettimeout() or self.timing.left(), self.timing.left()))
		return connected

	def endheaders(self, *arguments: Any, **options: Any) -> None:
		if self.sock is None:
			self.connect()  # type: ignore[attr-defined]
		self.sock.settimeout(self.timing.left())
		self.timing.was_begun = True
		super().endheaders(*arguments, **options)  # type: ignore[misc]


def pool_classes(timing: ExchangeTiming) -> dict[str, type[HTTPConnectionPool]]:
	"""Connection pools for both schemes, for urllib3's `pool_classes_by_scheme`.

	:param timing: the timing of the current exchange; the pools serve one exchange at a time.
	"""
	bases = {"http": (HTTPConnection, HTTPConnectionPool), "https": (HTTPSConnection, HTTPSConnectionPool)}
	return {scheme: _pool_class(timing, *pair) for scheme, pair in bases.items()}


def _pool_class(timing: ExchangeTiming, connection: type, pool: type) -> type:
	timed = type(f"Timed{connection.__name__}", (_TimedConnection, connection), {"timing": timing})
	return type(f"Timed{pool.__name__}", (pool,), {"ConnectionCls": timed})
