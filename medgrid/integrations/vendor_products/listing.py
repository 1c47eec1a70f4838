"""A vendor's products as values for callers: pages of them, and how many there are in each state."""

from dataclasses import dataclass
from typing import Any

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Count
from pypika.functions import NullIf

from medgrid.core.clock import stored_utc_text
from medgrid.integrations.like import containing
from medgrid.integrations.shopify.products import DOCTYPE
from medgrid.integrations.vendor_products.states import ProductState, condition_of, reason_of, state_of

# The index by supplier and title.
ALONG = "medgrid_titles"
# The index by supplier and all that decides a state.
BY_STATE = "medgrid_states"
# Shopify's title of the only variant of a product.
ONLY_VARIANT = "Default Title"
FIELDS = (
	"name",
	"product_title",
	"variant_title",
	"sku",
	"price",
	"currency",
	"available_qty",
	"status",
	"item",
	"shop",
	"last_seen",
	"not_wanted",
	"not_wanted_because",
)


@dataclass(frozen=True)
class ProductFilter:
	"""Some of a vendor's products.

	:param supplier: the vendor. Never from a parameter: the caller's own Supplier.
	:param state: None: all that the shop has.
	:param text: the products whose titles or SKU contain it; None: all.
	"""

	supplier: str
	state: ProductState | None = None
	text: str | None = None


def page(selection: ProductFilter, *, offset: int, rows: int) -> list[dict[str, Any]]:
	"""Lists a vendor's products by title.

	:param offset: the number of variants to skip.
	:param rows: their maximum number.
	:returns: for each variant `product`, `variant`, `sku`, `state`, `reason`, `item`, `item_name`, `price`,
		`currency`, `available_qty`, `shop_status`, `shop`, `last_seen` (UTC).
	"""
	product = frappe.qb.DocType(DOCTYPE)
	found = (
		frappe.qb.from_(product)
		# Along its index, a page of one vendor reads its own rows only, and sorts nothing.
		.force_index(ALONG)
		.select(*(product[name] for name in FIELDS))
		.where(_condition(selection, product))
		.orderby(product.product_title)
		.orderby(product.name)
		.offset(offset)
		.limit(rows)
		.run(as_dict=True)
	)
	names = _item_names([row.item for row in found if row.item])
	return [_entry(row, names) for row in found]


def total(selection: ProductFilter, of_states: dict[str, int]) -> int:
	"""How many variants a selection has.

	:param of_states: what `counts` gives for the vendor.
	"""
	if not selection.text:
		if selection.state:
			return of_states[selection.state.value]
		return sum(of_states.values()) - of_states[ProductState.GONE.value]
	product = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(product).select(Count("*")).where(_condition(selection, product))
	return query.run()[0][0]


def counts(supplier: str) -> dict[str, int]:
	"""How many variants a vendor has in each state."""
	product = frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(product)
		# It has all columns, in the order of the groups: no row is read, and the database makes no table of
		# its own.
		.force_index(BY_STATE)
		.select(product.status, product.not_wanted, Count("*"), Count(NullIf(product.item, "")))
		.where(product.supplier == supplier)
		.groupby(product.status, product.not_wanted)
		.run()
	)
	found = dict.fromkeys((state.value for state in ProductState), 0)
	for status, not_wanted, number, linked in rows:
		group = frappe._dict(status=status, not_wanted=not_wanted)
		if state_of(group) is ProductState.GONE:
			linked = 0
		found[ProductState.LINKED.value] += linked
		found[state_of(group).value] += number - linked
	return found


def has_products(supplier: str) -> bool:
	"""Whether a pull has seen any product of a vendor."""
	return bool(frappe.db.exists(DOCTYPE, {"supplier": supplier}))


def _condition(selection: ProductFilter, product: Any) -> Criterion:
	condition = (product.supplier == selection.supplier) & condition_of(selection.state, product)
	if selection.text:
		pattern = containing(selection.text)
		columns = (product.product_title, product.variant_title, product.sku)
		condition &= Criterion.any([column.like(pattern) for column in columns])
	return condition


def _entry(row: Any, item_names: dict[str, str]) -> dict[str, Any]:
	return {
		"product": row.product_title,
		"variant": row.variant_title if row.variant_title != ONLY_VARIANT else None,
		"sku": row.sku or None,
		"state": state_of(row).value,
		"reason": reason_of(row),
		"item": row.item or None,
		"item_name": item_names.get(row.item),
		"price": row.price,
		"currency": row.currency or None,
		"available_qty": row.available_qty,
		"shop_status": row.status,
		"shop": row.shop,
		"last_seen": stored_utc_text(row.last_seen),
	}


def _item_names(items: list[str]) -> dict[str, str]:
	if not items:
		return {}
	found = frappe.get_all("Item", filters={"name": ("in", items)}, fields=["name", "item_name"])
	return {row.name: row.item_name for row in found}
