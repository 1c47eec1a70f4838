"""The inventory sync: it writes the store's quantity of each linked Item to the Item and to its Bin in the
warehouse that mirrors the store.

It requests 100 Items at a time, and writes them before it requests the next. Contract: "sync_inventory".
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
from medgrid.core.bulk import CHUNK, chunks, update_rows, write_each
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
from medgrid.sync import history
from medgrid.sync.job import Job
from medgrid.sync.runs import Run
from medgrid.sync.variant_mirror import MAX_INT

JOB = Job("inventory")
QUANTITY, SYNCED = "exoceuticals_qty", "exoceuticals_last_synced"
AVAILABLE = "available"
# The maximum number of Items, and of notes, in a response.
MOST_REPORTED = 50
# The share of the Items with stock that a location must have lost before it counts as one that is not used
# any more, e.g. because the store's stock was moved to another one.
ABANDONED = 0.95


@dataclass(frozen=True)
class Stocked:
	"""The store's stock of an Item.

	:param quantity: in the stock UOM, never negative.
	:param note: a sentence for people, if the quantity is not the one that Shopify reported.
	:param is_missing: Shopify no longer has the inventory item, or does not stock it at the location.
	:param is_elsewhere: Shopify has the inventory item, and the location does not stock it.
	:param is_unreadable: Shopify's answer about the Item is not valid; the Item keeps its quantity.
	"""

	quantity: int
	note: str | None = None
	is_missing: bool = False
	is_elsewhere: bool = False
	is_unreadable: bool = False


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
			_zero_previous_warehouse(mirror)
			while items := _linked_items(run.progress.get("after", "")):
				_refresh(client, configured.location_id, run, mirror, items)
				if time.monotonic() > run.deadline:
					raise DeadlineExceeded
			_check_abandoned(run, configured.location_id)
			_zero_set_aside(client, configured.location_id, run, mirror)
		_note_own_stock(run, mirror)
		_zero_unlinked_items(mirror)

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


def stocked(name: str, node: StockedItem | None) -> Stocked:
	"""Converts Shopify's response for one Item. It reads and writes nothing.

	:param name: the Item's name.
	:param node: the inventory item in the response; None if Shopify does not have it.
	:raises UnexpectedResponse: the response does not have exactly one available quantity.
	"""
	if node is None:
		return Stocked(0, _("{0}: Shopify no longer has its inventory item.").format(name), True)
	if node.inventoryLevel is None:
		return Stocked(0, _("{0}: The location does not stock it.").format(name), True, True)
	found = [entry.quantity for entry in node.inventoryLevel.quantities if entry.name == AVAILABLE]
	if len(found) != 1:
		raise UnexpectedResponse("no available quantity", service=EXOCEUTICALS)
	quantity = min(max(found[0], 0), MAX_INT)
	if quantity != found[0]:
		sentence = _("{0}: Shopify reports the quantity {1}. MedGrid uses {2}.")
		return Stocked(quantity, sentence.format(name, found[0], quantity))
	return Stocked(quantity)


def unreadable(name: str) -> Stocked:
	"""The stock of an Item about which Shopify's answer is not valid.

	:param name: the Item's name.
	"""
	return Stocked(0, _("{0}: MedGrid cannot read its quantity in Shopify.").format(name), is_unreadable=True)


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


def _linked_items(after: str) -> list:
	"""The next CHUNK linked Items after a name, sorted by name."""
	item = frappe.qb.DocType("Item")
	query = frappe.qb.from_(item).select(item.name, item[INVENTORY_ITEM], item[QUANTITY], item.stock_uom)
	is_next = (item.name > after) & (item[INVENTORY_ITEM] > "")
	return query.where(is_next).orderby(item.name).limit(CHUNK).run(as_dict=True)


def _refresh(client: ShopifyClient, location: str, run: Run, mirror: WarehouseMirror, items: list) -> None:
	"""Refreshes a chunk of Items. It sets aside those that had stock and that the location no longer stocks:
	whether they go to 0 is known when all were requested."""
	found = _found(client, location, items)
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
		items = [item for item in _linked_items(cursors[0]) if item[QUANTITY]]
		found = _found(client, location, items)
		rest = [item for item in items if found[item.name].is_elsewhere]
		_store(run, mirror, rest, {item.name: found[item.name] for item in rest})
		run.save(set_aside=cursors[1:])


def _found(client: ShopifyClient, location: str, items: list) -> dict[str, Stocked]:
	nodes, invalid = _request(client, location, [item[INVENTORY_ITEM] for item in items])
	return {
		item.name: unreadable(item.name)
		if item[INVENTORY_ITEM] in invalid
		else _stocked(item.name, nodes.get(item[INVENTORY_ITEM]))
		for item in items
	}


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


def _stocked(name: str, node: StockedItem | None) -> Stocked:
	try:
		return stocked(name, node)
	except UnexpectedResponse:
		return unreadable(name)


def _write(mirror: WarehouseMirror, items: Sequence[Any], found: dict[str, Stocked]) -> list[str]:
	changed = _write_items(items, found)
	mirror.write({item.name: (found[item.name].quantity, item.stock_uom) for item in items})
	return changed


def _request(
	client: ShopifyClient, location: str, stored: list[str]
) -> tuple[dict[str, StockedItem | None], set[str]]:
	"""Requests inventory items. It skips stored texts that are not GIDs of inventory items.

	:returns: the items by GID, None for those that Shopify does not have; and the GIDs of those that are not
		valid.
	"""
	ids = [text for text in stored if is_gid("InventoryItem", text)]
	if not ids:
		return {}, set()
	answer = client.query(INVENTORY_LEVELS, {"ids": ids, "location": location}, times=len(ids))
	if len(answer.nodes) != len(ids):
		raise UnexpectedResponse("another number of items than requested", service=EXOCEUTICALS)
	invalid = {ids[node.index] for node in answer.unreadable}
	return dict(zip(ids, answer.nodes, strict=True)), invalid


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


def _zero_previous_warehouse(mirror: WarehouseMirror) -> None:
	"""Sets the Bins of the warehouse that was the mirror before to 0, if another one is the mirror now."""
	previous = history.last_counts(JOB).get("warehouse")
	if not previous or previous == mirror.warehouse or not frappe.db.exists("Warehouse", previous):
		return
	after = ""
	while items := _linked_items(after):
		zeros = {item.name: (0, item.stock_uom) for item in items}
		in_transaction(partial(WarehouseMirror(previous).write, zeros))
		after = items[-1].name


def _zero_unlinked_items(mirror: WarehouseMirror) -> None:
	"""Sets Items that were mirrored and are no longer linked to 0."""
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
