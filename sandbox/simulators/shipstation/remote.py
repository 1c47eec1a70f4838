"""The caller's side: what tests, the demo and the benchmarks steer a running simulator with."""

from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.shipstation.control import Control


class ShipStationControl(RemoteControl):
	"""
	>>> control = ShipStationControl("http://127.0.0.1:9100")
	>>> control.add_account("key", "secret", limit=40, window_seconds=2)
	>>> control.fault("drop_after", path="/orders/createorder")
	"""

	commands = Control
