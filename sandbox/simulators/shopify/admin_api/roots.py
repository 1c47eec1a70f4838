"""The fields of QueryRoot: what a query can begin with."""

from collections.abc import Callable
from typing import Any

from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.admin_api import access, search
from sandbox.simulators.shopify.admin_api.access import needs
from sandbox.simulators.shopify.admin_api.paging import page_of
from sandbox.simulators.shopify.errors import invalid
from sandbox.simulators.shopify.shop.catalog import Location, Variant
from sandbox.simulators.shopify.shop.orders import Order
from sandbox.simulators.shopify.shop.shops import Shop
from sandbox.simulators.shopify.shop.stock import InventoryItem

Resolver = Callable[..., Any]
MOST_IDS = 250


def _shop(_root, info) -> Shop:
	return info.context.shop


def _installation(_root, info) -> dict:
	scopes = [
		{"handle": scope, "description": scope.replace("_", " ")} for scope in info.context.grant.scopes
	]
	return {"id": gid.of("AppInstallation", info.context.shop.number), "accessScopes": scopes}


def _node(_root, info, id: str) -> Any:
	kind, number = gid.read(id)
	node = _find(info, kind, number)
	if node is not None and kind in access.SCOPES:
		access.require(info, access.SCOPES[kind])
	return node


def _nodes(root, info, ids: list[str]) -> list[Any]:
	if len(ids) > MOST_IDS:
		raise invalid(
			f"The input array size of {len(ids)} is greater than the maximum allowed of {MOST_IDS}."
		)
	return [_node(root, info, id) for id in ids]


def _find(info, kind: str, number: int) -> Any:
	shop = info.context.shop
	finders: dict[str, Callable[[int], Any]] = {
		"Product": shop.catalog.product,
		"ProductVariant": shop.catalog.variant,
		"InventoryItem": lambda number: _item_of(shop.catalog.variant_of_item(number)),
		"Location": shop.catalog.location,
		"Order": lambda number: _visible(info, shop.orders.get(number)),
	}
	return finders[kind](number) if kind in finders else None


def _one(kind: str) -> Resolver:
	"""A field such as `order(id:)`; null for what is not there."""

	@needs(access.SCOPES[kind])
	def resolve(_root, info, id: str) -> Any:
		return _find(info, kind, gid.read(id, kind)[1])

	return resolve


@needs("read_locations")
def _location(_root, info, id: str | None = None) -> Location | None:
	catalog = info.context.shop.catalog
	return catalog.location(gid.read(id, "Location")[1]) if id else catalog.locations[0]


@needs("read_locations")
def _locations(_root, info, **page) -> Any:
	return page_of(info.context.shop.catalog.locations, **page)


@needs("read_products")
def _products(_root, info, query: str | None = None, **page) -> Any:
	return page_of(_matching(info.context.shop.catalog.products, query, search.PRODUCTS), **page)


@needs("read_products")
def _variants(_root, info, query: str | None = None, **page) -> Any:
	return page_of(_matching(info.context.shop.catalog.variants, query, search.VARIANTS), **page)


@needs("read_orders")
def _orders(_root, info, query: str | None = None, **page) -> Any:
	orders = [order for order in info.context.shop.orders.all if access.may_see(info.context.grant, order)]
	if query:
		orders = [order for order in orders if info.context.is_searchable(order)]
	return page_of(_matching(orders, query, search.ORDERS), **page)


def _matching(rows: list, query: str | None, fields: dict) -> list:
	if not query:
		return rows
	wanted = search.wanted(query, fields)
	return [row for row in rows if wanted(row)]


def _subscriptions(_root, info, topics: list[str] | None = None, uri: str | None = None, **page) -> Any:
	found = [
		subscription
		for subscription in info.context.shop.subscriptions.of_app(info.context.grant.client_id)
		if (not topics or subscription.topic in topics) and uri in (None, subscription.uri)
	]
	return page_of(found, **page)


def _subscription(_root, info, id: str) -> Any:
	number = gid.read(id, "WebhookSubscription")[1]
	subscriptions = info.context.shop.subscriptions.of_app(info.context.grant.client_id)
	return next((subscription for subscription in subscriptions if subscription.number == number), None)


def _visible(info, order: Order | None) -> Order | None:
	return order if order and access.may_see(info.context.grant, order) else None


def _item_of(variant: Variant | None) -> InventoryItem | None:
	return InventoryItem(variant) if variant else None


FIELDS: dict[str, Resolver] = {
	"shop": _shop,
	"currentAppInstallation": _installation,
	"node": _node,
	"nodes": _nodes,
	"order": _one("Order"),
	"product": _one("Product"),
	"productVariant": _one("ProductVariant"),
	"inventoryItem": _one("InventoryItem"),
	"location": _location,
	"locations": _locations,
	"orders": _orders,
	"products": _products,
	"productVariants": _variants,
	"webhookSubscription": _subscription,
	"webhookSubscriptions": _subscriptions,
}
