"""Catalogs for control calls: made in bulk, changed, and shown."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.shopify import clock, gid
from sandbox.simulators.shopify.shop.catalog import Catalog, Location, Product, Variant

PRODUCT_CHANGES = ("title", "status")
VARIANT_CHANGES = ("sku", "title", "price", "inventory_policy")


@contextmanager
def without_collections() -> Iterator[None]:
	"""Else the garbage collector walks over all products again and again, now and with every query."""
	gc.disable()
	try:
		yield
	finally:
		gc.freeze()
		gc.enable()


def make(catalog: Catalog, count: int, variants_each: int, prefix: str) -> None:
	"""Products with variants that are called BULK-000001, BULK-000002 and so on, in stock and at 10.00."""
	number = 0
	for index in range(1, count + 1):
		variants = []
		for _each in range(variants_each):
			number += 1
			sku = f"{prefix}-{number:06d}"
			variants.append({"sku": sku, "variant_title": sku, "price": "10.00", "quantity": number % 500})
		catalog.add_product({"title": f"{prefix} product {index:06d}", "variants": variants})


def change_product(product: Product, changes: dict[str, Any]) -> Product:
	return _change(product, changes, PRODUCT_CHANGES)


def change_variant(variant: Variant, changes: dict[str, Any]) -> Variant:
	return _change(variant, changes, VARIANT_CHANGES)


def stock(variant: Variant, location: Location, quantity: int | None) -> Variant:
	"""Sets the available quantity; None means that the location does not stock it."""
	if quantity is None:
		variant.available.pop(location.number, None)
	else:
		variant.available[location.number] = quantity
	variant.updated_at = clock.now()
	return variant


def product(product: Product) -> dict:
	return {
		"id": gid.of("Product", product.number),
		"title": product.title,
		"status": product.status,
		"variants": [variant(one) for one in product.variants],
	}


def variant(variant: Variant) -> dict:
	return {
		"id": gid.of("ProductVariant", variant.number),
		"product_id": gid.of("Product", variant.product.number),
		"inventory_item_id": gid.of("InventoryItem", variant.item_number),
		"sku": variant.sku,
		"title": variant.title,
		"price": variant.price,
		"quantity": variant.inventory_quantity,
	}


def location(location: Location) -> dict:
	return {"id": gid.of("Location", location.number), "name": location.name}


def _change(row: Any, changes: dict[str, Any], known: tuple[str, ...]) -> Any:
	for name, value in changes.items():
		if name not in known:
			raise ControlRefused(f"Unknown field {name!r}: one of {', '.join(known)}.")
		setattr(row, name, value)
	row.updated_at = clock.now()
	return row
