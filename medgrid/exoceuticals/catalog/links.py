"""The links between the store's variants and Items: three global ids on each Item.

The database ignores case, trailing spaces and how letters with marks are composed, but Shopify does not. So
this module compares the rows that the database finds exactly.
"""

import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

import frappe

from medgrid.clients.shopify.gid import gid, is_gid, number_of
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.bulk import update_rows, write_each
from medgrid.core.foreign_types import CHANGED
from medgrid.exoceuticals.catalog.matching import LinkedItem

DOCTYPE = "Item"
PRODUCT, VARIANT, INVENTORY_ITEM = (
	"exoceuticals_product_id",
	"exoceuticals_variant_id",
	"exoceuticals_inventory_item_id",
)
FIELDS = (PRODUCT, VARIANT, INVENTORY_ITEM)
UNLINKED = dict.fromkeys(FIELDS)
READ_CHUNK = 5000
# In which Unicode forms a code may be stored.
_FORMS: tuple[Literal["NFC"], Literal["NFD"]] = ("NFC", "NFD")


def links_to(variant: Variant) -> tuple[str, str, str]:
	"""Returns the values of an Item's three FIELDS for a link to a variant."""
	return variant.product.id, variant.id, variant.inventoryItem.id


def items_called(skus: Iterable[str]) -> dict[str, LinkedItem]:
	"""Returns the Items whose code is exactly one of these SKUs, by SKU."""
	wanted = set(skus)
	return {item.name: item for item in _items("name", wanted) if item.name in wanted}


def items_similar_to(skus: Iterable[str]) -> dict[str, str]:
	"""Finds the Items whose code looks like a SKU: it differs in blanks, in case, or in whether letters with
	marks are composed.

	:returns: the name of such an Item for each SKU that has one.
	"""
	by_spelling = {sku: _spellings(sku) for sku in skus}
	found: dict[str, list[str]] = {}
	for item in _items("name", set().union(*by_spelling.values())):
		found.setdefault(folded(item.name), []).append(item.name)
	return {sku: min(found[folded(sku)]) for sku in by_spelling if folded(sku) in found}


def _spellings(sku: str) -> set[str]:
	words = sku.removesuffix(CHANGED).split()
	# The database ignores case and trailing blanks.
	written = {sku, " ".join(words), "".join(words)} - {""}
	return written | {unicodedata.normalize(form, each) for form in _FORMS for each in written}


def folded(code: str) -> str:
	"""Returns a SKU or an Item's code without blanks and case, with letters and their marks composed."""
	return unicodedata.normalize("NFC", "".join(code.removesuffix(CHANGED).split()).casefold())


def items_linked_to(variants: Iterable[str]) -> list[LinkedItem]:
	"""Returns the Items that are linked to one of these variants, given by GID."""
	return _items(VARIANT, set(variants))


def write(changes: Mapping[str, Mapping[str, str | None]]) -> None:
	"""Writes the links of Items. Commits after each 100.

	:param changes: for each Item's name the values of some of FIELDS.
	"""
	write_each(list(changes), partial(_write, changes), what="links of Items")


def _write(changes: Mapping[str, Mapping[str, str | None]], names: Sequence[str]) -> None:
	update_rows(DOCTYPE, {name: changes[name] for name in names})
	for name in names:
		frappe.db.after_commit.add(partial(frappe.clear_document_cache, DOCTYPE, name))


class LinkedNumbers:
	"""The numbers of all linked variants, with eight bytes for each.

	They are kept in memory because Shopify sorts variants by number, and the database cannot sort global ids
	by their number.
	"""

	def __init__(self):
		self.numbers, self.invalid = array("q"), []
		for variant in _linked_variants():
			if is_gid("ProductVariant", variant):
				self.numbers.append(number_of(variant))
			else:
				self.invalid.append(variant)
		self.numbers = array("q", sorted(self.numbers))

	def missing_from(self, variant_range: VariantRange) -> list[str]:
		"""Returns the linked variants that belong in a range and are no longer there. With the first range it
		also returns the links that are not GIDs of variants."""
		start = bisect_right(self.numbers, variant_range.after_id)
		end = (
			len(self.numbers)
			if variant_range.last_id is None
			else bisect_right(self.numbers, variant_range.last_id)
		)
		ids = {variant.id for variant in variant_range.variants} | variant_range.unreadable_ids
		present = {number_of(gid) for gid in ids}
		gone = set(self.numbers[start:end]) - present
		invalid = self.invalid if not variant_range.after_id else []
		return [*invalid, *(gid("ProductVariant", number) for number in sorted(gone))]


def _linked_variants() -> Iterator[str]:
	item, after = frappe.qb.DocType(DOCTYPE), ""
	while True:
		query = frappe.qb.from_(item).select(item[VARIANT]).where(item[VARIANT] > after)
		found = query.orderby(item[VARIANT]).limit(READ_CHUNK).run(pluck=True)
		yield from found
		if len(found) < READ_CHUNK:
			return
		after = found[-1]


def _items(field: str, values: set[str]) -> list[LinkedItem]:
	if not values:
		return []
	fields = ["name", "disabled", *FIELDS]
	rows = frappe.get_all(DOCTYPE, filters={field: ("in", list(values))}, fields=fields)
	return [
		LinkedItem(row.name, bool(row.disabled), tuple(row[name] or None for name in FIELDS)) for row in rows
	]
