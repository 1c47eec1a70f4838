"""Ranges of a catalog in which some variants are not valid."""

from collections.abc import Iterator
from typing import Any

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.pages import ConnectionPage
from medgrid.clients.shopify.variants import variant_ranges


def gid(number: int) -> str:
	return f"gid://shopify/ProductVariant/{number}"


def variant(number: int, **values) -> dict:
	return {
		"id": gid(number),
		"title": "M",
		"sku": "A",
		"price": "1.00",
		"inventoryItem": {"id": "gid://shopify/InventoryItem/1"},
		"product": {"id": "gid://shopify/Product/1", "title": "Gauze", "status": "ACTIVE"},
		**values,
	}


class Client(ShopifyClient):
	"""Hands out pages."""

	service = "shopify"

	def __init__(self, *pages: list[dict]):
		"""Without a connection."""
		self._pages = pages

	def pages(self, document: Any, variables: Any, *, after: str | None = None) -> Iterator[Any]:
		for number, nodes in enumerate(self._pages, 1):
			info = {"hasNextPage": number < len(self._pages), "endCursor": f"c{number}"}
			yield ConnectionPage[Variant].model_validate({"nodes": nodes, "pageInfo": info})


def test_a_variant_that_is_not_valid_is_counted_and_was_not_deleted():
	client = Client([variant(1), variant(2, price="dear")], [variant(3), variant(4, title=None)])
	first, second = variant_ranges(client)
	assert ([each.id for each in first.variants], first.unreadable) == ([gid(1)], 1)
	assert (first.after_id, first.last_id, first.cursor) == (0, 1, "c1")
	assert ([each.id for each in second.variants], second.unreadable) == ([gid(3)], 1)
	# The range after the first begins with the variant 2.
	assert (second.after_id, second.last_id) == (1, None)
	assert second.unreadable_ids == {gid(2), gid(4)}
