"""The simulator as the server runs it."""

from sandbox.simulators.common.server import Service
from sandbox.simulators.vertex import printing
from sandbox.simulators.vertex.operations import OPERATIONS
from sandbox.simulators.vertex.remote import VertexControl
from sandbox.simulators.vertex.simulator import Simulator

SERVICE = Service("VertexSimulator", Simulator, VertexControl, printing.line, OPERATIONS)
