"""The simulator as an HTTP server: `serve(port)` runs until the process ends, `start(port)` in a thread."""

from sandbox.simulators.common.messages import Answer
from sandbox.simulators.common.server import SimulatorServer, run_in_thread
from sandbox.simulators.sendblue import control, printing
from sandbox.simulators.sendblue.messages import Request
from sandbox.simulators.sendblue.simulator import Simulator


def serve(port: int, verbose: bool = False) -> None:
	"""Runs a simulator in this thread until it is interrupted.

	:param verbose: prints a line for each request.
	"""
	with SendblueServer(port, verbose) as server:
		server.serve_forever(poll_interval=0.1)


def start(port: int = 0) -> "SendblueServer":
	"""Runs a simulator in a thread of its own; 0 takes any free port. End it with `stop()`."""
	return run_in_thread(SendblueServer(port))


class SendblueServer(SimulatorServer):
	request_type = Request
	name = "SendblueSimulator"

	def __init__(self, port: int = 0, verbose: bool = False):
		super().__init__(port, verbose)
		self.simulator = Simulator()

	def answer(self, request: Request) -> Answer:
		if request.path.startswith(control.PREFIX):
			return control.answer(self.simulator, request)
		answer, entry = self.simulator.respond(request)
		if self.verbose:
			print(printing.line(entry.as_dict()), flush=True)
		return answer
