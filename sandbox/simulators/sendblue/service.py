"""The simulator as the server runs it."""

from sandbox.simulators.common.server import Service
from sandbox.simulators.sendblue import printing
from sandbox.simulators.sendblue.operations import OPERATIONS
from sandbox.simulators.sendblue.remote import SendblueControl
from sandbox.simulators.sendblue.simulator import Simulator

SERVICE = Service("SendblueSimulator", Simulator, SendblueControl, printing.line, OPERATIONS)
