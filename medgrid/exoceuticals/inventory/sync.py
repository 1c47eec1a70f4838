"""The inventory sync: what the store has of each linked Item, on the Item and in the mirror warehouse.

One call for 100 Items; each 100 are written before the next are asked for. Contract: "sync_inventory".
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import INVENTORY_LEVELS, LOCATION
from medgrid.clients.shopify.errors import ScopeMissing
from medgrid.clients.shopify.gid import is_gid
from medgrid.clients.shopify.models import StockedItem
from medgrid.core.bulk import CHUNK, chunks, update_rows
from medgrid.core.clock import stored_utc_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import RuleViolated
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.catalog.links import INVENTORY_ITEM
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded, UnexpectedResponse
from medgrid.services.failure_texts import EXOCEUTICALS
from medgrid.sync import runs
from medgrid.sync.runs import Job, Run

JOB = Job("inventory")
QUANTITY, SYNCED = "exoceuticals_qty", "exoceuticals_last_synced"
AVAILABLE = "available"
# Of Items and of sentences in an answer.
MOST_REPORTED = 50


@dataclass(frozen=True)
class Stocked:
	"""
	:param quantity: what the store has of an Item, never negative.
	:param note: a sentence, if it is not simply what Shopify said.
	:param is_missing: Shopify does not know the Item any more, or does not stock it at the location.
	"""

	quantity: int
	note: str | None = None
	is_missing: bool = False


class InventorySync(StoreSync):
	"""Refreshes all linked Items, or the rest of them."""

	job = JOB

	def prepare(self) -> None:
		settings.load().mirrored()

	def carry_out(self, run: Run) -> None:
		"""
		:raises RuleViolated: the warehouse cannot hold stock, or the store has no such location. Unlike a
			setting that is missing, which only keeps the sync off, this is on record with the run, and an
			issue.
		:raises IntegrationError: see `ShopifyClient.execute`.
		"""
		configured = settings.load().mirrored()
		_check_warehouse(configured.warehouse)
		run.progress.setdefault("warehouse", configured.warehouse)
		mirror = WarehouseMirror(run.progress["warehouse"])
		seconds = run.deadline - time.monotonic()
		with store_client(configured, seconds=seconds, heartbeat=run.heartbeat) as client:
			_check_location(client, configured.location_id)
			_zero_previous_warehouse(mirror)
			while items := _linked_items(run.progress.get("after", "")):
				_refresh(client, configured.location_id, run, mirror, items)
				if time.monotonic() > run.deadline:
					raise DeadlineExceeded
		_note_own_stock(run, mirror)
		_zero_unlinked_items(mirror)

	def result(self, run: Run) -> dict[str, Any]:
		"""`updated`: Items whose quantity Shopify said; `warehouse`. Only where there are some: `missing`,
		Items that it does not know any more or does not stock there, and `notes`, sentences; at most
		MOST_REPORTED of each."""
		reported = {name: run.progress[name] for name in ("missing", "notes") if run.progress.get(name)}
		return {
			"updated": run.progress.get("updated", 0),
			"warehouse": run.progress.get("warehouse") or settings.load().warehouse,
			**reported,
		}

	def counts(self, run: Run) -> dict[str, Any]:
		"""`updated`, `missing`, `changed`, and the mirror's `warehouse`."""
		numbers = {"updated": "updated", "missing": "missing_count", "changed": "changed"}
		counted = {name: run.progress.get(key, 0) for name, key in numbers.items()}
		return {**counted, "warehouse": run.progress.get("warehouse")}


def stocked(name: str, node: StockedItem | None) -> Stocked:
	"""What Shopify's answer means for an Item. Reads and writes nothing.

	:param name: the Item's.
	:raises UnexpectedResponse: the quantity asked for is not among those that came.
	"""
	if node is None:
		return Stocked(0, _("{0}: Shopify does not know its inventory item any more.").format(name), True)
	if node.inventoryLevel is None:
		return Stocked(0, _("{0}: the location does not stock it.").format(name), True)
	found = [entry.quantity for entry in node.inventoryLevel.quantities if entry.name == AVAILABLE]
	if len(found) != 1:
		raise UnexpectedResponse("no available quantity", service=EXOCEUTICALS)
	if found[0] < 0:
		return Stocked(0, _("{0}: Shopify says {1}, which counts as 0.").format(name, found[0]))
	return Stocked(found[0])


def _check_warehouse(warehouse: str) -> None:
	"""
	:raises RuleViolated: it is disabled or a group, or there is none of this name.
	"""
	if not frappe.db.exists("Warehouse", {"name": warehouse, "is_group": 0, "disabled": 0}):
		raise RuleViolated(
			_("{0} is no active warehouse that can hold stock: change {1} in System Settings.").format(
				warehouse, "exoceuticals_warehouse"
			)
		)


