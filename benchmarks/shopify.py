"""The catalog pull of a vendor's shop with 10,000 and with 100,000 variants: time, writes, memory.

The simulator charges as Shopify does, with a Plus store's bucket: the whole takes some ten minutes. Each
pull runs in a process of its own, as in an RQ worker.
"""

import math

import frappe

from benchmarks import vendor_shops, worker
from benchmarks.measure import Figure
from benchmarks.vendor_shops import BUCKET_SIZE, RESTORE_RATE, Scene
from benchmarks.worker import Run

PULL = "medgrid.integrations.jobs.sync_connection"
FEW, MANY = 10_000, 100_000
PAGE, PAGE_COST = 250, 752
# Memory may grow by this between the two.
FLAT_MIB = 50


def run() -> list[Figure]:
	from sandbox.runtime.site import connected

	with connected():
		small, big = (vendor_shops.prepare(variants) for variants in (FEW, MANY))
		few, many = _pull(small, FEW), _pull(big, MANY)
		vendor_shops.refill(big)
		moment = frappe.utils.now()
		again = _pull(big, MANY)
		rewritten = vendor_shops.written_since(big, moment)
	return [
		Figure(f"pull of {FEW} variants", "s", few.seconds, _least_seconds(FEW), 1.1),
		Figure(f"pull of {MANY} variants", "s", many.seconds, _least_seconds(MANY), 1.1),
		Figure("the same, unchanged", "s", again.seconds, _least_seconds(MANY), 1.1),
		Figure("records written by it", "", rewritten, 0, 1.0),
		Figure(
			f"peak memory, {MANY} against {FEW} variants",
			"MiB",
			many.peak_mib,
			few.peak_mib,
			(few.peak_mib + FLAT_MIB) / few.peak_mib,
		),
	]


def _least_seconds(variants: int) -> float:
	"""All points that the pages cost, less a full bucket, at the rate that it fills."""
	return (math.ceil(variants / PAGE) * PAGE_COST - BUCKET_SIZE) / RESTORE_RATE


def _pull(scene: Scene, variants: int) -> Run:
	done = worker.run(PULL, scene.connection)
	if (status := vendor_shops.status_of(scene)) != "connected":
		raise AssertionError(f"the pull ended as {status}: {done.errors}")
	if (pulled := vendor_shops.pulled(scene)) != variants:
		raise AssertionError(f"{pulled} of {variants} variants were pulled")
	return done
