"""Runs a simulator, or prints what a running one has received."""

import argparse
import contextlib
import sys
import threading
import time

import requests

from sandbox.simulators.shopify import printing
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.server import serve

SEED_ATTEMPTS = 300


def main() -> int:
	parser = argparse.ArgumentParser(prog="python -m sandbox.simulators.shopify", description=__doc__)
	action = parser.add_mutually_exclusive_group(required=True)
	action.add_argument("--port", type=int, help="serve on this port of 127.0.0.1, a line for each request")
	action.add_argument("--print", metavar="URL", dest="url", help="print what the simulator at URL received")
	parser.add_argument("--demo", action="store_true", help="begin with the demo's shops")
	arguments = parser.parse_args()
	return print_received(arguments.url) if arguments.url else run(arguments.port, arguments.demo)


def run(port: int, demo: bool) -> int:
	if demo:
		threading.Thread(target=seed, args=(ShopifyControl(f"http://127.0.0.1:{port}"),), daemon=True).start()
	with contextlib.suppress(KeyboardInterrupt):
		serve(port, verbose=True)
	return 0


def seed(control: ShopifyControl) -> None:
	"""As soon as the port is open."""
	from sandbox.demo import shops

	for _attempt in range(SEED_ATTEMPTS):
		with contextlib.suppress(requests.ConnectionError):
			return shops.seed(control)
		time.sleep(0.1)


def print_received(url: str) -> int:
	try:
		entries = ShopifyControl(url).received()
	except requests.RequestException as error:
		print(f"No simulator answers at {url}: {error}", file=sys.stderr)
		return 1
	print(printing.lines(entries) or "Nothing was received.")
	return 0


sys.exit(main())
