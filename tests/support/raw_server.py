"""A server on loopback that says what a test wants said, byte by byte: what no HTTP server would send."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[[socket.socket], None]


class RawServer:
	"""
	:param reads: whether it reads a request before it speaks.
	:ivar received: the head and the body of each request, in their order.
	:ivar connections: how many were opened.
	"""

	def __init__(self, script: Script, *, requests_per_connection: int = 1, reads: bool = True):
		self.script, self.reads, self.requests_per_connection = script, reads, requests_per_connection
		self.received: list[bytes] = []
		self.connections = 0
		self._listener = socket.create_server(("127.0.0.1", 0))
		self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
		threading.Thread(target=self._accept, daemon=True).start()

	def close(self) -> None:
		self._listener.close()

	def _accept(self) -> None:
		with suppress(OSError):
			while True:
				connection, _address = self._listener.accept()
				self.connections += 1
				threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

	def _serve(self, connection: socket.socket) -> None:
		# A client that has had enough closes the connection.
		with connection, suppress(OSError):
			for _number in range(self.requests_per_connection):
				if self.reads:
					self.received.append(_request(connection))
				self.script(connection)


def _request(connection: socket.socket) -> bytes:
	data = b""
	while b"\r\n\r\n" not in data:
		data += _more(connection)
	head, _blank, body = data.partition(b"\r\n\r\n")
	lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
	length = int(lengths[0].split(b":")[1]) if lengths else 0
	while len(body) < length:
		body += _more(connection)
	return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
	if not (data := connection.recv(65536)):
		raise ConnectionError("the client went away")
	return data


@contextmanager
def raw_server(script: Script, **options) -> Iterator[RawServer]:
	server = RawServer(script, **options)
	try:
		yield server
	finally:
		server.close()


def says(data: bytes) -> Script:
	"""Sends some bytes and closes."""
	return lambda connection: connection.sendall(data)


def answers(body: bytes, status: str = "200 OK", headers: dict[str, str] | None = None) -> Script:
	"""Sends a whole answer."""
	lines = {"Content-Length": str(len(body)), **(headers or {})}
	head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
	return says(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)


def drips(data: bytes, *, first: bytes = b"", every: float = 0.1) -> Script:
	"""Sends some bytes at once and then one after another."""

	def drip(connection: socket.socket) -> None:
		connection.sendall(first)
		for byte in data:
			time.sleep(every)
			connection.sendall(bytes([byte]))

	return drip
