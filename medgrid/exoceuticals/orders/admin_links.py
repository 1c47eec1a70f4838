"""URLs of orders in Shopify's Admin.

Desk cannot build them itself: salespeople may not read the shop's domain in System Settings.
"""

import frappe

from medgrid.clients.shopify.domains import SUFFIX
from medgrid.clients.shopify.gid import is_gid, number_of
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.fulfillment import poll
from medgrid.exoceuticals.fulfillment.changes import DOCTYPE, ORDER_ID

ADMIN = "https://admin.shopify.com/store"


def order_url(sales_order: str) -> str:
	"""Returns the URL of a Sales Order's order in Shopify's Admin.

	:param sales_order: the name of an existing Sales Order.
	:raises RuleViolated: it was never sent, or System Settings has no store.
	"""
	order_id = frappe.db.get_value(DOCTYPE, sales_order, ORDER_ID)
	if not is_gid("Order", order_id):
		raise poll.not_sent(sales_order)
	return admin_order_url(settings.load().shop(), order_id)


def admin_order_url(shop_domain: str, order_id: str) -> str:
	"""Builds the URL of an order in Shopify's Admin.

	:param shop_domain: in lower case, with `.myshopify.com`.
	:param order_id: the order's GID.
	"""
	return f"{ADMIN}/{shop_domain.removesuffix(SUFFIX)}/orders/{number_of(order_id)}"
