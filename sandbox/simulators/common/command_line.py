"""Runs a simulator, or prints what a running one has received."""

import argparse
import contextlib
import sys

import requests

from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.common.server import SimulatorServer


def parser(package: str) -> argparse.ArgumentParser:
	"""
	:param package: the simulator's, below `sandbox.simulators`.
	"""
	parser = argparse.ArgumentParser(prog=f"python -m sandbox.simulators.{package}", description=__doc__)
	action = parser.add_mutually_exclusive_group(required=True)
	action.add_argument("--port", type=int, help="serve on this port of 127.0.0.1, a line for each request")
	action.add_argument("--print", metavar="URL", dest="url", help="print what the simulator at URL received")
	return parser


def run(arguments: argparse.Namespace, server: type[SimulatorServer], control: type[RemoteControl]) -> int:
	"""Does what the command line says. Returns the exit status."""
	if arguments.url:
		return print_received(control(arguments.url), server)
	with contextlib.suppress(KeyboardInterrupt):
		server.serve(arguments.port, verbose=True)
	return 0


def print_received(control: RemoteControl, server: type[SimulatorServer]) -> int:
	try:
		entries = control.received()
	except requests.RequestException as error:
		print(f"No simulator answers at {control.url}: {error}", file=sys.stderr)
		return 1
	print("\n".join(map(server.line, entries)) or "Nothing was received.")
	return 0
