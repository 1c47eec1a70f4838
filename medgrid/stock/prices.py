"""Chooses the price list that applies, and an item's current price in it."""

import frappe
from frappe import _
from frappe.query_builder import Order
from frappe.query_builder.functions import Coalesce
from frappe.utils import today
from pypika import Table
from pypika.queries import QueryBuilder

from medgrid.exceptions import NotFound, RuleViolated


def chosen_price_list(price_list: str | None) -> str | None:
	"""The price list to use: the requested one, else the default of Selling Settings, else None.

	:raises NotFound: there is no such price list.
	:raises RuleViolated: it is disabled, or not one for selling.
	"""
	if not price_list:
		return frappe.db.get_single_value("Selling Settings", "selling_price_list") or None
	facts = frappe.db.get_value("Price List", price_list, ["enabled", "selling"], as_dict=True)
	if not facts:
		raise NotFound(_("Price List {0} does not exist.").format(price_list))
	if not facts.enabled:
		raise RuleViolated(_("Price List {0} is disabled.").format(price_list))
	if not facts.selling:
		raise RuleViolated(_("Price List {0} is not for selling.").format(price_list))
	return price_list


def current_rate(item: Table, price_list: str) -> QueryBuilder:
	"""A subquery for an item's rate: the list's selling Item Price that is valid today, in the stock UOM, and
	not restricted to a customer or batch. If there are several, the one with the latest `valid_from`.

	:param item: the Item table of the outer query.
	"""
	price = frappe.qb.DocType("Item Price")
	day = today()
	return (
		frappe.qb.from_(price)
		.select(price.price_list_rate)
		.where((price.item_code == item.name) & (price.price_list == price_list) & (price.selling == 1))
		.where(price.valid_from.isnull() | (price.valid_from <= day))
		.where(price.valid_upto.isnull() | (price.valid_upto >= day))
		# ERPNext reads a price without a UOM as one in the stock UOM.
		.where(Coalesce(price.uom, "").isin(["", item.stock_uom]))
		.where((Coalesce(price.customer, "") == "") & (Coalesce(price.batch_no, "") == ""))
		.orderby(price.valid_from, order=Order.desc)
		.orderby(price.creation, order=Order.desc)
		.limit(1)
	)
