"""Runs the simulator, or prints what a running one has received."""

import sys

from sandbox.simulators.common import command_line
from sandbox.simulators.shipstation.remote import ShipStationControl
from sandbox.simulators.shipstation.server import ShipStationServer

arguments = command_line.parser("shipstation").parse_args()
sys.exit(command_line.run(arguments, ShipStationServer, ShipStationControl))
