"""Reads the variants of a shop: all, page by page, or some by ID. Contract: "sync_now" (Shopify),
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
	"""A page of variants and the range of variant numbers that it covers completely; Shopify sorts by number.

	A stored variant whose number is in the range, and which is not among `variants`, was deleted from the
	shop.

	:param after_id: the number before the range.
	:param last_id: the last number of the range; None: the range has no end.
	:param cursor: where the next range begins; None: this range is the last.
	:param unreadable: how many variants of the page are not valid. They are not among `variants`.
	:param unreadable_ids: the GIDs of such variants, of this page and those before it: they were not deleted.
	"""

	variants: list[Variant]
	after_id: int
	last_id: int | None
	cursor: str | None
	unreadable: int = 0
	unreadable_ids: frozenset[str] = frozenset()


def variant_ranges(
	client: ShopifyClient, cursor: str | None = None, after_id: int = 0
) -> Iterator[VariantRange]:
	"""Reads all variants of a shop, page by page.

	:param cursor: `cursor` of an earlier range, to continue after it; None: from the beginning.
	:param after_id: `last_id` of that range.
	:raises UnexpectedResponse: the variants are not sorted by number.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	unreadable_ids: frozenset[str] = frozenset()
	for page in client.pages(PRODUCT_VARIANTS, {"first": MAX_PAGE}, after=cursor):
		numbers = [number_of(variant.id) for variant in page.nodes]
		if numbers != sorted(set(numbers)) or (numbers and numbers[0] <= after_id):
			raise UnexpectedResponse("the variants are not sorted by number", service=client.service)
		unreadable_ids |= {node.id for node in page.unreadable if node.id}
		last_id = numbers[-1] if numbers else after_id
		has_more = page.pageInfo.hasNextPage
		yield VariantRange(
			page.nodes,
			after_id,
			last_id if has_more else None,
			page.pageInfo.endCursor if has_more else None,
			len(page.unreadable),
			unreadable_ids,
		)
		after_id = last_id


def variants(client: ShopifyClient, ids: Sequence[str]) -> dict[str, Variant]:
	"""Reads the current state of some variants.

	:param ids: GIDs.
	:returns: the variants by GID, without those that no longer exist.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	found: dict[str, Variant] = {}
	for start in range(0, len(ids), MAX_PAGE):
		chunk = list(ids[start : start + MAX_PAGE])
		answer = client.query(VARIANTS, {"ids": chunk}, times=len(chunk))
		found.update({variant.id: variant for variant in answer.nodes if variant})
	return found
