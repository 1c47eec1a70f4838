"""The states of a vendor's products on their way into the wholesaler's catalog."""

from enum import Enum
from typing import Any

from frappe import _
from frappe.query_builder import Criterion

from medgrid.integrations.shopify.products import GONE
from medgrid.services.support import us


class ProductState(Enum):
	"""How far the wholesaler's decision about a variant is."""

	# An Item has its SKU as its code, and the vendor ships it.
	LINKED = "linked"
	# The wholesaler has not decided, or the vendor has to do something first.
	WAITING = "waiting"
	# The wholesaler does not take it.
	NOT_WANTED = "not_wanted"
	# The shop does not have it any more.
	GONE = "gone"


def condition_of(state: ProductState | None, product: Any) -> Criterion:
	"""The condition of a query.

	:param state: None: all that the shop has.
	:param product: the table of Vendor Product.
	"""
	is_gone = product.status == GONE
	if state is ProductState.GONE:
		return is_gone
	is_linked = product.item.notnull() & (product.item != "")
	if state is ProductState.LINKED:
		return is_gone.negate() & is_linked
	if state is None:
		return is_gone.negate()
	is_wanted = product.not_wanted == (1 if state is ProductState.NOT_WANTED else 0)
	return is_gone.negate() & is_linked.negate() & is_wanted


def state_of(row: Any) -> ProductState:
	"""The state of a Vendor Product; the same rule as `condition_of`."""
	if row.status == GONE:
		return ProductState.GONE
	if row.item:
		return ProductState.LINKED
	return ProductState.NOT_WANTED if row.not_wanted else ProductState.WAITING


def reason_of(row: Any) -> str | None:
	"""Why a Vendor Product is in its state, and who does what, in a sentence; None if there is nothing to
	say."""
	state = state_of(row)
	if state is ProductState.GONE:
		return _("Your shop does not have it any more.")
	if state is ProductState.NOT_WANTED:
		return row.not_wanted_because or _("The wholesaler does not take it.")
	if state is ProductState.LINKED:
		return None if row.status == "Active" else _("It is linked, but not active in your shop.")
	if not row.sku:
		return _("It has no SKU. Enter the wholesaler's item code as its SKU in Shopify.")
	return _("The wholesaler has no item of yours with this SKU yet. {0} decides about it.").format(us())


def words() -> dict[str, str]:
	"""The words for the values of `state`, in the reader's language."""
	return {
		ProductState.LINKED.value: _("Linked"),
		ProductState.WAITING.value: _("Waiting for a decision"),
		ProductState.NOT_WANTED.value: _("Not wanted"),
		ProductState.GONE.value: _("Not in the shop any more"),
	}


def shop_words() -> dict[str, str]:
	"""The words for the states that products have in Shopify."""
	return {
		"Active": _("Active"),
		"Archived": _("Archived"),
		"Draft": _("Draft"),
		"Unlisted": _("Unlisted"),
		"Other": _("Other"),
		"Gone": _("Gone"),
	}
