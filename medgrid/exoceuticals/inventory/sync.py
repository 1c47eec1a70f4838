"""The inventory sync: it writes the store's quantity of each linked Item to the Item and to its Bin in the
warehouse that mirrors the store.

It requests 100 Items at a time, and writes them before it requests the next. Contract: "sync_inventory".
"""

import time
from collections.abc import Sequence
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import LOCATION
from medgrid.clients.shopify.errors import ScopeMissing
from medgrid.core.bulk import update_rows, write_each
from medgrid.core.clock import stored_utc_now
from medgrid.exceptions import RuleViolated
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.exoceuticals.inventory.leftovers import zero_previous_warehouse, zero_unlinked_items
from medgrid.exoceuticals.inventory.quantities import QUANTITY, Stocked, linked_items, stock_of, unreadable
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.sync.job import Job
from medgrid.sync.runs import Run

JOB = Job("inventory")
SYNCED = "exoceuticals_last_synced"
# The maximum number of Items, and of notes, in a response.
MOST_REPORTED = 50
# The share of the Items with stock that a location must have lost before it counts as one that is not used
# any more, e.g. because the store's stock was moved to another one.
ABANDONED = 0.95


class InventorySync(StoreSync):
	"""Syncs the quantities of all linked Items, or continues after the Item in `run.progress`."""

	job = JOB

	def prepare(self) -> None:
		settings.load().mirrored()

	def carry_out(self, run: Run) -> None:
		"""Carries out the sync; see `Sync.carry_out`.

		:raises RuleViolated: the warehouse cannot hold stock, the store does not have the location, or the
			location stocks hardly any of the Items any more. The run fails and an issue is opened. If a
			setting is missing, `prepare` raises and no run begins.
		:raises IntegrationError: see `ShopifyClient.execute`.
		"""
		configured = settings.load().mirrored()
		_check_warehouse(configured.warehouse)
		run.progress.setdefault("warehouse", configured.warehouse)
		mirror = WarehouseMirror(run.progress["warehouse"])
		seconds = run.deadline - time.monotonic()
		with store_client(configured, seconds=seconds, heartbeat=run.heartbeat) as client:
			_check_location(client, configured.location_id)
			zero_previous_warehouse(JOB, mirror)
			while items := linked_items(run.progress.get("after", "")):
				_refresh(client, configured.location_id, run, mirror, items)
				if time.monotonic() > run.deadline:
					raise DeadlineExceeded
			_check_abandoned(run, configured.location_id)
			_zero_set_aside(client, configured.location_id, run, mirror)
		_note_own_stock(run, mirror)
		zero_unlinked_items(mirror)

	def result(self, run: Run) -> dict[str, Any]:
		"""Returns `updated`, the number of Items whose quantity Shopify reported, and `warehouse`. If there
		are any, also `missing`, the Items that Shopify no longer has or does not stock at the location, and
		`notes`, sentences; at most MOST_REPORTED of each."""
		reported = {name: run.progress[name] for name in ("missing", "notes") if run.progress.get(name)}
		return {
			"updated": run.progress.get("updated", 0),
			"warehouse": run.progress.get("warehouse") or settings.load().warehouse,
			**reported,
		}

	def counts(self, run: Run) -> dict[str, Any]:
		"""Returns the numbers `updated`, `missing` and `changed`, and the name of the `warehouse`."""
		numbers = {"updated": "updated", "missing": "missing_count", "changed": "changed"}
		counted = {name: run.progress.get(key, 0) for name, key in numbers.items()}
		return {**counted, "warehouse": run.progress.get("warehouse")}


def _check_warehouse(warehouse: str) -> None:
	"""Checks that the warehouse can hold stock.

	:raises RuleViolated: it is disabled or a group, or it does not exist.
	"""
	if not frappe.db.exists("Warehouse", {"name": warehouse, "is_group": 0, "disabled": 0}):
		raise RuleViolated(
			_("{0} is not an active warehouse that can hold stock. Change {1} in System Settings.").format(
				warehouse, "exoceuticals_warehouse"
			)
		)


def _check_location(client: ShopifyClient, location: str) -> None:
	"""Checks that the store has the location. With another location the sync would set every Item to 0.

	:raises RuleViolated: the store does not have the location.
	"""
	try:
		found = client.find(LOCATION, {"id": location})
	except ScopeMissing:
		# The token may read stock, but not locations. Shopify reports this only for a location that exists.
		return
	if not (found and found.id):
		raise RuleViolated(
			_("The store has no location {0}. Change {1} in System Settings.").format(
				location, "exoceuticals_location_id"
			)
		)


