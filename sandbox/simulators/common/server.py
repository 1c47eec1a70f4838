"""HTTP on loopback: reads requests, hands them on, delivers the answers whole, late, halved or not at all.

It stands on the standard library's server rather than werkzeug's, because a lost answer needs the bare
connection.
"""

import sys
import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import TypeVar
from urllib.parse import urlsplit

from sandbox.simulators.common.messages import Answer, Request, Sent

HOST = "127.0.0.1"
Server = TypeVar("Server", bound="SimulatorServer")


class SimulatorServer(ThreadingMixIn, TCPServer, ABC):
	"""A simulator's server says what it reads requests into and how it answers them."""

	request_type: type[Request] = Request
	# What the Server header says.
	name = "Simulator"

	daemon_threads = True
	# Closing must not wait for connections that a client keeps open or a fault keeps hanging.
	block_on_close = False
	allow_reuse_address = True
	request_queue_size = 128

	def __init__(self, port: int = 0, verbose: bool = False):
		super().__init__((HOST, port), Handler)
		self.verbose = verbose
		self.stopping = threading.Event()

	@property
	def url(self) -> str:
		return f"http://{HOST}:{self.server_address[1]}"

	@abstractmethod
	def answer(self, request: Request) -> Answer:
		"""What a request is answered; called in the connection's own thread."""

	def stop(self) -> None:
		self.stopping.set()
		self.shutdown()
		self.server_close()

	def handle_error(self, request, client_address) -> None:
		"""A client that went away is no error; anything else is one of ours, with a traceback."""
		if not isinstance(sys.exc_info()[1], ConnectionError):
			super().handle_error(request, client_address)


def run_in_thread(server: Server) -> Server:
	"""Serves until `server.stop()`."""
	threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
	return server


class Handler(BaseHTTPRequestHandler):
	server: SimulatorServer
	protocol_version = "HTTP/1.1"
	sys_version = ""
	# Else the kernel holds back the body of each answer for 40 ms.
	disable_nagle_algorithm = True

	def version_string(self) -> str:
		return self.server.name

	def _handle(self) -> None:
		if self.server.stopping.is_set():
			self.close_connection = True
			return
		try:
			self._deliver(self.server.answer(self._read()))
		except ConnectionError:
			# The client has gone, which is what a test of time-outs makes it do.
			self.close_connection = True

	do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _handle

	def _read(self) -> Request:
		url = urlsplit(self.path)
		body = self._read_body(int(self.headers.get("Content-Length") or 0))
		return self.server.request_type(self.command, url.path, url.query, self.headers, body)

	def _read_body(self, length: int) -> bytes:
		body = self.rfile.read(length)
		if len(body) < length:
			raise ConnectionError("the client went away in the middle of its request")
		return body

	def _deliver(self, answer: Answer) -> None:
		if answer.delay_seconds:
			self.server.stopping.wait(answer.delay_seconds)
		if answer.sent is not Sent.WHOLE:
			self.close_connection = True
		if answer.sent is not Sent.NOTHING:
			self._send(answer)

	def _send(self, answer: Answer) -> None:
		self.send_response(answer.status)
		headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
		for name, value in {**headers, **answer.headers}.items():
			self.send_header(name, value)
		self.end_headers()
		if self.command != "HEAD":
			half = len(answer.body) // 2
			self.wfile.write(answer.body[:half] if answer.sent is Sent.HALF else answer.body)

	def log_message(self, format: str, *arguments) -> None:
		"""The journal says what arrived; nothing else is printed."""
