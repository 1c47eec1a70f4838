"""A shop's whole catalog, page by page, or some variants of it. Contract: "sync_now" (Shopify),
"sync_catalog"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.documents import MAX_PAGE, PRODUCT_VARIANTS, VARIANTS
from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.models import Variant
from medgrid.http_client.errors import UnexpectedResponse


@dataclass(frozen=True)
class VariantRange:
	"""All variants whose numbers lie in a stretch of Shopify's order, which is by number.

	What is stored with a number in the stretch and is not among the variants is gone from the shop.

	:param after_id: the number before the stretch.
	:param last_id: the last number of it; None: to the end.
	:param cursor: where the next one begins; None: this is the last.
	"""

	variants: list[Variant]
	after_id: int
	last_id: int | None
	cursor: str | None


def variant_ranges(
	client: ShopifyClient, cursor: str | None = None, after_id: int = 0
) -> Iterator[VariantRange]:
	"""
	:param cursor: of an earlier stretch, to go on after it.
	:param after_id: the last number of that one.
	:raises UnexpectedResponse: the variants are not in the order of their numbers.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	for page in client.pages(PRODUCT_VARIANTS, {"first": MAX_PAGE}, after=cursor):
		numbers = [number_of(variant.id) for variant in page.nodes]
		if numbers != sorted(set(numbers)) or (numbers and numbers[0] <= after_id):
			raise UnexpectedResponse("variants that are not in their order", service=client.service)
		is_last = not page.pageInfo.hasNextPage
		last_id = None if is_last else (numbers[-1] if numbers else after_id)
		yield VariantRange(page.nodes, after_id, last_id, None if is_last else page.pageInfo.endCursor)
		after_id = numbers[-1] if numbers else after_id


def variants(client: ShopifyClient, ids: Sequence[str]) -> dict[str, Variant]:
	"""The variants with these ids as they are now; those that are gone are left out.

	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	found: dict[str, Variant] = {}
	for start in range(0, len(ids), MAX_PAGE):
		chunk = list(ids[start : start + MAX_PAGE])
		answer = client.query(VARIANTS, {"ids": chunk}, times=len(chunk))
		found.update({variant.id: variant for variant in answer.nodes if variant})
	return found
