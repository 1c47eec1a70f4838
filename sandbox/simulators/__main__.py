"""Runs a simulator, or prints what a running one has received."""

import argparse
import contextlib
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path

import requests

from sandbox.console import printable
from sandbox.simulators.common import hostile
from sandbox.simulators.common.memory import Memory
from sandbox.simulators.common.remote import RemoteControl
from sandbox.simulators.common.server import Service, SimulatorServer
from sandbox.simulators.table import SIMULATORS, Simulator

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
CAST = "sandbox.demo.cast"


def main() -> int:
	arguments = _arguments()
	simulator = SIMULATORS[arguments.simulator]
	if arguments.url:
		return print_received(simulator.service(), arguments.url)
	with contextlib.suppress(KeyboardInterrupt):
		# `down` ends a simulator like Ctrl-C, so that it saves what it knows.
		signal.signal(signal.SIGTERM, signal.default_int_handler)
		demo_data = simulator.demo_data if arguments.demo else None
		memory = _memory(simulator, arguments.memory, demo_data) if arguments.memory else None
		serve(simulator.service(), arguments.port, demo_data, arguments.hostile, memory)
	return 0


def _memory(simulator: Simulator, file: Path, demo_data: str | None) -> Memory:
	# Not all of the demo: a changed step of it is no reason to forget.
	demo = [ROOT / f"{name.replace('.', '/')}.py" for name in (demo_data, CAST)] if demo_data else []
	sources = [FOLDER / simulator.package, FOLDER / "common", *demo]
	return Memory(file, sources, is_complete=not demo_data)


def serve(
	service: Service,
	port: int,
	demo_data: str | None,
	hostile_mode: str | None = None,
	memory: Memory | None = None,
) -> None:
	"""Runs a simulator in this thread until it is interrupted.

	:param hostile_mode: how it spoils all its answers; see `common.hostile`.
	:param memory: what it knew, and what the next one will know. What is remembered is not seeded again.
	"""
	with SimulatorServer(service, port, verbose=True) as server:
		remembers = memory.restore(server.simulator) if memory else False
		if hostile_mode:
			kind = hostile.PREFIX + hostile_mode
			server.simulator.faults.add(server.simulator.fault_type(kind, times=None))
		if demo_data and not remembers:
			# The port is open: the first of its calls waits until the server answers.
			arguments = (demo_data, service.control(server.url), memory)
			threading.Thread(target=_seed, args=arguments, daemon=True).start()
		with memory.keeping(server.simulator) if memory else contextlib.nullcontext():
			server.serve_forever(poll_interval=0.1)


def _seed(demo_data: str, control: RemoteControl, memory: Memory | None) -> None:
	import_module(demo_data).seed(control)
	if memory:
		memory.is_complete = True


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
	parser.add_argument(
		"--memory", metavar="FILE", type=Path, help="go on from what is in this file, and keep it up to date"
	)
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
