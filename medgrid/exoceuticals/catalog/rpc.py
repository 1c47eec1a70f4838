"""RPC: what curators decide about variants of the store that have no Item."""

from collections.abc import Callable

from frappe import _

from medgrid.api.endpoint import endpoint
from medgrid.api.parameters import DocumentName, DocumentNames
from medgrid.exceptions import InvalidInput
from medgrid.exoceuticals.catalog import decisions

CURATORS = ("System Manager", "Item Manager")


@endpoint("POST", roles=CURATORS)
def link_variants(variants: DocumentNames, item: DocumentName | None = None) -> dict:
	"""Links variants of the store to Items by hand; the catalog sync keeps these links.

	:param variants: names of Exoceuticals Unmatched Variant.
	:param item: the name of the Item, for a single variant; by default the Item whose code differs from the
		variant's SKU in blanks or case only.
	:returns: `done`, the names of the variants that are linked; `failed`, for each of the others `variant`
		and `reason`.
	:raises InvalidInput: `variants` is empty, or `item` is named for several variants (400).
	:raises NotFound: the only variant, or the Item, does not exist (404).
	:raises NotPermitted: the caller may not change the Item of the only variant (403).
	:raises RuleViolated: the only variant cannot be linked; the message says why (417).
	"""
	if item and len(variants) > 1:
		raise InvalidInput(_("Parameter item names the Item of one variant. Name one variant, or omit item."))
	return _decide(variants, lambda name: decisions.link(name, item))


@endpoint("POST", roles=CURATORS)
def create_items(
	variants: DocumentNames, item_group: DocumentName | None = None, stock_uom: DocumentName | None = None
) -> dict:
	"""Creates for each variant the Item whose code is its SKU, and links the variant to it. Only a person has
	Items created; the catalog sync never does.

	:param variants: names of Exoceuticals Unmatched Variant.
	:param item_group: of the new Items; by default that of Stock Settings.
	:param stock_uom: of the new Items; by default that of Stock Settings.
	:returns: as `link_variants`.
	:raises InvalidInput: `variants` is empty (400).
	:raises NotFound: the only variant does not exist (404).
	:raises NotPermitted: the caller may not create Items (403).
	:raises RuleViolated: the Item of the only variant cannot be created; the message says why (417).
	"""
	return _decide(variants, lambda name: decisions.create_item(name, item_group, stock_uom))


@endpoint("POST", roles=CURATORS)
def ignore_variants(variants: DocumentNames) -> dict:
	"""Has variants ignored: the catalog sync neither links nor counts them.

	:param variants: names of Exoceuticals Unmatched Variant.
	:returns: as `link_variants`.
	:raises InvalidInput: `variants` is empty (400).
	:raises NotFound: the only variant does not exist (404).
	:raises RuleViolated: the only variant is linked (417).
	"""
	return _decide(variants, decisions.ignore)


@endpoint("POST", roles=CURATORS)
def reopen_variants(variants: DocumentNames) -> dict:
	"""Takes decisions about variants back: one that was linked by hand is unlinked, and the next catalog sync
	decides by the SKU.

	:param variants: names of Exoceuticals Unmatched Variant.
	:returns: as `link_variants`.
	:raises InvalidInput: `variants` is empty (400).
	:raises NotFound: the only variant does not exist (404).
	:raises NotPermitted: the caller may not change the Item of the only variant (403).
	:raises RuleViolated: nobody decided about the only variant (417).
	"""
	return _decide(variants, decisions.reopen)


def _decide(variants: list[str], decide: Callable[[str], None]) -> dict:
	if not variants:
		raise InvalidInput(_("Parameter variants is an empty list. Name at least one variant."))
	decided = decisions.for_each(variants, decide)
	failed = [{"variant": name, "reason": reason} for name, reason in decided.failed.items()]
	return {"done": decided.done, "failed": failed}
