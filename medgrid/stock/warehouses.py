"""The warehouses whose stock customers and sales reps may see."""

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import Order

from medgrid.exceptions import NotFound, RuleViolated


def active_warehouses(page: tuple[int, int] | None = None) -> list[dict]:
	"""All warehouses that are neither disabled nor groups, sorted by name.

	:param page: (offset, rows); None: all.
	:returns: rows of `name`, `warehouse_name`, `company`.
	"""
	warehouse = frappe.qb.DocType("Warehouse")
	query = (
		frappe.qb.from_(warehouse)
		.select(warehouse.name, warehouse.warehouse_name, warehouse.company)
		.where((warehouse.disabled == 0) & (warehouse.is_group == 0))
		.orderby(warehouse.name)
	)
	if page:
		query = query.offset(page[0]).limit(page[1])
	return query.run(as_dict=True)


def warehouses_in_priority_order() -> list[str]:
	"""The names of all active warehouses: first those in the priority list of Medgrid Settings, in its order,
	then the others alphabetically. Entries of the list that are no longer active are left out."""
	active = [row["name"] for row in active_warehouses()]
	priority = frappe.qb.DocType("Medgrid Warehouse Priority")
	preferred = (
		frappe.qb.from_(priority)
		.select(priority.warehouse)
		.where(priority.parent == "Medgrid Settings")
		.orderby(priority.idx, order=Order.asc)
		.run(pluck=True)
	)
	return in_priority_order(active, preferred)


def in_priority_order(active: list[str], preferred: list[str]) -> list[str]:
	"""`active` with those in `preferred` moved to the front, in the order of `preferred`."""
	remaining = dict.fromkeys(active)
	first = [name for name in dict.fromkeys(preferred) if name in remaining]
	return first + [name for name in active if name not in set(first)]


def check_orderable(name: str, facts: Mapping[str, Any] | None) -> None:
	"""Checks that what is in a warehouse can be ordered.

	:param facts: its `is_group` and `disabled`; None: there is no such warehouse.
	:raises NotFound: there is no such warehouse.
	:raises RuleViolated: it is a group or disabled.
	"""
	if not facts:
		raise NotFound(_("Warehouse {0} does not exist.").format(name))
	if facts["is_group"]:
		raise RuleViolated(_("Warehouse {0} is a group. Choose one of its warehouses.").format(name))
	if facts["disabled"]:
		raise RuleViolated(_("Warehouse {0} is disabled.").format(name))
