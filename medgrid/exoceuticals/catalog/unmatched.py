"""Exoceuticals Unmatched Variant: the variants that are linked to no Item, for review, and why.

Contract: "sync_catalog" ("These are logged for review").
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import frappe
from frappe.query_builder.functions import Count

from medgrid.clients.shopify.gid import number_of
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.bulk import CHUNK, chunks
from medgrid.core.text import sanitize_text

DOCTYPE = "Exoceuticals Unmatched Variant"
OPEN, CLOSED = "Open", "Closed"
NO_SKU, NO_ITEM, DISABLED, AMBIGUOUS = (
	"No SKU",
	"No such Item",
	"Item disabled",
	"SKU on several variants",
)
# What of an entry is compared; the rest says when.
CONTENT = ("product_title", "variant_title", "sku", "price", "product_id", "reason", "status")
CENT = Decimal("0.01")


def record(variants: Mapping[str, Variant], reasons: Mapping[str, str]) -> None:
	"""Makes the entries of some variants what they are to be: written where they differ, closed where there
	is no reason any more. Commits after each 100.

	:param variants: by their id.
	:param reasons: of those that are not linked, by the same id.
	"""
	stored = _stored(list(variants))
	wanted = {gid: _content(variants[gid], reason) for gid, reason in reasons.items()}
	_insert({gid: content for gid, content in wanted.items() if gid not in stored})
	changes = {
		stored[gid].name: content
		for gid, content in wanted.items()
		if gid in stored and not _is_same(stored[gid], content)
	}
	solved = [row.name for gid, row in stored.items() if gid not in reasons and row.status == OPEN]
	_update({**changes, **{name: {"status": CLOSED} for name in solved}})


def close_missing(variant_range: VariantRange) -> None:
	"""Closes the entries of variants that belong into a stretch and are not there any more."""
	entry = frappe.qb.DocType(DOCTYPE)
	is_missing = (entry.variant_number > variant_range.after_id) & (entry.status == OPEN)
	if variant_range.last_id is not None:
		is_missing &= entry.variant_number <= variant_range.last_id
	if variant_range.variants:
		is_missing &= entry.variant_id.notin([variant.id for variant in variant_range.variants])
	names = frappe.qb.from_(entry).select(entry.name).where(is_missing).run(pluck=True)
	_update({name: {"status": CLOSED} for name in names})


def variants_with(skus: Iterable[str]) -> dict[str, set[str]]:
	"""The variants with an open entry and exactly one of these SKUs, by it."""
	wanted, found = set(skus), defaultdict(set)
	if wanted:
		filters = {"sku": ("in", list(wanted)), "status": OPEN}
		for row in frappe.get_all(DOCTYPE, filters=filters, fields=["sku", "variant_id"]):
			if row.sku in wanted:
				found[row.sku].add(row.variant_id)
	return found


def resolved_duplicates() -> list[str]:
	"""The variants whose SKU was on several, and is on no other any more.

	SKUs that differ in case only are no question here: there cannot be an Item for both.
	"""
	entry = frappe.qb.DocType(DOCTYPE)
	is_ambiguous = (entry.status == OPEN) & (entry.reason == AMBIGUOUS)
	query = frappe.qb.from_(entry).where(is_ambiguous).groupby(entry.sku)
	skus = query.having(Count("*") == 1).select(entry.sku).run(pluck=True)
	filters = {"status": OPEN, "reason": AMBIGUOUS, "sku": ("in", skus)}
	return frappe.get_all(DOCTYPE, filters=filters, pluck="variant_id") if skus else []


def count() -> int:
	"""How many are open."""
	return frappe.db.count(DOCTYPE, {"status": OPEN})


def _content(variant: Variant, reason: str) -> dict[str, Any]:
	return {
		"product_title": sanitize_text(variant.product.title),
		"variant_title": sanitize_text(variant.title),
		"sku": sanitize_text(variant.sku),
		"price": variant.price.quantize(CENT),
		"product_id": variant.product.id,
		"reason": reason,
		"status": OPEN,
	}


def _stored(gids: list[str]) -> dict[str, Any]:
	if not gids:
		return {}
	rows = frappe.get_all(
		DOCTYPE, filters={"variant_id": ("in", gids)}, fields=["name", "variant_id", *CONTENT]
	)
	return {row.variant_id: row for row in rows}


def _insert(contents: Mapping[str, dict[str, Any]]) -> None:
	now, user = frappe.utils.now(), frappe.session.user
	common = {"creation": now, "modified": now, "owner": user, "modified_by": user}
	common |= {"first_seen": now, "last_seen": now}
	fields = ["name", "variant_id", "variant_number", *common, *CONTENT]
	for gids in chunks(list(contents)):
		rows = [
			[
				frappe.generate_hash(length=10),
				gid,
				number_of(gid),
				*common.values(),
				*(contents[gid][name] for name in CONTENT),
			]
			for gid in gids
		]
		frappe.db.bulk_insert(DOCTYPE, fields, rows, chunk_size=CHUNK)
		frappe.db.commit()


def _update(changes: Mapping[str, dict[str, Any]]) -> None:
	now = frappe.utils.now()
	for names in chunks(list(changes)):
		values = {name: {**changes[name], "last_seen": now} for name in names}
		frappe.db.bulk_update(DOCTYPE, values, chunk_size=CHUNK)
		frappe.db.commit()


def _is_same(stored: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
	return all(_comparable(stored[name]) == _comparable(content[name]) for name in CONTENT)


def _comparable(value: Any) -> Any:
	"""Money as exact cents; what is empty in one way or another as None."""
	if isinstance(value, float | Decimal):
		return Decimal(str(value)).quantize(CENT)
	return None if value == "" else value
