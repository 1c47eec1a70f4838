"""Runs the simulator, or prints what a running one has received."""

import sys

from sandbox.simulators.common import command_line
from sandbox.simulators.sendblue.remote import SendblueControl
from sandbox.simulators.sendblue.server import SendblueServer

arguments = command_line.parser("sendblue").parse_args()
sys.exit(command_line.run(arguments, SendblueServer, SendblueControl))
