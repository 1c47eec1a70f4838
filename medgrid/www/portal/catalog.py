"""`/portal/catalog`: warehouses in priority order, their items in stock, and search.

Contract: "list_warehouses_ordered", "items_in_warehouse", "search_items".
"""

from frappe import _

from medgrid.portal import texts
from medgrid.portal.page import prepare
from medgrid.stock.terms import default_currency
from medgrid.stock.warehouses import warehouses_in_priority_order

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("Catalog"), module="catalog.js", extra_texts=texts.catalog())
	names = warehouses_in_priority_order()
	context.warehouses = [*((name, name) for name in names), ("", _("All warehouses (search only)"))]
	context.currency = default_currency()
