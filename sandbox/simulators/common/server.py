"""HTTP on loopback: reads requests, hands them on, delivers the answers whole, late, halved or not at all.

It stands on the standard library's server rather than werkzeug's, because a lost answer needs the bare
connection.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, cast
from urllib.parse import urlsplit

from sandbox.console import printable
from sandbox.simulators.common import control
from sandbox.simulators.common.journal import Entry
from sandbox.simulators.common.messages import Answer, Request, Sent, json_answer
from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.common.simulator import Simulator
from sandbox.simulators.operations import page
from sandbox.simulators.operations.operation import Operation

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Service:
	"""What a simulator puts into the server.

	:param name: what the Server header says.
	:param simulator: the state, and the rules of the public API.
	:param control: the caller's side of the commands; it names their class.
	:param line: an entry of the journal in one line, for people.
	:param operations: what people do at the other side, by typing or by pressing a button.
	"""

	name: str
	simulator: type[Simulator]
	control: type[RemoteControl]
	line: Callable[[Entry], str]
	operations: dict[str, Operation]

	def start(self, port: int = 0) -> "SimulatorServer":
		"""Runs the simulator in a thread of its own; 0 takes any free port. End it with `stop()`."""
		server = SimulatorServer(self, port)
		threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
		return server


class SimulatorServer(ThreadingMixIn, TCPServer):
	"""Calls below `/_control/` are commands, `/` is a page for people, everything else is the public API.

	:param verbose: prints a line for each request.
	"""

	daemon_threads = True
	# Closing must not wait for connections that a client keeps open or a fault keeps hanging.
	block_on_close = False
	allow_reuse_address = True
	request_queue_size = 128

	def __init__(self, service: Service, port: int = 0, verbose: bool = False):
		self.service = service
		self.verbose = verbose
		self.stopping = threading.Event()
		# Before the port is open, so that no request waits for it.
		self.simulator = service.simulator()
		super().__init__((HOST, port), Handler)

	@property
	def url(self) -> str:
		return f"http://{HOST}:{self.server_address[1]}"

	def answer(self, request: Request) -> Answer:
		"""What a request is answered; called in the connection's own thread."""
		if request.path.startswith(control.PREFIX):
			if not page.is_from_here(request):
				return json_answer({"error": "Commands come from this machine only."}, 403)
			return control.answer(self.service.control.commands, self.simulator, request)
		if request.path == page.PATH:
			return page.answer(
				self.service.name, self.service.operations, self.service.control(self.url), request
			)
		answer, entry = self.simulator.respond(request)
		if self.verbose:
			print(printable(self.service.line(entry)), flush=True)
		return answer

	def stop(self) -> None:
		self.stopping.set()
		self.simulator.close()
		self.shutdown()
		self.server_close()

	def handle_error(self, request: Any, client_address: Any) -> None:
		"""A client that went away is no error; anything else is one of ours, with a traceback."""
		if not isinstance(sys.exc_info()[1], ConnectionError):
			super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
	server: SimulatorServer
	protocol_version = "HTTP/1.1"
	sys_version = ""
	# Else the kernel holds back the body of each answer for 40 ms.
	disable_nagle_algorithm = True

	def version_string(self) -> str:
		return self.server.service.name

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
		# A Message is a Mapping in all but name, and finds a header whatever its upper and lower case.
		headers = cast(Mapping[str, str], self.headers)
		return Request(self.command, url.path, url.query, headers, body)

	def _read_body(self, length: int) -> bytes:
		body = self.rfile.read(length)
		if len(body) < length:
			raise ConnectionError("the client went away in the middle of its request")
		return body

	def _deliver(self, answer: Answer) -> None:
		if answer.delay_seconds and answer.sent is not Sent.DRIP:
			self.server.stopping.wait(answer.delay_seconds)
		if answer.sent is not Sent.WHOLE:
			self.close_connection = True
		if answer.sent is not Sent.NOTHING:
			self._send(answer)

	def _send(self, answer: Answer) -> None:
		self.send_response(answer.status)
		drops = int(answer.delay_seconds) if answer.sent is Sent.DRIP else 0
		headers = {"Content-Type": answer.content_type, "Content-Length": str(drops + len(answer.body))}
		for name, value in {**headers, **answer.headers}.items():
			self.send_header(name, value)
		self.end_headers()
		for _drop in range(drops):
			self.wfile.write(b" ")
			self.server.stopping.wait(1)
		if self.command != "HEAD":
			half = len(answer.body) // 2
			self.wfile.write(answer.body[:half] if answer.sent is Sent.HALF else answer.body)

	def log_message(self, format: str, *arguments) -> None:
		"""The journal says what arrived; nothing else is printed."""
