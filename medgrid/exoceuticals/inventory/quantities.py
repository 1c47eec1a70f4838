"""The linked Items, and what the store's location has of them: Shopify's answers, read Item by Item."""

from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import INVENTORY_LEVELS
from medgrid.clients.shopify.gid import is_gid
from medgrid.clients.shopify.models import StockedItem
from medgrid.core.bulk import CHUNK
from medgrid.exoceuticals.catalog.links import INVENTORY_ITEM
from medgrid.http_client.errors import UnexpectedResponse
from medgrid.services.failure_texts import EXOCEUTICALS
from medgrid.sync.variant_mirror import MAX_INT

QUANTITY = "exoceuticals_qty"
AVAILABLE = "available"


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


def linked_items(after: str) -> list:
	"""The next CHUNK linked Items after a name, sorted by name."""
	item = frappe.qb.DocType("Item")
	query = frappe.qb.from_(item).select(item.name, item[INVENTORY_ITEM], item[QUANTITY], item.stock_uom)
	is_next = (item.name > after) & (item[INVENTORY_ITEM] > "")
	return query.where(is_next).orderby(item.name).limit(CHUNK).run(as_dict=True)


def stock_of(client: ShopifyClient, location: str, items: list) -> dict[str, Stocked]:
	"""Requests what a location has of some linked Items.

	:param items: from `linked_items`.
	:returns: by the Items' names.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	nodes, invalid = _request(client, location, [item[INVENTORY_ITEM] for item in items])
	return {
		item.name: unreadable(item.name)
		if item[INVENTORY_ITEM] in invalid
		else _stocked(item.name, nodes.get(item[INVENTORY_ITEM]))
		for item in items
	}


def _stocked(name: str, node: StockedItem | None) -> Stocked:
	try:
		return stocked(name, node)
	except UnexpectedResponse:
		return unreadable(name)


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
