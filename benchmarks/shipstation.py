"""A ShipStation sync of 200 due and 5,000 open orders: requests, time and memory against the least possible.

The simulator keeps ShipStation's real limit of 40 requests a minute: this takes some six minutes. Each sync
runs in a process of its own, as in an RQ worker.
"""

import math

from benchmarks import shipstation_data, worker
from benchmarks.measure import Figure
from benchmarks.shipstation_data import Scene
from benchmarks.worker import Run

SYNC = "medgrid.integrations.jobs.sync_connection"
DUE, OPEN = 200, 5_000
LIMIT, WINDOW_SECONDS = 40, 60
PAGE_SIZE = 500
# Memory may grow by this between a tenth of the open orders and all of them.
FLAT_MIB = 50


def run() -> list[Figure]:
	from sandbox.runtime.site import connected

	with connected():
		small = shipstation_data.prepare(due=0, open_orders=OPEN // 10)
		few = _sync(small).peak_mib
		scene = shipstation_data.prepare(due=DUE, open_orders=OPEN)
		first = _sync(scene)
		requests = len(scene.control.received(scene.api_key))
		_check_that_all_was_done(scene)
		moment = shipstation_data.now()
		_sync(scene)
		rewritten = shipstation_data.written_since(scene, moment)
	least_requests = 1 + DUE + math.ceil(OPEN / PAGE_SIZE)
	least_seconds = (least_requests - 1) // LIMIT * WINDOW_SECONDS
	many = first.peak_mib
	return [
		Figure(f"requests for {DUE} due and {OPEN} open orders", "", requests, least_requests, 1.0),
		Figure("time of that sync", "s", first.seconds, least_seconds, 1.1),
		Figure("records written by a second, unchanged sync", "", rewritten, 0, 1.0),
		Figure(f"peak memory, {OPEN} against {OPEN // 10} open", "MiB", many, few, (few + FLAT_MIB) / few),
	]


def _sync(scene: Scene) -> Run:
	done = worker.run(SYNC, scene.connection)
	if (status := shipstation_data.status_of(scene)) != "connected":
		raise AssertionError(f"the sync ended as {status}: {done.errors}")
	return done


def _check_that_all_was_done(scene: Scene) -> None:
	arrived = len(scene.control.orders(scene.api_key)) - OPEN
	shipped = shipstation_data.shipped(scene)
	if (arrived, shipped) != (DUE, OPEN):
		raise AssertionError(f"{arrived} of {DUE} orders arrived, {shipped} of {OPEN} have their number")
