"""Runs a simulator, or prints what a running one has received."""

import argparse
import contextlib
import sys

import requests

from sandbox.simulators.sendblue import printing
from sandbox.simulators.sendblue.remote import SendblueControl
from sandbox.simulators.sendblue.server import serve


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m sandbox.simulators.sendblue", description=__doc__)
	action = parser.add_mutually_exclusive_group(required=True)
	action.add_argument("--port", type=int, help="serve on this port of 127.0.0.1, a line for each request")
	action.add_argument("--print", metavar="URL", dest="url", help="print what the simulator at URL received")
	arguments = parser.parse_args()
	return print_received(arguments.url) if arguments.url else run(arguments.port)


def run(port: int) -> int:
	with contextlib.suppress(KeyboardInterrupt):
		serve(port, verbose=True)
	return 0


def print_received(url: str) -> int:
	try:
		entries = SendblueControl(url).received()
	except requests.RequestException as error:
		print(f"No simulator answers at {url}: {error}", file=sys.stderr)
		return 1
	print(printing.lines(entries) or "Nothing was received.")
	return 0


sys.exit(main())
