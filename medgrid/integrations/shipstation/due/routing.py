"""Chooses which of a vendor's ShipStation accounts gets an order.

Each of several accounts can have a rule that names warehouses, brands and item groups. The whole order goes
to the first account, in the order in which they were connected, whose rule matches one of the vendor's open
rows. An order that no rule matches goes to the first account without a rule; if each has one, to the first
account. A rule that names a group matches the groups below it, too.

Accounts that are not connected are ignored: the rules of the others decide about their orders.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import frappe
from frappe.query_builder import Criterion
from pypika.terms import ExistsCriterion, ValueWrapper

from medgrid.orders.shippers import has_left, is_default_of, is_shipped_by

CONNECTION, RULE = "Vendor Connection", "Vendor Connection Rule"
# Kind, as the vendor's programs name it -> the DocType of its values.
KINDS = {"warehouse": "Warehouse", "brand": "Brand", "item_group": "Item Group"}
TREES = ("Warehouse", "Item Group")

# Kind (a DocType) -> names of its documents.
Values = Mapping[str, Iterable[str]]


class Takes(Enum):
	"""Which orders an account gets."""

	ALL = "all"
	# Those that its rule matches.
	MATCHING = "matching"
	# Those, and all that no account's rule matches.
	MATCHING_AND_REST = "matching_and_rest"
	# All that no account's rule matches.
	REST = "rest"
	NOTHING = "nothing"


@dataclass(frozen=True)
class RoutedAccount:
	"""A connected account; `values` is empty if it has no rule."""

	connection: str
	values: Values


def takes(supplier: str) -> dict[str, Takes]:
	"""Which orders each connected account of a vendor gets, by the name of the Vendor Connection."""
	accounts = _accounts(supplier)
	if len(accounts) == 1:
		return {accounts[0].connection: Takes.ALL}
	rest = _rest(accounts)
	return {each.connection: _takes(each, is_rest=each == rest) for each in accounts}


def _takes(account: RoutedAccount, *, is_rest: bool) -> Takes:
	if is_rest:
		return Takes.MATCHING_AND_REST if account.values else Takes.REST
	return Takes.MATCHING if account.values else Takes.NOTHING


def goes_to(supplier: str, connection: str, order: Any) -> Criterion | None:
	"""The condition that a waiting order of a vendor goes to an account; None: each does.

	:param connection: the name of the account's Vendor Connection.
	:param order: the query's Sales Order.
	"""
	accounts = _accounts(supplier)
	if len(accounts) < 2:
		return None
	with_rule = [each for each in accounts if each.values]
	own = next((each for each in accounts if each.connection == connection), None)
	conditions = []
	if own and own.values:
		matches = _matches(supplier, order, own.values)
		before = [each.values for each in with_rule[: with_rule.index(own)]]
		if before:
			matches &= _matches(supplier, order, *before).negate()
		conditions.append(matches)
	if own and own == _rest(accounts):
		every = [each.values for each in with_rule]
		conditions.append(_matches(supplier, order, *every).negate() if every else _ALWAYS)
	return Criterion.any(conditions) if conditions else _ALWAYS.negate()


_ALWAYS = ValueWrapper(1) == 1


def paused(supplier: str, sales_orders: list[str]) -> set[str]:
	"""Those of a vendor's waiting orders that go to an account that is paused."""
	filters = {"name": ("in", [each.connection for each in _accounts(supplier)]), "paused_at": ("is", "set")}
	order = frappe.qb.DocType("Sales Order")
	found: set[str] = set()
	for connection in frappe.get_all(CONNECTION, filters=filters, pluck="name"):
		query = frappe.qb.from_(order).select(order.name).where(order.name.isin(sales_orders))
		goes_here = goes_to(supplier, connection, order)
		found |= set((query if goes_here is None else query.where(goes_here)).run(pluck=True))
	return found


def _accounts(supplier: str) -> list[RoutedAccount]:
	"""A vendor's connected accounts, the oldest first."""
	filters = {"supplier": supplier, "integration": "shipstation", "status": ("!=", "not_connected")}
	names = frappe.get_all(CONNECTION, filters=filters, pluck="name", order_by="creation asc, name asc")
	rules = values_of(names) if len(names) > 1 else {}
	return [RoutedAccount(name, rules.get(name, {})) for name in names]


def _rest(accounts: list[RoutedAccount]) -> RoutedAccount | None:
	"""The account that gets what no rule matches."""
	return next((each for each in accounts if not each.values), accounts[0] if accounts else None)


def values_of(connections: list[str]) -> dict[str, dict[str, list[str]]]:
	"""Vendor Connection -> the values of its rule, by kind (a DocType). Connections without a rule are left
	out."""
	filters = {"parent": ("in", connections), "parenttype": CONNECTION}
	found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
	rows = frappe.get_all(RULE, filters=filters, fields=["parent", "kind", "value"], order_by="idx asc")
	for row in rows if connections else ():
		found[row.parent][row.kind].append(row.value)
	return found


def _matches(supplier: str, order: Any, *rules: Values) -> Criterion:
	"""The condition that one of a vendor's open rows of an order has a value of one of some rules."""
	line, item = frappe.qb.DocType("Sales Order Item"), frappe.qb.DocType("Item")
	default = frappe.qb.DocType("Item Default")
	# Joined once more: a join in a subquery must not name a table outside of it.
	same = frappe.qb.DocType("Sales Order").as_("routed")
	columns = {"Warehouse": line.warehouse, "Brand": item.brand, "Item Group": item.item_group}
	has_value = Criterion.any(
		columns[kind].isin(_with_descendants(kind, list(values)))
		for rule in rules
		for kind, values in rule.items()
	)
	rows = (
		frappe.qb.from_(same)
		.join(line)
		.on(line.parent == same.name)
		.join(item)
		.on(item.name == line.item_code)
		.left_join(default)
		.on(is_default_of(same, line, default))
		.select(line.name)
		.where((same.name == order.name) & has_left(line))
		.where(is_shipped_by(supplier, same, line, item, default) & has_value)
	)
	return ExistsCriterion(rows)


def _with_descendants(kind: str, names: list[str]) -> list[str]:
	if kind not in TREES:
		return names
	found = list(names)
	for row in frappe.get_all(kind, filters={"name": ("in", names)}, fields=["lft", "rgt"]):
		below = {"lft": (">", row.lft or 0), "rgt": ("<", row.rgt or 0)}
		found += frappe.get_all(kind, filters=below, pluck="name")
	return found
