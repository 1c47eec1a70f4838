"""RPC: which orders go to which of a vendor's ShipStation accounts, and into which store there.

Every function works on the accounts of the caller's own Supplier; no parameter can select another vendor's.
"""

from typing import Annotated

import frappe
from pydantic import BeforeValidator, Field, StringConstraints

from medgrid.api.endpoint import endpoint
from medgrid.api.errors import raise_if_too_early
from medgrid.api.parameters import AccountName, RulePart, SearchText, json_list
from medgrid.http_client.errors import IntegrationError
from medgrid.integrations.accounts import order_rules, rule_choices, stores
from medgrid.integrations.suppliers import supplier_of
from medgrid.services.failure_texts import failure_text

# More than a vendor's accounts can sensibly be told apart by.
MAX_PARTS = 100
StoreId = Annotated[
	str,
	BeforeValidator(lambda value: str(value) if isinstance(value, int) else value),
	StringConstraints(strip_whitespace=True, min_length=1, max_length=19),
]


Rule = Annotated[list[RulePart], BeforeValidator(json_list), Field(max_length=MAX_PARTS)]


@endpoint("GET", vendors=True)
def list_order_rule_choices(query: SearchText | None = None) -> dict:
	"""Lists what the rule of a ShipStation account can name: at most 50 names of each kind.

	:param query: only names that contain it, of all warehouses; not given: the warehouses of the caller's own
		orders and items.
	:returns: `choices`: `warehouse`, `brand`, `item_group`, each a list of names; brands and item groups are
		those of the caller's own items. `more`: whether there are others, which a search finds.
	:raises InvalidInput: a parameter is wrong (400).
	:raises RuleViolated: the caller belongs to no Supplier (417).
	"""
	found = rule_choices.offered(supplier_of(frappe.session.user), query)
	return {"choices": found.of_kinds, "more": found.is_more}


@endpoint("POST", vendors=True)
def save_order_rule(rule: Rule, account: AccountName | None = None) -> dict:
	"""Says which orders go to one of the caller's ShipStation accounts. An order goes whole to the first
	account whose rule matches one of its rows; what no rule matches, to the first account without a rule.
	Orders that are sent stay where they are.

	:param rule: the whole rule, a list of `kind` (`warehouse`, `brand` or `item_group`) and `value`; empty:
		the account has none.
	:param account: the name of one of several accounts; None: the first.
	:returns: `ok`.
	:raises InvalidInput: `rule` is wrong, or names what no rule of the caller's can have (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	"""
	order_rules.save(frappe.session.user, account, [(part.kind, part.value) for part in rule])
	return {"ok": True}


@endpoint("GET", vendors=True)
def list_shipstation_stores(account: AccountName | None = None) -> dict:
	"""Lists the stores of one of the caller's ShipStation accounts, as ShipStation says now.

	:param account: the name of one of several accounts; None: the first.
	:returns: `ok`, `stores` (`id`, `name`, `marketplace`) and `chosen`, the `id` of the store that gets the
		orders, or None; if ShipStation did not answer, `ok` (False) and `error`.
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: ShipStation's rate limit is reached for longer than a caller waits; or the caller
		has another request to another system under way (429).
	"""
	try:
		return {"ok": True, **stores.list_stores(frappe.session.user, account)}
	except IntegrationError as error:
		raise_if_too_early(error)
		return {"ok": False, "error": failure_text(error)}


@endpoint("POST", vendors=True)
def choose_shipstation_store(store: StoreId | None = None, account: AccountName | None = None) -> dict:
	"""Chooses the store in ShipStation that gets the orders of one of the caller's accounts from now on.

	:param store: an `id` of `list_shipstation_stores`; None: ShipStation's own default.
	:param account: the name of one of several accounts; None: the first.
	:returns: `ok` and `store`, its name or None; if ShipStation did not answer, `ok` (False) and `error`.
	:raises InvalidInput: the account has no such store (400).
	:raises RuleViolated: not connected, or the caller belongs to no Supplier (417).
	:raises TooManyRequests: see `list_shipstation_stores` (429).
	"""
	try:
		return {"ok": True, "store": stores.choose(frappe.session.user, account, store)}
	except IntegrationError as error:
		raise_if_too_early(error)
		return {"ok": False, "error": failure_text(error)}