def _check_location(client: ShopifyClient, location: str) -> None:
	"""With a location that is not the store's, every single Item would go to 0.

	:raises RuleViolated: the store has no such location.
	"""
	try:
		found = client.find(LOCATION, {"id": location})
	except ScopeMissing:
		# A token that may see stock and no locations; Shopify refuses only what is there.
		return
	if not (found and found.id):
		raise RuleViolated(
			_("The store has no location {0}: change {1} in System Settings.").format(
				location, "exoceuticals_location_id"
			)
		)


def _linked_items(after: str) -> list:
	"""The next CHUNK of linked Items, by name."""
	item = frappe.qb.DocType("Item")
	query = frappe.qb.from_(item).select(item.name, item[INVENTORY_ITEM], item[QUANTITY], item.stock_uom)
	is_next = (item.name > after) & (item[INVENTORY_ITEM] > "")
	return query.where(is_next).orderby(item.name).limit(CHUNK).run(as_dict=True)


def _refresh(client: ShopifyClient, location: str, run: Run, mirror: WarehouseMirror, items: list) -> None:
	nodes = _ask(client, location, [item[INVENTORY_ITEM] for item in items])
	found = {item.name: stocked(item.name, nodes.get(item[INVENTORY_ITEM])) for item in items}
	changed = in_transaction(lambda: _write(mirror, items, found))
	_count(run, found, changed)
	run.save(after=items[-1].name)
	for name in changed:
		frappe.clear_document_cache("Item", name)


def _write(mirror: WarehouseMirror, items: list, found: dict[str, Stocked]) -> list[str]:
	changed = _write_items(items, found)
	mirror.write({item.name: (found[item.name].quantity, item.stock_uom) for item in items})
	return changed


def _ask(client: ShopifyClient, location: str, written: list[str]) -> dict[str, StockedItem | None]:
	"""Shopify's answer for each inventory item; what cannot be one is not asked about."""
	ids = [text for text in written if is_gid("InventoryItem", text)]
	if not ids:
		return {}
	nodes = client.query(INVENTORY_LEVELS, {"ids": ids, "location": location}, times=len(ids)).nodes
	if len(nodes) != len(ids):
		raise UnexpectedResponse("not as many items as were asked for", service=EXOCEUTICALS)
	return dict(zip(ids, nodes, strict=True))


def _write_items(items: list, found: dict[str, Stocked]) -> list[str]:
	"""Returns the Items whose quantity changed. `modified` moves with those only: a form of an Item that is
	open in Desk must not become stale every day."""
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
	progress["updated"] = progress.get("updated", 0) + len(found) - len(missing)
	progress["missing_count"] = progress.get("missing_count", 0) + len(missing)
	progress["changed"] = progress.get("changed", 0) + len(changed)
	_report(progress, "missing", missing)
	_report(progress, "notes", [stock.note for stock in found.values() if stock.note])


def _report(progress: dict[str, Any], key: str, entries: list[str]) -> None:
	progress[key] = [*progress.get(key, []), *entries][:MOST_REPORTED]


def _note_own_stock(run: Run, mirror: WarehouseMirror) -> None:
	if mirror.has_own_stock():
		note = _("{0} has stock entries of its own; the store's quantities replace what they add up to.")
		run.progress["notes"] = [note.format(mirror.warehouse), *run.progress.get("notes", [])]
		_report(run.progress, "notes", [])


def _zero_previous_warehouse(mirror: WarehouseMirror) -> None:
	"""When another warehouse has become the mirror, the one before shows nothing of the store any more."""
	former = runs.last_counts(JOB).get("warehouse")
	if not former or former == mirror.warehouse or not frappe.db.exists("Warehouse", former):
		return
	after = ""
	while items := _linked_items(after):
		zeros = {item.name: (0, item.stock_uom) for item in items}
		in_transaction(partial(WarehouseMirror(former).write, zeros))
		after = items[-1].name


def _zero_unlinked_items(mirror: WarehouseMirror) -> None:
	"""Items that were mirrored, and are linked to no variant any more, go to 0."""
	item = frappe.qb.DocType("Item")
	is_unlinked = (item[QUANTITY] != 0) & (item[INVENTORY_ITEM].isnull() | (item[INVENTORY_ITEM] == ""))
	left = frappe.qb.from_(item).select(item.name, item.stock_uom).where(is_unlinked).run(as_dict=True)
	for rows in chunks(left):
		in_transaction(partial(_write_zeros, mirror, rows))
		for row in rows:
			frappe.clear_document_cache("Item", row.name)


def _write_zeros(mirror: WarehouseMirror, rows: Sequence[Any]) -> None:
	update_rows("Item", {row.name: {QUANTITY: 0} for row in rows})
	mirror.write({row.name: (0, row.stock_uom) for row in rows})
