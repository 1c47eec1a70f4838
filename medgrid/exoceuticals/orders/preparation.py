"""Prepares a Sales Order for Exoceuticals: the rows to send and the payload, or why it cannot be sent."""

from collections.abc import Collection
from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.clients.shopify.order_inputs import OrderCreateVariables
from medgrid.exceptions import InvalidInput, RuleViolated
from medgrid.exoceuticals.orders.lines import (
	AllDelivered,
	NothingOrdered,
	NoVariant,
	RowDelivered,
	UnknownRows,
	select,
)
from medgrid.exoceuticals.orders.other_shippers import NothingToSend, lines_for_store
from medgrid.exoceuticals.orders.payload import content_for, order_variables
from medgrid.orders import reader
from medgrid.orders.content import Content
from medgrid.orders.problems import OrderProblem
from medgrid.orders.sentences import what_is_wrong
from medgrid.orders.shippers import VARIANT


@dataclass(frozen=True)
class Prepared:
	"""A Sales Order that is ready to be sent.

	:param variables: the variables of orderCreate.
	:param rows: the names of the rows that are sent.
	:param left_out: the Items whose rows are not sent, because Exoceuticals does not sell them.
	:param known: the names of all rows of the Sales Order.
	:param content: what the order says, to compare later changes with.
	"""

	variables: OrderCreateVariables
	rows: list[str]
	left_out: list[str]
	known: list[str]
	content: Content


def prepare(document, rows: Collection[str] | None, tag: str, *, with_taxes: bool) -> Prepared:
	"""Selects the rows of a Sales Order and builds the payload.

	:param document: a Sales Order document.
	:param rows: the names of the rows to send; None: all that Exoceuticals sells.
	:param tag: the tag of the order in Shopify.
	:param with_taxes: whether the taxes of the rows go with them.
	:raises InvalidInput: `rows` is empty or names a row that the order does not have (400).
	:raises RuleViolated: the order cannot be sent as it is; the message is for the user who sends it (417).
	"""
	# Contract: "Sales Order must have a valid shipping address".
	order = reader.read(document, ships_to_customer_address=False)
	try:
		variants = variants_of({line.item for line in order.lines})
		lines = lines_for_store(document, order.lines, variants, rows)
		selection = select(lines, variants, rows)
		rows_to_send = [line.row for line in selection.lines]
		variables = order_variables(order, selection, tag, with_taxes=with_taxes)
		known = [line.row for line in order.lines]
		content = content_for(order, selection.lines)
		return Prepared(variables, rows_to_send, selection.left_out, known, content)
	except OrderProblem as error:
		problem = error
	if isinstance(problem, UnknownRows):
		raise InvalidInput(_unknown_rows(order.name, problem.rows))
	kind = NothingToSend if isinstance(problem, AllDelivered) else RuleViolated
	raise kind(_sentence(problem))


def items_not_sold(document) -> list[str]:
	"""Returns the Items of a Sales Order document that Exoceuticals does not sell."""
	items = list(dict.fromkeys(row.item_code for row in document.items))
	sold = variants_of(items)
	return [item for item in items if item not in sold]


def variants_of(items: Collection[str]) -> dict[str, str]:
	"""Item -> the GID of its variant, for the Items that Exoceuticals sells."""
	filters = {"name": ("in", list(items)), VARIANT: ("is", "set")}
	rows = frappe.get_all("Item", filters=filters, fields=["name", VARIANT])
	return {row.name: row[VARIANT] for row in rows}


def _unknown_rows(sales_order: str, rows: Collection[str]) -> str:
	if not rows:
		return _("Parameter line_items is an empty list. Name rows of {0}, or omit the parameter.").format(
			sales_order
		)
	sentence = _("Parameter line_items must name rows of {0}. It has no row {1}. Correct the list.")
	return sentence.format(sales_order, ", ".join(rows))


def _sentence(problem: OrderProblem) -> str:
	match problem:
		case NoVariant():
			sentence = _("These Items have no Shopify variant: {0}. Run sync_catalog, then send the order.")
			return sentence.format(", ".join(problem.items))
		case RowDelivered():
			sentence = _("Row {0} ({1}) is delivered already. Leave it out, then send the order.")
			return sentence.format(problem.row, problem.item)
		case NothingOrdered():
			sentence = _("The quantity of row {0} ({1}) is 0. There is nothing to send.")
			return sentence.format(problem.row, problem.item)
		case AllDelivered():
			return _("All rows that Exoceuticals sells are delivered already. There is nothing to send.")
	return _("{0} Correct it, then send the order again.").format(what_is_wrong(problem, "Shopify"))
