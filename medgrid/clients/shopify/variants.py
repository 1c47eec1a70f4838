"""A shop's whole catalog, page by page, or some variants of it. Contract: "sync_now" (Shopify),
"sync_catalog"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from medgrid.clients.shopify import responses
from medgrid.clients.shopify.client import MAX_PAGE, ShopifyClient, parsed
from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.models import Variant, VariantPage, Variants

# See queries/product_variants.graphql.
PAGE_COST = 2 + 3 * MAX_PAGE
# See queries/variants.graphql.
VARIANT_COST = 3


@dataclass(frozen=True)
class Stretch:
	"""All variants whose numbers lie in a stretch of Shopify's order, which is by number.

	What is stored with a number in the stretch and is not among the variants is gone from the shop.

	:param above: the number before the stretch.
	:param through: the last number of it; None: to the end.
	:param cursor: where the next one begins; None: this is the last.
	"""

	variants: list[Variant]
	above: int
	through: int | None
	cursor: str | None


def stretches(client: ShopifyClient, cursor: str | None = None, above: int = 0) -> Iterator[Stretch]:
	"""
	:param cursor: of an earlier stretch, to go on after it.
	:param above: the last number of that one.
	:raises UnexpectedAnswer: the variants are not in the order of their numbers.
	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	pages = client.pages(
		"product_variants",
		{"first": MAX_PAGE},
		VariantPage,
		cost=PAGE_COST,
		field="productVariants",
		after=cursor,
	)
	for page in pages:
		numbers = [number_of(variant.id) for variant in page.nodes]
		if numbers != sorted(set(numbers)) or (numbers and numbers[0] <= above):
			raise responses.nonsense()
		is_last = not page.pageInfo.hasNextPage
		through = None if is_last else (numbers[-1] if numbers else above)
		yield Stretch(page.nodes, above, through, None if is_last else page.pageInfo.endCursor)
		above = numbers[-1] if numbers else above


def variants(client: ShopifyClient, ids: Sequence[str]) -> dict[str, Variant]:
	"""The variants with these ids as they are now; those that are gone are left out.

	:raises IntegrationError: see `ShopifyClient.execute`.
	"""
	found: dict[str, Variant] = {}
	for start in range(0, len(ids), MAX_PAGE):
		chunk = list(ids[start : start + MAX_PAGE])
		data = client.execute("variants", {"ids": chunk}, cost=VARIANT_COST * len(chunk))
		found.update({variant.id: variant for variant in parsed(Variants, data).nodes if variant})
	return found
