"""`/portal/catalog`: warehouses in priority order, their items in stock, and search.

Contract: "list_warehouses_ordered", "items_in_warehouse", "search_items".
"""

import frappe
from frappe import _

from medgrid.portal import texts
from medgrid.portal.page import prepare
from medgrid.stock.prices import chosen_price_list
from medgrid.stock.warehouses import warehouses_in_priority_order

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("Catalog"), module="catalog.js", extra_texts=texts.catalog())
	context.warehouses = warehouses_in_priority_order()
	price_list = chosen_price_list(None)
	# Without a price list there are no rates and no currency.
	context.currency = frappe.db.get_value("Price List", price_list, "currency") if price_list else None
