"""The catalog and the inventory sync of a large Exoceuticals store: time, writes and memory.

The simulator keeps a Shopify Plus store's bucket, so this takes some eleven minutes. Each sync runs in a
process of its own, as in an RQ worker, and begins with a full bucket.
"""

import math
import time

import frappe
from frappe.utils.password import set_encrypted_password

from benchmarks import shopify_data, worker
from benchmarks.measure import Figure
from benchmarks.shopify_data import Shop
from benchmarks.worker import Run
from sandbox.demo.records import ensure

SYNC = "medgrid.exoceuticals.jobs.run_sync"
SMALL, LARGE = 10_000, 100_000
# Points, and points a second.
BUCKET, RESTORE = 10_000, 1_000
# A bucket that nobody waits for.
NO_LIMIT = 1_000_000
SCOPES = ("read_products", "write_orders", "write_inventory")
# Memory may grow by this between the small store and the large one.
FLAT_MIB = 50
LIMIT = 1.1
SYNCS = ("catalog", "inventory")


def run() -> list[Figure]:
	from sandbox.runtime.site import connected

	with connected():
		shopify_data.ensure_items(LARGE)
		small, large = _measure(SMALL), _measure(LARGE)
		unchanged = _unchanged_run(LARGE)
	figures = [
		_time_of(kind, size, done) for size, done in ((SMALL, small), (LARGE, large)) for kind in SYNCS
	]
	figures.append(Figure(f"records written by unchanged syncs of {LARGE}", "", unchanged, 0, 1.0))
	return [*figures, *(_memory_of(kind, small, large) for kind in SYNCS)]


def least_seconds(kind: str, variants: int) -> float:
	"""What the bucket allows at best: the points that were not in it at first have to come back."""
	from medgrid.clients.shopify.documents import INVENTORY_LEVELS, MAX_PAGE, PRODUCT_VARIANTS

	if kind == "catalog":
		points = math.ceil(variants / MAX_PAGE) * PRODUCT_VARIANTS.cost
	else:
		points = variants * INVENTORY_LEVELS.cost
	return (points - BUCKET) / RESTORE


def _time_of(kind: str, size: int, done: dict[str, Run]) -> Figure:
	return Figure(
		f"{kind} sync of {size} variants", "s", done[kind].seconds, least_seconds(kind, size), LIMIT
	)


def _memory_of(kind: str, small: dict[str, Run], large: dict[str, Run]) -> Figure:
	few, many = small[kind].peak_mib, large[kind].peak_mib
	return Figure(f"peak memory, {kind} of {LARGE} against {SMALL}", "MiB", many, few, (few + FLAT_MIB) / few)


def _measure(size: int) -> dict[str, Run]:
	"""Both syncs of a new store, from Items without links to Bins with its stock."""
	_forget_links()
	shop = shopify_data.make_shop(size, bucket_size=BUCKET, restore_rate=RESTORE)
	_configure(shop)
	catalog = _sync("catalog", {"status": "ok", "matched": size, "unmatched_count": 0})
	shop.control.fill_bucket(shop.domain, BUCKET)
	time.sleep(BUCKET / RESTORE)
	warehouse = frappe.db.get_single_value("System Settings", "exoceuticals_warehouse")
	inventory = _sync("inventory", {"status": "ok", "updated": size, "warehouse": warehouse})
	_check_bins(size, warehouse)
	return {"catalog": catalog, "inventory": inventory}


def _unchanged_run(size: int) -> int:
	"""How many Items, Bins and entries a second sync of the same store writes, timestamps left out."""
	frappe.db.rollback()
	domain = frappe.db.get_single_value("System Settings", "exoceuticals_shop_domain", cache=False)
	control = shopify_data.control()
	control.set_shop(domain, bucket_size=NO_LIMIT, restore_rate=NO_LIMIT)
	moment = frappe.utils.now()
	warehouse = frappe.db.get_single_value("System Settings", "exoceuticals_warehouse")
	_sync("catalog", {"status": "ok", "matched": size, "unmatched_count": 0})
	_sync("inventory", {"status": "ok", "updated": size, "warehouse": warehouse})
	frappe.db.rollback()
	filters = {"modified": (">", moment)}
	return sum(
		frappe.db.count(doctype, filters) for doctype in ("Item", "Bin", "Exoceuticals Unmatched Variant")
	)


def _sync(kind: str, expected: dict) -> Run:
	done = worker.run(SYNC, kind)
	if done.answer != expected:
		raise AssertionError(f"the {kind} sync ended as {done.answer}: {done.errors}")
	return done


def _configure(shop: Shop) -> None:
	shopify_data.company()
	key = {"warehouse_name": "Bench Exoceuticals", "company": shopify_data.COMPANY}
	warehouse = ensure("Warehouse", key, parent_warehouse="All Warehouses - SM").name
	settings, prefix = "System Settings", "exoceuticals_"
	values = {"shop_domain": shop.domain, "location_id": shop.location, "warehouse": warehouse}
	values["api_token"] = "*" * 8
	frappe.db.set_single_value(settings, {prefix + name: value for name, value in values.items()})
	token = shop.control.issue_token(shop.domain, SCOPES)
	set_encrypted_password(settings, settings, token, f"{prefix}api_token")
	frappe.db.commit()


def _forget_links() -> None:
	"""As if no store had ever been linked."""
	from medgrid.exoceuticals.catalog.links import UNLINKED, VARIANT

	item = frappe.qb.DocType("Item")
	query = frappe.qb.update(item).where(item[VARIANT].isnotnull())
	for field in UNLINKED:
		query = query.set(item[field], None)
	query.set(item.exoceuticals_qty, 0).set(item.exoceuticals_last_synced, None).run()
	frappe.db.delete("Exoceuticals Unmatched Variant")
	frappe.db.delete("Bin", {"warehouse": ("like", "Bench Exoceuticals%")})
	frappe.db.commit()


def _check_bins(size: int, warehouse: str) -> None:
	frappe.db.rollback()
	filters = {"warehouse": warehouse}
	made, total = frappe.db.count("Bin", filters), frappe.get_all("Bin", filters=filters, pluck="actual_qty")
	if (made, sum(total)) != (size, sum(number % 500 for number in range(1, size + 1))):
		raise AssertionError(f"{made} of {size} Bins hold {sum(total)}")