def _refresh(client: ShopifyClient, location: str, run: Run, mirror: WarehouseMirror, items: list) -> None:
	"""Refreshes a chunk of Items. It sets aside those that had stock and that the location no longer stocks:
	whether they go to 0 is known when all were requested."""
	found = stock_of(client, location, items)
	set_aside = [item.name for item in items if item[QUANTITY] and found[item.name].is_elsewhere]
	progress = run.progress
	progress["had_stock"] = progress.get("had_stock", 0) + sum(bool(item[QUANTITY]) for item in items)
	progress["lost"] = progress.get("lost", 0) + len(set_aside)
	if set_aside:
		progress["set_aside"] = [*progress.get("set_aside", []), progress.get("after", "")]
	rest = [item for item in items if item.name not in set_aside]
	_store(run, mirror, rest, {item.name: found[item.name] for item in rest})
	run.save(after=items[-1].name)


def _check_abandoned(run: Run, location: str) -> None:
	"""Checks that the location is still in use: what it does not stock is not there, but that is no quantity.

	:raises RuleViolated: it no longer stocks 95 % or more of the Items that had stock.
	"""
	lost, had_stock = run.progress.get("lost", 0), run.progress.get("had_stock", 0)
	if lost and lost >= ABANDONED * had_stock:
		raise RuleViolated(
			_(
				"The location {0} no longer stocks {1} of the {2} Items that had stock. MedGrid keeps their "
				"quantities. Change {3} in System Settings, or stock the Items at the location in Shopify."
			).format(location, lost, had_stock, "exoceuticals_location_id")
		)


def _zero_set_aside(client: ShopifyClient, location: str, run: Run, mirror: WarehouseMirror) -> None:
	"""Sets the Items that were set aside to 0, if the location still does not stock them."""
	while cursors := run.progress.get("set_aside"):
		items = [item for item in linked_items(cursors[0]) if item[QUANTITY]]
		found = stock_of(client, location, items)
		rest = [item for item in items if found[item.name].is_elsewhere]
		_store(run, mirror, rest, {item.name: found[item.name] for item in rest})
		run.save(set_aside=cursors[1:])


def _store(run: Run, mirror: WarehouseMirror, items: list, found: dict[str, Stocked]) -> None:
	"""Writes quantities, and counts them in the run's progress."""
	readable = [item for item in items if not found[item.name].is_unreadable]
	changed: list[str] = []

	def write(chunk: Sequence[Any]) -> None:
		written = _write(mirror, chunk, {item.name: found[item.name] for item in chunk})
		frappe.db.after_commit.add(lambda: changed.extend(written))

	for item in write_each(readable, write, what="quantities of Items"):
		found[item.name] = unreadable(item.name)
	_count(run, found, changed)
	for name in changed:
		frappe.clear_document_cache("Item", name)


def _write(mirror: WarehouseMirror, items: Sequence[Any], found: dict[str, Stocked]) -> list[str]:
	changed = _write_items(items, found)
	mirror.write({item.name: (found[item.name].quantity, item.stock_uom) for item in items})
	return changed


def _write_items(items: Sequence[Any], found: dict[str, Stocked]) -> list[str]:
	"""Writes the quantities to the Items. It changes `modified` only if the quantity changed: otherwise each
	sync would make forms that are open in Desk outdated.

	:returns: the Items whose quantity changed.
	"""
	changes = {
		item.name: {QUANTITY: found[item.name].quantity}
		for item in items
		if item[QUANTITY] != found[item.name].quantity
	}
	update_rows("Item", changes)
	refreshed = [name for name, stock in found.items() if not stock.is_missing]
	if refreshed:
		item = frappe.qb.DocType("Item")
		frappe.qb.update(item).set(item[SYNCED], stored_utc_now().replace(microsecond=0)).where(
			item.name.isin(refreshed)
		).run()
	return list(changes)


def _count(run: Run, found: dict[str, Stocked], changed: list[str]) -> None:
	progress, missing = run.progress, [name for name, stock in found.items() if stock.is_missing]
	left_out = len(missing) + sum(stock.is_unreadable for stock in found.values())
	progress["updated"] = progress.get("updated", 0) + len(found) - left_out
	progress["missing_count"] = progress.get("missing_count", 0) + len(missing)
	progress["changed"] = progress.get("changed", 0) + len(changed)
	_report(progress, "missing", missing)
	_report(progress, "notes", [stock.note for stock in found.values() if stock.note])


def _report(progress: dict[str, Any], key: str, entries: list[str]) -> None:
	progress[key] = [*progress.get(key, []), *entries][:MOST_REPORTED]


def _note_own_stock(run: Run, mirror: WarehouseMirror) -> None:
	if mirror.has_own_stock():
		note = _("{0} has stock entries of its own. The sync replaced its quantities with the store's.")
		run.progress["notes"] = [note.format(mirror.warehouse), *run.progress.get("notes", [])]
		_report(run.progress, "notes", [])
