"""RPC: warehouses, their stock, and item search. Contract: "list_warehouses" to "search_items".

Any signed-in user may call them. Portal customers have no permissions on ERPNext's documents, so nothing
below checks document permissions.
"""

from collections.abc import Iterable

from frappe import _

from medgrid.api.endpoint import endpoint
from medgrid.api.paging import page_of
from medgrid.api.parameters import DocumentName, Offset, PageLength, SearchText
from medgrid.api.responses import LongList
from medgrid.exceptions import InvalidInput
from medgrid.stock import items, warehouses
from medgrid.stock.items import PageRequest
from medgrid.stock.terms import terms_of

# Contract, "Performance Best Practices": "safe to cache for 15 minutes".
WAREHOUSES_SECONDS = 900


@endpoint("GET", cache_seconds=WAREHOUSES_SECONDS)
def list_warehouses(
	limit_start: Offset | None = None, limit_page_length: PageLength | None = None
) -> list[dict]:
	"""Lists all active warehouses that are not groups, sorted by name. Contract: "list_warehouses".

	:returns: rows of `name`, `warehouse_name`, `company`; all of them, or the requested page.
	"""
	return warehouses.active_warehouses(page_of(limit_start, limit_page_length))


@endpoint("GET", cache_seconds=WAREHOUSES_SECONDS)
def list_warehouses_ordered(
	limit_start: Offset | None = None, limit_page_length: PageLength | None = None
) -> list[dict]:
	"""Lists active warehouses, those in Medgrid Settings' priority list first.

	Contract: "list_warehouses_ordered".

	:returns: rows of `name` and `label`; all of them, or the requested page.
	"""
	names = warehouses.warehouses_in_priority_order()
	if page := page_of(limit_start, limit_page_length):
		names = names[page[0] : page[0] + page[1]]
	return [{"name": name, "label": name} for name in names]


@endpoint("GET")
def items_in_warehouse(
	warehouse: DocumentName,
	price_list: DocumentName | None = None,
	after: DocumentName | None = None,
	limit_start: Offset | None = None,
	limit_page_length: PageLength | None = None,
) -> list[dict] | LongList:
	"""Lists the items in stock in a warehouse, with their prices. Contract: "items_in_warehouse".

	:param warehouse: a name from `list_warehouses`.
	:param price_list: default: the price list of Selling Settings.
	:param after: the `item_code` of the last row of the page before: the list goes on after it.
	:returns: rows of `item_code`, `item_name`, `description` (HTML as stored), `stock_uom`, `rate` (in the
		price list's currency; None if the item has no price) and `available_qty` (in `stock_uom`), sorted by
		`item_name` and `item_code`; all of them, or the requested page.
	:raises NotFound: unknown warehouse, price list or item (404).
	:raises RuleViolated: a group or disabled warehouse, a disabled or buying price list (417).
	"""
	terms = terms_of(warehouse, price_list)
	page = _page(limit_start, limit_page_length, after)
	return _listed(items.items_in_warehouse(terms, page), page)


@endpoint("GET")
def search_items(
	query: SearchText,
	warehouse: DocumentName | None = None,
	price_list: DocumentName | None = None,
	after: DocumentName | None = None,
	after_warehouse: DocumentName | None = None,
	limit_start: Offset | None = None,
	limit_page_length: PageLength | None = None,
) -> list[dict] | LongList:
	"""Finds items in stock whose name or description contains a text. Contract: "search_items".

	:param query: the text, taken literally; upper and lower case are the same.
	:param warehouse: searches this warehouse only; default: all active warehouses, with a row for each one
		that holds stock.
	:param price_list: default: the price list of Selling Settings.
	:param after: the `item_code` of the last row of the page before: the list goes on after it.
	:param after_warehouse: the `warehouse` of that row. A search of all warehouses needs it.
	:returns: rows as in `items_in_warehouse`, with `warehouse` added, by which rows of one item are sorted.
	:raises InvalidInput: `after` without the warehouse of the last row (400).
	:raises NotFound: unknown warehouse, price list or item (404).
	:raises RuleViolated: a group or disabled warehouse, a disabled or buying price list (417).
	"""
	if after and not (warehouse or after_warehouse):
		raise InvalidInput(
			_("Parameter after_warehouse is missing: the warehouse of the row that after names.")
		)
	terms = terms_of(warehouse, price_list)
	page = _page(limit_start, limit_page_length, after, after_warehouse)
	return _listed(items.search_items(query, terms, page), page)


def _page(
	limit_start: int | None,
	limit_page_length: int | None,
	after: str | None,
	after_warehouse: str | None = None,
) -> PageRequest | None:
	requested = page_of(limit_start, limit_page_length, after)
	return PageRequest(requested[1], requested[0], after, after_warehouse) if requested else None


def _listed(rows: Iterable[dict], page: PageRequest | None) -> list[dict] | LongList:
	return list(rows) if page else LongList(rows)
