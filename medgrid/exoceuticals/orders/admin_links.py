"""Where people find an order in Shopify's Admin.

Desk cannot make the address itself: salespeople may not read the shop's domain in System Settings.
"""

import frappe

from medgrid.clients.shopify.domains import SUFFIX
from medgrid.clients.shopify.gid import is_gid, number_of
from medgrid.exoceuticals import settings
from medgrid.exoceuticals.fulfillment import poll
from medgrid.exoceuticals.fulfillment.changes import DOCTYPE, ORDER_ID

ADMIN = "https://admin.shopify.com/store"


def order_url(sales_order: str) -> str:
	"""
	:param sales_order: the name of one that exists.
	:raises RuleViolated: it was never sent, or there is no store in System Settings.
	"""
	order_id = frappe.db.get_value(DOCTYPE, sales_order, ORDER_ID)
	if not is_gid("Order", order_id):
		raise poll.not_sent(sales_order)
	return admin_order_url(settings.load().shop(), order_id)


def admin_order_url(shop_domain: str, order_id: str) -> str:
	"""
	:param shop_domain: in lower case, with `.myshopify.com`.
	:param order_id: the GID.
	"""
	return f"{ADMIN}/{shop_domain.removesuffix(SUFFIX)}/orders/{number_of(order_id)}"
