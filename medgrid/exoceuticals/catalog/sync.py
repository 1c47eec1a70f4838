"""The catalog sync: it links every variant of the store to the Item whose code is its SKU, or lists it for
review.

It reads the store page by page, and writes each page before it requests the next. It reads from the database
what it must know about variants of other pages: the variants to which Items are linked, and the SKUs of
unmatched variants. So memory use does not grow with the catalog, the work of a killed worker is kept, and a
job continues after the last page written.

It never creates Items. Contract: "sync_catalog".
"""

import time
from collections.abc import Mapping
from typing import Any

from frappe import _

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
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.sync.catalog_size import CatalogSize, count_page
from medgrid.sync.runs import Job, Run

JOB = Job("catalog")
# What the store may have at most: ten times what a vendor's shop may have.
STORE_CATALOG = CatalogSize(variants=1_000_000, pages=5_000)
UNREADABLE = Subject("exoceuticals", "unreadable_variants")


class CatalogSync(StoreSync):
	"""Syncs the store's catalog, or continues at the page in `run.progress`."""

	job = JOB

	def prepare(self) -> None:
		settings.load().connected()

	def carry_out(self, run: Run) -> None:
		"""Carries out the sync; see `Sync.carry_out`.

		:raises IntegrationError: see `ShopifyClient.execute`.
		"""
		seconds = run.deadline - time.monotonic()
		with store_client(settings.load().connected(), seconds=seconds, heartbeat=run.heartbeat) as client:
			_read(client, run)
			_link_resolved_duplicates(client)

	def result(self, run: Run) -> dict[str, int]:
		"""Returns `matched`, the number of linked variants, and `unmatched_count`, the number of variants
		that are listed for review."""
		return {"matched": links.count(), "unmatched_count": unmatched.count()}

	def ended(self, run: Run, error: str | None) -> None:
		super().ended(run, error)
		if error:
			return
		if count := run.progress.get("unreadable", 0):
			open_issue(
				UNREADABLE,
				title=_("Exoceuticals: variants of the store cannot be read"),
				detail=_("MedGrid cannot read {0} variants of the store, and skipped them.").format(count),
				who_acts=ADMINISTRATOR,
				what_to_do=_("Check in Shopify the titles, SKUs and prices that were changed last."),
			)
		else:
			settle_issue(UNREADABLE)


def _read(client: ShopifyClient, run: Run) -> None:
	if run.progress.get("is_read"):
		return
	linked = LinkedNumbers()
	for variant_range in variant_ranges(client, run.progress.get("cursor"), run.progress.get("after_id", 0)):
		totals = count_page(run, len(variant_range.variants) + variant_range.unreadable, STORE_CATALOG)
		apply(client, variant_range, linked)
		cursor = variant_range.cursor
		unreadable = run.progress.get("unreadable", 0) + variant_range.unreadable
		run.save(
			cursor=cursor,
			after_id=variant_range.last_id,
			is_read=cursor is None,
			unreadable=unreadable,
			**totals,
		)
		if cursor and time.monotonic() > run.deadline:
			raise DeadlineExceeded


def apply(client: ShopifyClient, variant_range: VariantRange, linked: LinkedNumbers) -> None:
	"""Updates the links and the entries for review from a range of the catalog. Commits after each 100."""
	_unlink(linked.missing_from(variant_range))
	unmatched.close_missing(variant_range)
	_link_or_list(client, variant_range.variants)


def _link_resolved_duplicates(client: ShopifyClient) -> None:
	"""Links the variants whose SKU was on several variants and is now on one. This needs the whole catalog: a
	later page may have another variant with the SKU."""
	_link_or_list(client, list(variants(client, unmatched.resolved_duplicates()).values()))


def _unlink(gone: list[str]) -> None:
	links.write({item.name: UNLINKED for item in links.items_linked_to(gone)})


def _link_or_list(client: ShopifyClient, page: list[Variant]) -> None:
	"""Links each variant, or lists it for review with the reason."""
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
	"""The variants of other pages that have the same SKU as a variant of this page. The links of Items name
	them; Shopify is requested because their SKU may have changed, or they may have been deleted."""
	present = {variant.id for variant in page}
	others = {
		item.variant: name for name, item in items.items() if item.variant and item.variant not in present
	}
	found = variants(client, list(others))
	return {gid: variant for gid, variant in found.items() if variant.sku == others[gid]}


def _candidates_by_sku(known: Mapping[str, Variant], items: Mapping[str, LinkedItem]) -> dict[str, set[str]]:
	"""The known variants with each SKU that is an Item's code."""
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
	"""Why a variant cannot be linked to an Item; None if it can be linked to the Item of its SKU."""
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
	"""Writes the links that differ: removes outdated links from Items, and adds new ones."""
	changes: dict[str, Mapping[str, Any]] = {}
	for item in links.items_linked_to(known):
		variant = known[item.variant]
		if variant.id in reasons or variant.sku != item.name:
			changes[item.name] = UNLINKED
	for variant in known.values():
		if variant.id not in reasons and items[variant.sku].links != links_to(variant):
			changes[variant.sku] = dict(zip(FIELDS, links_to(variant), strict=True))
	links.write(changes)
