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
from dataclasses import asdict, dataclass, replace
from typing import Any

from frappe import _

from medgrid.clients.shopify.client import ShopifyClient
from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange, variant_ranges, variants
from medgrid.core.foreign_types import MAX_ID
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.catalog import links, unmatched
from medgrid.exoceuticals.catalog.links import FIELDS, UNLINKED, LinkedNumbers, links_to
from medgrid.exoceuticals.catalog.matching import Decisions, LinkedItem, Matches, is_active, match
from medgrid.exoceuticals.client import store_client
from medgrid.exoceuticals.store_sync import StoreSync
from medgrid.http_client.errors import DeadlineExceeded
from medgrid.issues.records import ADMINISTRATOR, Subject, open_issue, settle_issue
from medgrid.sync.catalog_size import CatalogSize, count_page
from medgrid.sync.job import Job
from medgrid.sync.runs import Run

JOB = Job("catalog")
# What the store may have at most: ten times what a vendor's shop may have.
STORE_CATALOG = CatalogSize(variants=1_000_000, pages=5_000)
UNREADABLE = Subject("exoceuticals", "unreadable_variants")


@dataclass(frozen=True)
class Totals:
	"""Numbers of variants.

	:param matched: those that are linked to an Item.
	:param unmatched: those that are listed for review, without those that are to be ignored.
	"""

	matched: int
	unmatched: int


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
			_link_resolved_duplicates(client, run)

	def result(self, run: Run) -> dict[str, int]:
		"""Returns `matched`, the number of variants that this run found linked or linked, and
		`unmatched_count`, the number of those that it listed for review."""
		return {
			"matched": run.progress.get("matched", 0),
			"unmatched_count": run.progress.get("unmatched", 0),
		}

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
		found = apply(client, variant_range, linked)
		cursor = variant_range.cursor
		unreadable = run.progress.get("unreadable", 0) + variant_range.unreadable
		run.save(
			cursor=cursor,
			after_id=variant_range.last_id,
			is_read=cursor is None,
			unreadable=unreadable,
			**totals,
			**_totals(run, found),
		)
		if cursor and time.monotonic() > run.deadline:
			raise DeadlineExceeded


def apply(client: ShopifyClient, variant_range: VariantRange, linked: LinkedNumbers) -> Totals:
	"""Updates the links and the entries for review from a range of the catalog. Commits after each 100.

	:returns: the changes of the run's totals.
	"""
	_unlink(linked.missing_from(variant_range))
	unmatched.close_missing(variant_range)
	return _link_or_list(client, variant_range.variants, after_id=variant_range.after_id)


def _link_resolved_duplicates(client: ShopifyClient, run: Run) -> None:
	"""Links the variants whose SKU was on several variants and is now on one, or of which one is active now.
	This needs the whole catalog: a later page may have another variant with the SKU."""
	page = list(variants(client, unmatched.resolved_duplicates()).values())
	found = _link_or_list(client, page, after_id=MAX_ID)
	# These were counted as unmatched when their page was read.
	run.save(**_totals(run, replace(found, unmatched=found.unmatched - len(page))))


def _totals(run: Run, found: Totals) -> dict[str, int]:
	"""The totals of a run after a page."""
	return {name: run.progress.get(name, 0) + count for name, count in asdict(found).items()}


def _unlink(gone: list[str]) -> None:
	links.write({item.name: UNLINKED for item in links.items_linked_to(gone)})


def _link_or_list(client: ShopifyClient, page: list[Variant], *, after_id: int) -> Totals:
	"""Links each variant, or lists it for review with the reason.

	:param after_id: variants with a number up to here were counted before.
	"""
	skus = {variant.sku for variant in page if variant.sku}
	items = links.items_called(skus)
	known = {variant.id: variant for variant in page}
	known.update(_other_variants_with_sku(client, page, items))
	decisions = unmatched.decisions(known, items)
	items.update(links.items_called(decisions.links.values()))
	similar = links.items_similar_to(skus - set(items))
	candidates = _candidates_by_sku(known, items, decisions)
	matches = match(known, items, similar, candidates, decisions)
	_write_links(known, items, matches)
	unmatched.record(known, matches.reasons, decisions, similar)
	return _counted(page, known, matches, decisions, after_id)


def _counted(
	page: list[Variant], known: Mapping[str, Variant], matches: Matches, decisions: Decisions, after_id: int
) -> Totals:
	matched = sum(variant.id in matches.targets for variant in page)
	unmatched_count = sum(
		variant.id in matches.reasons and variant.id not in decisions.ignored for variant in page
	)
	# A variant of an earlier page that was linked when it was counted, and is listed now.
	lost = len(
		[
			gid
			for gid in known.keys() - {variant.id for variant in page}
			if gid in matches.reasons and number_of(gid) <= after_id
		]
	)
	return Totals(matched - lost, unmatched_count + lost)


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


def _candidates_by_sku(
	known: Mapping[str, Variant], items: Mapping[str, LinkedItem], decisions: Decisions
) -> dict[str, dict[str, bool]]:
	"""The known variants with each SKU that is an Item's code, and whether their products are active."""
	listed = unmatched.variants_with(items)
	candidates = {
		sku: {gid: active for gid, active in of_sku.items() if gid not in known}
		for sku, of_sku in listed.items()
	}
	for variant in known.values():
		if variant.sku in items and decisions.is_open(variant.id):
			candidates.setdefault(variant.sku, {})[variant.id] = is_active(variant)
	return candidates


def _write_links(known: Mapping[str, Variant], items: Mapping[str, LinkedItem], matches: Matches) -> None:
	"""Writes the links that differ: removes outdated links from Items, and adds new ones."""
	changes: dict[str, Mapping[str, Any]] = {}
	for item in links.items_linked_to(known):
		if matches.targets.get(item.variant or "") != item.name:
			changes[item.name] = UNLINKED
	for gid, name in matches.targets.items():
		if items[name].links != links_to(known[gid]):
			changes[name] = dict(zip(FIELDS, links_to(known[gid]), strict=True))
	links.write(changes)
