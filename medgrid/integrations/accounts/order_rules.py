"""The rule that says which of a vendor's orders go to which of its ShipStation accounts; see
`shipstation.due.routing`."""

from functools import partial

import frappe
from frappe import _

from medgrid.core.transactions import in_transaction, locked_row
from medgrid.exceptions import InvalidInput
from medgrid.integrations import jobs
from medgrid.integrations.accounts import rule_choices
from medgrid.integrations.accounts.rule_choices import Part
from medgrid.integrations.connections import records
from medgrid.integrations.connections.actions import record_action
from medgrid.integrations.connections.fields import DOCTYPE
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shipstation.due.routing import KINDS, RULE, values_of

NAMES = {doctype: kind for kind, doctype in KINDS.items()}


def words() -> dict[str, str]:
	"""The words for KINDS."""
	return {"warehouse": _("Warehouse"), "brand": _("Brand"), "item_group": _("Item Group")}


def rule_of(connection: str) -> list[dict[str, str]]:
	"""The rule of a connection: for each of its parts `kind` and `value`."""
	values = values_of([connection]).get(connection, {})
	return [{"kind": NAMES[kind], "value": name} for kind, names in values.items() for name in names]


def save(user: str, account_name: str | None, rule: list[Part]) -> None:
	"""Replaces the rule of one of a vendor's ShipStation accounts, and queues their syncs. Commits.

	:param user: who does it for their Supplier.
	:param account_name: None: the first account.
	:param rule: empty: the account has none.
	:raises InvalidInput: a part of it can be in no rule of the vendor's, and is not in this one already.
	:raises RuleViolated: it is not connected.
	"""
	connection = records.require(user, REGISTRY["shipstation"], account_name)
	supplier = connection.supplier or ""
	parts = list(dict.fromkeys(rule))
	new = set(parts) - {(part["kind"], part["value"]) for part in rule_of(connection.name)}
	for kind, value in rule_choices.unknown(supplier, new):
		# The same for what belongs to others' items and for what does not exist.
		raise InvalidInput(_("Your rule cannot name this: {0} {1}.").format(words()[kind], value))
	if in_transaction(partial(_save, connection.name, user, parts)):
		jobs.sync_soon("shipstation", supplier)


def _save(name: str, user: str, parts: list[Part]) -> bool:
	"""
	:returns: whether the rule has changed.
	"""
	locked_row(DOCTYPE, name, ["name"])
	if [(part["kind"], part["value"]) for part in rule_of(name)] == parts:
		return False
	frappe.db.delete(RULE, {"parent": name, "parenttype": DOCTYPE})
	of_connection = {"parent": name, "parenttype": DOCTYPE, "parentfield": "rules"}
	for number, (kind, value) in enumerate(parts, 1):
		row = {"doctype": RULE, **of_connection, "idx": number, "kind": KINDS[kind], "value": value}
		frappe.get_doc(row).db_insert()
	written = ", ".join(f"{KINDS[kind]} {value}" for kind, value in parts) or _("none")
	record_action(name, user, _("{0} has set which orders go here: {1}.").format(user, written))
	return True
