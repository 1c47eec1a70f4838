"""The catalog sync: every variant of the store linked to the Item that its SKU names, or listed for review.

The store is read page by page; each page is written before the next is asked for. What must be known of
variants beyond the page is in the database: which variant an Item is linked to, and which SKUs the unmatched
ones have. So memory stays flat, what a killed worker wrote stays written, and a job goes on where the last
one stopped.

Items are never created. Contract: "sync_catalog".
"""

import time
from collections.abc import Mapping
from typing import Any

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange, variant_ranges, variants
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.catalog import links, unmatched
from medgrid.exoceuticals.catalog.links import FIELDS, UNLINKED, LinkedItem, LinkedNumbers, links_to
from medgrid.exoceuticals.catalog.unmatched import AMBIGUOUS, DISABLED, NO_ITEM, NO_SKU
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.sync.runs import Job, Run

JOB = Job("catalog")


class CatalogSync(StoreSync):
	"""Reads the store's catalog, or the rest of it."""

	job = JOB

	def prepare(self) -> None:
		settings.load().connected()

	def carry_out(self, run: Run) -> None:
		"""
		:raises IntegrationError: see `ShopifyClient.execute`.
		"""
		seconds = run.deadline - time.monotonic()
		with store_client(settings.load().connected(), seconds=seconds, heartbeat=run.heartbeat) as client:
			_read(client, run)
			_link_resolved_duplicates(client)

	def result(self, run: Run) -> dict[str, int]:
		"""`matched`: variants that are linked; `unmatched_count`: those that are listed for review."""
		return {"matched": links.count(), "unmatched_count": unmatched.count()}


def _read(client: ShopifyClient, run: Run) -> None:
	if run.progress.get("is_read"):
		return
	linked = LinkedNumbers()
	for variant_range in variant_ranges(client, run.progress.get("cursor"), run.progress.get("after_id", 0)):
		apply(client, variant_range, linked)
		cursor = variant_range.cursor
		run.save(cursor=cursor, after_id=variant_range.last_id, is_read=cursor is None)
		if cursor and time.monotonic() > run.deadline:
			raise DeadlineExceeded


def apply(client: ShopifyClient, variant_range: VariantRange, linked: LinkedNumbers) -> None:
	"""Makes links and entries what a stretch of the catalog says. Commits after each 100 written."""
	_unlink(linked.missing_from(variant_range))
	unmatched.close_missing(variant_range)
	_settle(client, variant_range.variants)


def _link_resolved_duplicates(client: ShopifyClient) -> None:
	"""Links what had to wait for the end of the catalog: only then is it known that no other variant has the
	same SKU any more."""
	_settle(client, list(variants(client, unmatched.resolved_duplicates()).values()))


def _unlink(gone: list[str]) -> None:
	links.write({item.name: UNLINKED for item in links.items_linked_to(gone)})


def _settle(client: ShopifyClient, page: list[Variant]) -> None:
	"""Links each variant, or says why not."""
	items = links.items_called(variant.sku for variant in page if variant.sku)
	known = {variant.id: variant for variant in page}
	known.update(_other_variants_with_sku(client, page, items))
	candidates = _candidates_by_sku(known, items)
	reasons = {
		variant.id: reason for variant in known.values() if (reason := _reason(variant, items, candidates))
	}
	_write_links(known, items, reasons)
	unmatched.record(known, reasons)


def _other_variants_with_sku(
	client: ShopifyClient, page: list[Variant], items: Mapping[str, LinkedItem]
) -> dict[str, Variant]:
	"""The variants that are not on this page, and have the same SKU as one that is. They are known by the
	Items that are linked to them; Shopify is asked, since they may have got another SKU or be gone by now."""
	present = {variant.id for variant in page}
	others = {
		item.variant: name for name, item in items.items() if item.variant and item.variant not in present
	}
	found = variants(client, list(others))
	return {gid: variant for gid, variant in found.items() if variant.sku == others[gid]}


def _candidates_by_sku(known: Mapping[str, Variant], items: Mapping[str, LinkedItem]) -> dict[str, set[str]]:
	"""All variants that have a SKU, as far as is known, for each SKU that is an Item's."""
	candidates = unmatched.variants_with(items)
	for variants_of_sku in candidates.values():
		variants_of_sku.difference_update(known)
	for variant in known.values():
		if variant.sku in items:
			candidates.setdefault(variant.sku, set()).add(variant.id)
	return candidates


def _reason(
	variant: Variant, items: Mapping[str, LinkedItem], candidates: Mapping[str, set[str]]
) -> str | None:
	"""Why a variant is linked to no Item; None if it is to be linked to the one that its SKU names."""
	if not variant.sku:
		return NO_SKU
	if not (item := items.get(variant.sku)):
		return NO_ITEM
	if item.disabled:
		return DISABLED
	return AMBIGUOUS if len(candidates[variant.sku]) > 1 else None


def _write_links(
	known: Mapping[str, Variant], items: Mapping[str, LinkedItem], reasons: Mapping[str, str]
) -> None:
	"""Writes what differs: Items lose the variants that are not theirs any more, and get those that are."""
	changes: dict[str, Mapping[str, Any]] = {}
	for item in links.items_linked_to(known):
		variant = known[item.variant]
		if variant.id in reasons or variant.sku != item.name:
			changes[item.name] = UNLINKED
	for variant in known.values():
		if variant.id not in reasons and items[variant.sku].links != links_to(variant):
			changes[variant.sku] = dict(zip(FIELDS, links_to(variant), strict=True))
	links.write(changes)
