"""The simulator as an HTTP server: `start(port)` runs it in a thread."""

from sandbox.simulators.common.server import SimulatorServer
from sandbox.simulators.shipstation import control, printing
from sandbox.simulators.shipstation.messages import Request
from sandbox.simulators.shipstation.simulator import Simulator


class ShipStationServer(SimulatorServer):
	name = "ShipStationSimulator"
	request_type = Request
	simulator_type = Simulator
	answer_command = staticmethod(control.answer)
	line = staticmethod(printing.line)


start = ShipStationServer.start
