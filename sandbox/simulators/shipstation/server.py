"""HTTP on loopback: reads requests, hands them on, delivers the answers whole, late, halved or not at all.

`serve(port)` runs until the process ends; `start(port)` runs in a thread. It stands on the standard library's
server rather than werkzeug's, because a lost answer needs the bare connection.
"""

import sys
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from urllib.parse import parse_qsl, urlsplit

from sandbox.simulators.shipstation import control, printing
from sandbox.simulators.shipstation.messages import Answer, Credentials, Request, Sent
from sandbox.simulators.shipstation.simulator import Simulator

HOST = "127.0.0.1"


def serve(port: int, verbose: bool = False) -> None:
	"""Runs a simulator in this thread until it is interrupted.

	:param verbose: prints a line for each request.
	"""
	with SimulatorServer(port, verbose) as server:
		server.serve_forever(poll_interval=0.1)


def start(port: int = 0) -> "SimulatorServer":
	"""Runs a simulator in a thread of its own; 0 takes any free port. End it with `stop()`."""
	server = SimulatorServer(port)
	threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
	return server


class SimulatorServer(ThreadingMixIn, TCPServer):
	daemon_threads = True
	# Closing must not wait for connections that a client keeps open or a fault keeps hanging.
	block_on_close = False
	allow_reuse_address = True
	request_queue_size = 128

	def __init__(self, port: int = 0, verbose: bool = False):
		super().__init__((HOST, port), Handler)
		self.simulator = Simulator()
		self.verbose = verbose
		self.stopping = threading.Event()

	@property
	def url(self) -> str:
		return f"http://{HOST}:{self.server_address[1]}"

	def stop(self) -> None:
		self.stopping.set()
		self.shutdown()
		self.server_close()

	def handle_error(self, request, client_address) -> None:
		"""A client that went away is no error; anything else is one of ours, with a traceback."""
		if not isinstance(sys.exc_info()[1], ConnectionError):
			super().handle_error(request, client_address)

	def answer(self, request: Request) -> Answer:
		if request.path.startswith(control.PREFIX):
			return control.answer(self.simulator, request)
		answer, entry = self.simulator.respond(request)
		if self.verbose:
			print(printing.line(entry.as_dict()), flush=True)
		return answer


class Handler(BaseHTTPRequestHandler):
	server: SimulatorServer
	protocol_version = "HTTP/1.1"
	server_version = "ShipStationSimulator"
	sys_version = ""
	# Else the kernel holds back the body of each answer for 40 ms.
	disable_nagle_algorithm = True

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
		return Request(
			method=self.command,
			path=url.path,
			query=dict(parse_qsl(url.query)),
			credentials=Credentials.from_header(self.headers.get("Authorization")),
			content_type=self.headers.get("Content-Type", ""),
			body=self._read_body(int(self.headers.get("Content-Length") or 0)),
		)

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
