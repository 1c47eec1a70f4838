"""Writes Exoceuticals Unmatched Variant: the variants that are not linked to an Item, with the reason.

Contract: "sync_catalog" ("These are logged for review").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.sync.variant_mirror import VariantMirror, storable_price

DOCTYPE = "Exoceuticals Unmatched Variant"
OPEN, CLOSED = "Open", "Closed"
NO_SKU, NO_ITEM, DISABLED, AMBIGUOUS = (
	"No SKU",
	"No such Item",
	"Item disabled",
	"SKU on several variants",
)
CENT = Decimal("0.01")

_mirror = VariantMirror(DOCTYPE, first_seen="first_seen")


def record(variants: Mapping[str, Variant], reasons: Mapping[str, str]) -> None:
	"""Updates the entries of some variants: writes those that differ, and closes those of linked variants.
	Commits after each 100.

	:param variants: the variants by GID.
	:param reasons: why a variant is not linked, by GID; without the variants that are linked.
	"""
	_mirror.write({gid: _content(variants[gid], reason) for gid, reason in reasons.items()})
	stored = _mirror.stored([gid for gid in variants if gid not in reasons], ["status"])
	solved = [row.name for row in stored.values() if row.status == OPEN]
	_mirror.update(solved, {"status": CLOSED, "last_seen": frappe.utils.now()})


def close_missing(variant_range: VariantRange) -> None:
	"""Closes the entries of variants that belong in a range and are no longer there."""
	_mirror.mark_missing(variant_range, {"status": CLOSED, "last_seen": frappe.utils.now()})


def variants_with(skus: Iterable[str]) -> dict[str, set[str]]:
	"""Returns the variants that have an open entry and exactly one of these SKUs, by SKU."""
	wanted, found = set(skus), defaultdict(set)
	if wanted:
		filters = {"sku": ("in", list(wanted)), "status": OPEN}
		for row in frappe.get_all(DOCTYPE, filters=filters, fields=["sku", "variant_id"]):
			if row.sku in wanted:
				found[row.sku].add(row.variant_id)
	return found


def resolved_duplicates() -> list[str]:
	"""Returns the variants whose SKU was on several variants and is now on one.

	The query ignores case. This misses no variant that could be linked: two Items cannot have codes that
	differ only in case.
	"""
	entry = frappe.qb.DocType(DOCTYPE)
	is_ambiguous = (entry.status == OPEN) & (entry.reason == AMBIGUOUS)
	query = frappe.qb.from_(entry).where(is_ambiguous).groupby(entry.sku)
	skus = query.having(Count("*") == 1).select(entry.sku).run(pluck=True)
	filters = {"status": OPEN, "reason": AMBIGUOUS, "sku": ("in", skus)}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="variant_id") if skus else []


def count() -> int:
	"""Counts the open entries."""
	return frappe.db.count(DOCTYPE, {"status": OPEN})


def _content(variant: Variant, reason: str) -> dict[str, Any]:
	return {
		"product_title": variant.product.title,
		"variant_title": variant.title,
		"sku": variant.sku or "",
		"price": storable_price(variant.price).quantize(CENT),
		"product_id": variant.product.id,
		"reason": reason,
		"status": OPEN,
	}
