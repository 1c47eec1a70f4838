"""The simulator as an HTTP server: `start(port)` runs it in a thread."""

from sandbox.simulators.common.server import SimulatorServer
from sandbox.simulators.shopify import printing
from sandbox.simulators.shopify.admin_api.schema import schema
from sandbox.simulators.shopify.control import commands as control
from sandbox.simulators.shopify.simulator import Simulator


class ShopifyServer(SimulatorServer):
	name = "ShopifySimulator"
	simulator_type = Simulator
	answer_command = staticmethod(control.answer)
	line = staticmethod(printing.line)

	def __init__(self, port: int = 0, verbose: bool = False):
		# Built before the port is open, so that no request waits for it.
		schema()
		super().__init__(port, verbose)

	def stop(self) -> None:
		self.simulator.dispatcher.close()
		super().stop()


start = ShopifyServer.start
