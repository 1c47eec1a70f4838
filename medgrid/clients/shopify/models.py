"""The results of Shopify's queries about shops, apps, variants and stock, with Shopify's field names. Pure.

Unknown fields are ignored.
"""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from medgrid.clients.shopify.gid import Gid, InventoryItemGid, ProductGid, VariantGid
from medgrid.core.foreign_types import (
	BOUNDED,
	Address,
	CurrencyCode,
	Money,
	Quantity,
	Sku,
	Text,
	Word,
	none_if_invalid,
)

# The limits of what Shopify sends.
MAX_SCOPES = 500
MAX_QUANTITIES = 20


class Shop(BaseModel):
	"""The result of `shop`.

	:param currencyCode: None: Shopify sent something else than a currency.
	"""

	name: Text
	currencyCode: Annotated[CurrencyCode | None, none_if_invalid] = None


class Product(BaseModel):
	"""
	:param status: ACTIVE, ARCHIVED, DRAFT, UNLISTED, or a value that Shopify adds later.
	"""

	id: ProductGid
	title: Text
	status: Word


class Location(BaseModel):
	"""A location; without `id` the requested ID belongs to an object of another type."""

	id: Gid | None = None


class InventoryItem(BaseModel):
	id: InventoryItemGid


class Variant(BaseModel):
	"""
	:param price: in the shop's currency.
	:param inventoryQuantity: the total of all locations; None if Shopify does not track the variant.
	"""

	id: VariantGid
	title: Text
	sku: Sku | None = None
	price: Money
	inventoryQuantity: Quantity | None = None
	inventoryItem: InventoryItem
	product: Product


class NamedQuantity(BaseModel):
	"""
	:param name: e.g. "available".
	"""

	name: Word
	quantity: Quantity


class InventoryLevel(BaseModel):
	quantities: Annotated[list[NamedQuantity], Field(max_length=MAX_QUANTITIES)]


class StockedItem(BaseModel):
	"""
	:param inventoryLevel: None if the location does not stock the item.
	"""

	id: InventoryItemGid
	inventoryLevel: InventoryLevel | None = None


class WebhookSubscription(BaseModel):
	"""
	:param uri: an address of any kind, not only of a web page.
	"""

	id: Gid
	topic: Word
	uri: Address


class AccessScope(BaseModel):
	handle: Annotated[str, BOUNDED, StringConstraints(pattern="^[a-z0-9_]{1,100}$")]


class AppInstallation(BaseModel):
	accessScopes: Annotated[list[AccessScope], Field(max_length=MAX_SCOPES)]
