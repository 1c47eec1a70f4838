"""Runs a simulator, or prints what a running one has received."""

import argparse
import contextlib
import sys
import threading
from importlib import import_module

import requests

from sandbox.console import printable
from sandbox.simulators.common import hostile
from sandbox.simulators.common.server import Service, SimulatorServer
from sandbox.simulators.table import SIMULATORS


def main() -> int:
	arguments = _arguments()
	simulator = SIMULATORS[arguments.simulator]
	if arguments.url:
		return print_received(simulator.service(), arguments.url)
	with contextlib.suppress(KeyboardInterrupt):
		demo_data = simulator.demo_data if arguments.demo else None
		serve(simulator.service(), arguments.port, demo_data, arguments.hostile)
	return 0


def serve(service: Service, port: int, demo_data: str | None, hostile_mode: str | None = None) -> None:
	"""Runs a simulator in this thread until it is interrupted.

	:param hostile_mode: how it spoils all its answers; see `common.hostile`.
	"""
	with SimulatorServer(service, port, verbose=True) as server:
		if hostile_mode:
			kind = hostile.PREFIX + hostile_mode
			server.simulator.faults.add(server.simulator.fault_type(kind, times=None))
		if demo_data:
			# The port is open: the first of its calls waits until the server answers.
			seed = import_module(demo_data).seed
			threading.Thread(target=seed, args=(service.control(server.url),), daemon=True).start()
		server.serve_forever(poll_interval=0.1)


def print_received(service: Service, url: str) -> int:
	control = service.control(url)
	try:
		entries = control.received()
	except requests.RequestException as error:
		print(f"No simulator answers at {control.url}: {error}", file=sys.stderr)
		return 1
	print("\n".join(printable(service.line(entry)) for entry in entries) or "Nothing was received.")
	return 0


def _arguments() -> argparse.Namespace:
	parser = argparse.ArgumentParser(prog="python -m sandbox.simulators", description=__doc__)
	parser.add_argument("simulator", choices=SIMULATORS)
	action = parser.add_mutually_exclusive_group(required=True)
	action.add_argument("--port", type=int, help="serve on this port of 127.0.0.1, a line for each request")
	action.add_argument("--print", metavar="URL", dest="url", help="print what the simulator at URL received")
	parser.add_argument("--demo", action="store_true", help="begin with the demo's data")
	modes = "; ".join(f"{name}: {mode.what}" for name, mode in hostile.MODES.items())
	parser.add_argument(
		"--hostile",
		metavar="MODE",
		choices=hostile.MODES,
		help=f"spoil all answers ({modes})".replace("%", "%%"),
	)
	arguments = parser.parse_args()
	if arguments.demo and not SIMULATORS[arguments.simulator].demo_data:
		parser.error(f"the demo has no data for {arguments.simulator}")
	return arguments


if __name__ == "__main__":
	sys.exit(main())
