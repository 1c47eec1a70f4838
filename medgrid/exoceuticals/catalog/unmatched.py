"""Writes Exoceuticals Unmatched Variant: the variants that are not linked to an Item, with the reason.

Contract: "sync_catalog" ("These are logged for review").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum

from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.clock import stored_utc_now
from medgrid.exoceuticals.catalog.matching import ACTIVE, AMBIGUOUS, SIMILAR, Decisions
from medgrid.sync.variant_mirror import VariantMirror, storable_price

DOCTYPE = "Exoceuticals Unmatched Variant"
OPEN, CLOSED = "Open", "Closed"
# What people decided, and the statuses of the entries about which they did.
LINKED, IGNORED = "Linked", "Ignored"
CENT = Decimal("0.01")

_mirror = VariantMirror(DOCTYPE, first_seen="first_seen")


def decisions(variants: Iterable[str], items: Iterable[str]) -> Decisions:
	"""Reads what people decided about variants and Items.

	:param variants: GIDs.
	:param items: names of Items.
	"""
	gids, names = list(variants), list(items)
	rows = _decided({"variant_id": ("in", gids)}) if gids else []
	held = _decided({"item": ("in", names), "decision": LINKED}) if names else []
	links = {row.variant_id: row.item for row in rows if row.decision == LINKED and row.item}
	held_items = {row.item: row.variant_id for row in held}
	return Decisions(
		links=links,
		ignored={row.variant_id: row.reason for row in rows if row.decision == IGNORED},
		holders={**held_items, **{item: gid for gid, item in links.items()}},
	)


def _decided(filters: dict[str, Any]) -> list[Any]:
	fields = ["variant_id", "decision", "item", "reason"]
	return frappe.get_all(DOCTYPE, filters={"decision": ("in", [LINKED, IGNORED]), **filters}, fields=fields)


def record(
	variants: Mapping[str, Variant],
	reasons: Mapping[str, str],
	decided: Decisions,
	similar: Mapping[str, str],
) -> None:
	"""Updates the entries of some variants: writes those that differ, and closes those of linked variants.
	Commits after each 100.

	:param variants: the variants by GID.
	:param reasons: why a variant is not linked, by GID; without the variants that are linked.
	:param decided: what people decided about these variants.
	:param similar: the Item whose code differs from a SKU in blanks or case only, by SKU.
	"""
	_mirror.write(
		{
			gid: _content(
				variants[gid],
				reason,
				status=IGNORED if gid in decided.ignored else OPEN,
				similar_item=similar.get(variants[gid].sku or "") if reason == SIMILAR else None,
			)
			for gid, reason in reasons.items()
		}
	)
	stored = _mirror.stored([gid for gid in variants if gid not in reasons], ["status"])
	for status, gids in (
		(CLOSED, [gid for gid in stored if gid not in decided.links]),
		(LINKED, [gid for gid in stored if gid in decided.links]),
	):
		solved = [stored[gid].name for gid in gids if stored[gid].status != status]
		_mirror.update(solved, {"status": status, "last_seen": stored_utc_now()})


def close_missing(variant_range: VariantRange) -> None:
	"""Closes the entries of variants that belong in a range and are no longer there, and forgets what was
	decided about them."""
	forgotten = {"decision": None, "item": None}
	_mirror.mark_missing(variant_range, {"status": CLOSED, "last_seen": stored_utc_now(), **forgotten})


def variants_with(skus: Iterable[str]) -> dict[str, dict[str, bool]]:
	"""Returns the variants that have an open entry and exactly one of these SKUs, by SKU, and whether their
	products were active when they were seen last."""
	wanted = set(skus)
	found: dict[str, dict[str, bool]] = defaultdict(dict)
	if wanted:
		filters = {"sku": ("in", list(wanted)), "status": OPEN, "decision": ("is", "not set")}
		fields = ["sku", "variant_id", "product_status"]
		for row in frappe.get_all(DOCTYPE, filters=filters, fields=fields):
			if row.sku in wanted:
				found[row.sku][row.variant_id] = row.product_status == ACTIVE
	return found


def resolved_duplicates() -> list[str]:
	"""Returns the variants whose SKU was on several variants, and is now on one or on one of an active
	product.

	The query ignores case. This misses no variant that could be linked: two Items cannot have codes that
	differ only in case.
	"""
	entry = frappe.qb.DocType(DOCTYPE)
	is_ambiguous = (entry.status == OPEN) & (entry.reason == AMBIGUOUS)
	active = Sum(Case().when(entry.product_status == ACTIVE, 1).else_(0))
	query = frappe.qb.from_(entry).where(is_ambiguous).groupby(entry.sku)
	skus = query.having((Count("*") == 1) | (active == 1)).select(entry.sku).run(pluck=True)
	filters = {"status": OPEN, "reason": AMBIGUOUS, "sku": ("in", skus)}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="variant_id") if skus else []


def _content(variant: Variant, reason: str, *, status: str, similar_item: str | None) -> dict[str, Any]:
	return {
		"product_title": variant.product.title,
		"variant_title": variant.title,
		"sku": variant.sku or "",
		"price": storable_price(variant.price).quantize(CENT),
		"product_id": variant.product.id,
		"product_status": variant.product.status,
		"inventory_item_id": variant.inventoryItem.id,
		"reason": reason,
		"status": status,
		"similar_item": similar_item,
	}
