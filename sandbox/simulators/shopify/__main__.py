"""Runs the simulator, or prints what a running one has received."""

import contextlib
import sys
import threading
import time

import requests

from sandbox.simulators.common import command_line
from sandbox.simulators.shopify.remote import ShopifyControl
from sandbox.simulators.shopify.server import ShopifyServer

SEED_ATTEMPTS = 300


def main() -> int:
	parser = command_line.parser("shopify")
	parser.add_argument("--demo", action="store_true", help="begin with the demo's shops")
	arguments = parser.parse_args()
	if arguments.demo and not arguments.url:
		control = ShopifyControl(f"http://127.0.0.1:{arguments.port}")
		threading.Thread(target=seed, args=(control,), daemon=True).start()
	return command_line.run(arguments, ShopifyServer, ShopifyControl)


def seed(control: ShopifyControl) -> None:
	"""As soon as the port is open."""
	from sandbox.demo import shops

	for _attempt in range(SEED_ATTEMPTS):
		with contextlib.suppress(requests.ConnectionError):
			return shops.seed(control)
		time.sleep(0.1)


sys.exit(main())
