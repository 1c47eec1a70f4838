"""The links between the store's variants and Items: three global ids on each Item.

The database ignores case and trailing spaces, Shopify does not: whatever it finds is compared exactly here.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import frappe
from frappe.query_builder.functions import Count

from medgrid.clients.shopify.gid import gid, is_gid, number_of
from medgrid.clients.shopify.models import Variant
from medgrid.clients.shopify.variants import VariantRange
from medgrid.core.bulk import chunks, update_rows
from medgrid.core.transactions import in_transaction

DOCTYPE = "Item"
PRODUCT, VARIANT, INVENTORY_ITEM = (
	"exoceuticals_product_id",
	"exoceuticals_variant_id",
	"exoceuticals_inventory_item_id",
)
FIELDS = (PRODUCT, VARIANT, INVENTORY_ITEM)
UNLINKED = dict.fromkeys(FIELDS)
READ_CHUNK = 5000


@dataclass(frozen=True)
class LinkedItem:
	"""
	:param links: the three ids, in the order of FIELDS; None where there is none.
	"""

	name: str
	disabled: bool
	links: tuple[str | None, ...]

	@property
	def variant(self) -> str | None:
		return self.links[1]


def links_to(variant: Variant) -> tuple[str, str, str]:
	"""What an Item's three fields hold when it is linked to a variant."""
	return variant.product.id, variant.id, variant.inventoryItem.id


def items_called(skus: Iterable[str]) -> dict[str, LinkedItem]:
	"""The Items with exactly one of these SKUs as their code, by it."""
	wanted = set(skus)
	return {item.name: item for item in _items("name", wanted) if item.name in wanted}


def items_linked_to(variants: Iterable[str]) -> list[LinkedItem]:
	"""The Items that are linked to one of these variants."""
	return _items(VARIANT, set(variants))


def count() -> int:
	"""How many Items are linked."""
	item = frappe.qb.DocType(DOCTYPE)
	return frappe.qb.from_(item).select(Count("*")).where(item[VARIANT] > "").run()[0][0]


def write(changes: Mapping[str, Mapping[str, str | None]]) -> None:
	"""Writes the links of Items, by name. Commits after each 100."""
	for names in chunks(list(changes)):
		in_transaction(partial(update_rows, DOCTYPE, {name: changes[name] for name in names}))
		for name in names:
			frappe.clear_document_cache(DOCTYPE, name)


class LinkedNumbers:
	"""The numbers of all variants that Items are linked to: eight bytes for each.

	The database cannot order global ids by their number, and Shopify's order is by number.
	"""

	def __init__(self):
		self.numbers, self.strange = array("q"), []
		for variant in _linked_variants():
			if is_gid("ProductVariant", variant):
				self.numbers.append(number_of(variant))
			else:
				self.strange.append(variant)
		self.numbers = array("q", sorted(self.numbers))

	def missing_from(self, variant_range: VariantRange) -> list[str]:
		"""The variants that were linked, belong into a stretch, and are not there any more; with the first
		one, whatever else somebody has written there."""
		start = bisect_right(self.numbers, variant_range.after_id)
		end = (
			len(self.numbers)
			if variant_range.last_id is None
			else bisect_right(self.numbers, variant_range.last_id)
		)
		present = {number_of(variant.id) for variant in variant_range.variants}
		gone = set(self.numbers[start:end]) - present
		strange = self.strange if not variant_range.after_id else []
		return [*strange, *(gid("ProductVariant", number) for number in sorted(gone))]


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
