"""What is behind the fields: `FIELDS[type][field](source, info, **arguments)`.

`info.context` is an `api.Context`: the shop and the grant of the token. Fields that are not here are
attributes of the same name (`schema.resolve_value`).
"""

from collections.abc import Callable
from typing import Any

from sandbox.simulators.shopify import gid
from sandbox.simulators.shopify.admin_api import mutations, roots
from sandbox.simulators.shopify.admin_api.access import needs
from sandbox.simulators.shopify.admin_api.paging import page_of
from sandbox.simulators.shopify.shop.catalog import Product, Variant
from sandbox.simulators.shopify.shop.orders import Fulfillment, LineItem, Order
from sandbox.simulators.shopify.shop.stock import InventoryItem, levels_of

Resolver = Callable[..., Any]


def _id(source: Any, _info) -> str:
	return gid.of(source.typename, source.number)


def _legacy_id(source: Any, _info) -> int:
	return source.number


@needs("read_inventory")
def _inventory_item(variant: Variant, _info) -> InventoryItem:
	return InventoryItem(variant)


def _inventory_level(item: InventoryItem, info, locationId: str) -> Any:
	number = gid.read(locationId, "Location")[1]
	levels = levels_of(item, info.context.shop.catalog)
	return next((level for level in levels if level.location.number == number), None)


def _inventory_levels(item: InventoryItem, info, **page) -> Any:
	return page_of(levels_of(item, info.context.shop.catalog), **page)


def _money(attribute: str) -> Resolver:
	def resolve(source: Any, info) -> dict:
		currency = getattr(source, "currency", None) or info.context.shop.settings.currency
		money = {"amount": f"{getattr(source, attribute):.2f}", "currencyCode": currency}
		return {"shopMoney": money, "presentmentMoney": money}

	return resolve


def _content(name: str, default: Any = None) -> Resolver:
	"""A field of an order that is what orderCreate was given."""
	return lambda order, _info: order.content.get(name) or default


def _address(name: str) -> Resolver:
	def resolve(order: Order, _info) -> dict | None:
		content = order.content.get(name)
		if not content:
			return None
		names = [content.get("firstName"), content.get("lastName")]
		full_name = " ".join(part for part in names if part) or None
		number = order.number * 2 + (name == "billingAddress")
		return {
			**content,
			"id": gid.of("MailingAddress", number),
			"name": full_name,
			"countryCodeV2": content.get("countryCode"),
			"country": content.get("country") or content.get("countryCode"),
			"province": content.get("province") or content.get("provinceCode"),
		}

	return resolve


def _first(attribute: str) -> Resolver:
	"""A plain list with an optional `first`."""
	return lambda source, _info, first=None: getattr(source, attribute)[:first]


def _attributes(line: LineItem, _info) -> list[dict]:
	return [{"key": entry["name"], "value": entry["value"]} for entry in line.properties]


def _total_quantity(fulfillment: Fulfillment, _info) -> int:
	return sum(fulfillment.quantities.values())


def _display_name(variant: Variant, _info) -> str:
	is_only_one = variant.title == "Default Title"
	return variant.product.title if is_only_one else f"{variant.product.title} - {variant.title}"


def _handle(product: Product, _info) -> str:
	return "-".join(product.title.lower().split()) or str(product.number)


FIELDS: dict[str, dict[str, Resolver]] = {
	"QueryRoot": roots.FIELDS,
	"Mutation": mutations.FIELDS,
	"Shop": {
		"name": lambda shop, _info: shop.settings.name,
		"email": lambda shop, _info: shop.settings.email,
		"myshopifyDomain": lambda shop, _info: shop.domain,
		"currencyCode": lambda shop, _info: shop.settings.currency,
		"ianaTimezone": lambda shop, _info: shop.settings.timezone,
	},
	"Product": {
		"handle": _handle,
		"totalInventory": lambda product, _info: sum(
			variant.inventory_quantity for variant in product.variants
		),
		"variants": lambda product, _info, **page: page_of(product.variants, **page),
	},
	"ProductVariant": {"displayName": _display_name, "inventoryItem": _inventory_item},
	"InventoryItem": {"inventoryLevel": _inventory_level, "inventoryLevels": _inventory_levels},
	"Order": {
		"number": lambda order, _info: order.order_number,
		"processedAt": lambda order, _info: order.content.get("processedAt") or order.created_at,
		"currencyCode": lambda order, _info: order.currency,
		"displayFinancialStatus": _content("financialStatus", "PENDING"),
		"customAttributes": _content("customAttributes", []),
		"tags": lambda order, _info: sorted(order.content.get("tags") or []),
		"test": _content("test", False),
		**{
			name: _content(name)
			for name in ("email", "phone", "note", "poNumber", "sourceIdentifier", "sourceName")
		},
		"shippingAddress": _address("shippingAddress"),
		"billingAddress": _address("billingAddress"),
		"subtotalPriceSet": _money("subtotal"),
		"totalPriceSet": _money("total"),
		"lineItems": lambda order, _info, **page: page_of(order.line_items, **page),
		"fulfillments": _first("fulfillments"),
	},
	"LineItem": {
		"name": lambda line, _info: line.title,
		"currentQuantity": lambda line, _info: line.quantity,
		"customAttributes": _attributes,
		"originalUnitPriceSet": _money("price"),
	},
	"InventoryLevel": {"quantities": lambda level, _info, names: level.quantities(names)},
	"Fulfillment": {
		"totalQuantity": _total_quantity,
		"trackingInfo": _first("tracking"),
		"fulfillmentLineItems": lambda fulfillment, _info, **page: page_of(fulfillment.lines, **page),
	},
}
NUMBERED = (
	"Product",
	"ProductVariant",
	"InventoryItem",
	"Location",
	"Order",
	"Fulfillment",
	"WebhookSubscription",
)
for _name in (*NUMBERED, "Shop", "LineItem", "FulfillmentLineItem"):
	FIELDS.setdefault(_name, {})["id"] = _id
for _name in NUMBERED:
	FIELDS[_name]["legacyResourceId"] = _legacy_id
