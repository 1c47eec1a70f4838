"""The simulator as an HTTP server: `start(port)` runs it in a thread."""

from sandbox.simulators.common.server import SimulatorServer
from sandbox.simulators.sendblue import control, printing
from sandbox.simulators.sendblue.messages import Request
from sandbox.simulators.sendblue.simulator import Simulator


class SendblueServer(SimulatorServer):
	name = "SendblueSimulator"
	request_type = Request
	simulator_type = Simulator
	answer_command = staticmethod(control.answer)
	line = staticmethod(printing.line)


start = SendblueServer.start
