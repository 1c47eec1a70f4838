"""Decides to which Item a variant of the store belongs, or why to none. Pure.

Contract: "sync_catalog". What people decided in Exoceuticals Unmatched Variant comes first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from medgrid.clients.shopify.models import Variant

NO_SKU, NO_ITEM, DISABLED, AMBIGUOUS = (
	"No SKU",
	"No such Item",
	"Item disabled",
	"SKU on several variants",
)
SIMILAR, INACTIVE, HELD = (
	"SKU differs in blanks or case",
	"Another variant is active",
	"Item linked by hand",
)
ACTIVE = "ACTIVE"


@dataclass(frozen=True)
class LinkedItem:
	"""An Item and its link.

	:param links: the three ids, in the order of `links.FIELDS`; None for those that are not set.
	"""

	name: str
	disabled: bool
	links: tuple[str | None, ...]

	@property
	def variant(self) -> str | None:
		"""The GID of the linked variant; None if the Item is not linked."""
		return self.links[1]


@dataclass(frozen=True)
class Decisions:
	"""What people decided about variants.

	:param links: the Item to which a variant was linked by hand, by GID.
	:param ignored: the last reason of each variant that is to be ignored, by GID.
	:param holders: the GID of the variant to which an Item was linked by hand, by the Item's name.
	"""

	links: Mapping[str, str] = field(default_factory=dict)
	ignored: Mapping[str, str] = field(default_factory=dict)
	holders: Mapping[str, str] = field(default_factory=dict)

	def is_open(self, variant: str) -> bool:
		"""Whether nobody decided about a variant, so that its SKU counts."""
		return variant not in self.links and variant not in self.ignored


@dataclass(frozen=True)
class Matches:
	"""The result of `match`: every variant is in exactly one of the two.

	:param targets: the name of the Item to which a variant belongs, by GID.
	:param reasons: why a variant belongs to none, by GID.
	"""

	targets: dict[str, str] = field(default_factory=dict)
	reasons: dict[str, str] = field(default_factory=dict)


def is_active(variant: Variant) -> bool:
	"""Whether a variant's product is for sale."""
	return variant.product.status == ACTIVE


def match(
	variants: Mapping[str, Variant],
	items: Mapping[str, LinkedItem],
	similar: Mapping[str, str],
	candidates: Mapping[str, Mapping[str, bool]],
	decisions: Decisions,
) -> Matches:
	"""Decides about variants.

	:param variants: the variants by GID.
	:param items: the Items that their SKUs or people name, by code.
	:param similar: the Item whose code differs from a SKU in blanks or case only, by SKU.
	:param candidates: all variants of the store with each SKU that is an Item's code, and whether their
		products are active; without those about which people decided.
	"""
	matches = Matches()
	for gid, variant in variants.items():
		item = items.get(decisions.links.get(gid, ""))
		if item:
			reason = DISABLED if item.disabled else None
		else:
			item = items.get(variant.sku or "")
			reason = _reason(variant, item, similar, candidates, decisions)
			if gid in decisions.ignored:
				reason = reason or decisions.ignored[gid]
		if reason or not item:
			matches.reasons[gid] = reason or NO_ITEM
		else:
			matches.targets[gid] = item.name
	return matches


def _reason(
	variant: Variant,
	item: LinkedItem | None,
	similar: Mapping[str, str],
	candidates: Mapping[str, Mapping[str, bool]],
	decisions: Decisions,
) -> str | None:
	"""Why a variant does not belong to the Item of its SKU; None if it does."""
	if not variant.sku:
		return NO_SKU
	if not item:
		return SIMILAR if variant.sku in similar else NO_ITEM
	if item.disabled:
		return DISABLED
	if decisions.holders.get(item.name, variant.id) != variant.id:
		return HELD
	same = candidates.get(variant.sku, {})
	if not set(same) - {variant.id}:
		return None
	active = {gid for gid, has_active_product in same.items() if has_active_product}
	if len(active) != 1:
		return AMBIGUOUS
	return None if variant.id in active else INACTIVE
