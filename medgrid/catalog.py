"""RPC: warehouses, their stock, and item search. Contract: "list_warehouses" to "search_items".

Any signed-in user may call them. Portal customers have no permissions on ERPNext's documents, so nothing
below checks document permissions.
"""

from medgrid.api.endpoint import endpoint
from medgrid.api.paging import page_of
from medgrid.api.parameters import DocumentName, Offset, PageLength, SearchText
from medgrid.stock import items, prices, warehouses


@endpoint("GET")
def list_warehouses(
	limit_start: Offset | None = None, limit_page_length: PageLength | None = None
) -> list[dict]:
	"""Lists all active warehouses that are not groups, sorted by name. Contract: "list_warehouses".

	:returns: rows of `name`, `warehouse_name`, `company`; all of them, or the requested page.
	"""
	return warehouses.active_warehouses(page_of(limit_start, limit_page_length))


@endpoint("GET")
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
	limit_start: Offset | None = None,
	limit_page_length: PageLength | None = None,
) -> list[dict]:
	"""Lists the items in stock in a warehouse, with their prices. Contract: "items_in_warehouse".

	:param warehouse: a name from `list_warehouses`.
	:param price_list: default: the price list of Selling Settings.
	:returns: rows of `item_code`, `item_name`, `description` (HTML as stored), `stock_uom`, `rate` (in the
		price list's currency; None if the item has no price) and `available_qty` (in `stock_uom`).
	:raises NotFound: unknown warehouse or price list (404).
	:raises RuleViolated: a group or disabled warehouse, a disabled or buying price list (417).
	"""
	warehouses.check_active(warehouse)
	price_list = prices.chosen_price_list(price_list)
	return items.items_in_warehouse(warehouse, price_list, page_of(limit_start, limit_page_length))


@endpoint("GET")
def search_items(
	query: SearchText,
	warehouse: DocumentName | None = None,
	price_list: DocumentName | None = None,
	limit_start: Offset | None = None,
	limit_page_length: PageLength | None = None,
) -> list[dict]:
	"""Finds items in stock whose name or description contains a text. Contract: "search_items".

	:param query: the text, taken literally; upper and lower case are the same.
	:param warehouse: searches this warehouse only; default: all active warehouses, with a row for each one
		that holds stock.
	:param price_list: default: the price list of Selling Settings.
	:returns: rows as in `items_in_warehouse`, with `warehouse` added.
	:raises NotFound: unknown warehouse or price list (404).
	:raises RuleViolated: a group or disabled warehouse, a disabled or buying price list (417).
	"""
	if warehouse:
		warehouses.check_active(warehouse)
	price_list = prices.chosen_price_list(price_list)
	return items.search_items(query, warehouse, price_list, page_of(limit_start, limit_page_length))
