"""The simulator as the server runs it."""

from sandbox.simulators.common.server import Service
from sandbox.simulators.shipstation import printing
from sandbox.simulators.shipstation.operations import OPERATIONS
from sandbox.simulators.shipstation.remote import ShipStationControl
from sandbox.simulators.shipstation.simulator import Simulator

SERVICE = Service("ShipStationSimulator", Simulator, ShipStationControl, printing.line, OPERATIONS)
