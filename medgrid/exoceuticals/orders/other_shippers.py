"""The rows of a Sales Order that Exoceuticals does not ship, because a vendor does, or nobody."""

from collections.abc import Collection, Sequence

from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.exoceuticals.orders.order_records import DOCTYPE
from medgrid.orders.lines import OrderLine, open_lines
from medgrid.orders.shippers import (
	Preference,
	is_drop_shipped,
	is_without_delivery,
	preference,
	rows_to_ship,
	shippers_of,
)
from medgrid.outbox.rows import Sent, held_by_others, others_can_send_to, sent_to_others


class NothingToSend(RuleViolated):
	"""Nothing of the Sales Order is left for Exoceuticals to ship."""


def lines_for_store(
	document, lines: Sequence[OrderLine], sold: Collection[str], rows: Collection[str] | None
) -> list[OrderLine]:
	"""Returns the lines of a Sales Order without those that others ship.

	:param document: a Sales Order document, locked.
	:param lines: all its lines.
	:param sold: the Items that Exoceuticals sells.
	:param rows: the names of the rows that the caller wants to send; None: all that Exoceuticals sells.
	:raises NothingToSend: all lines that Exoceuticals sells are shipped by somebody else, or nothing is.
	:raises RuleViolated: one of `rows` is shipped by somebody else; or a vendor has a row of an order that
		this one amends, and has not cancelled it.
	"""
	if document.get("skip_delivery_note"):
		sentence = _("{0} is an order without delivery (Skip Delivery Note). There is nothing to send.")
		raise NothingToSend(sentence.format(document.name))
	if is_without_delivery(document):
		sentence = _("{0} is a maintenance order: the customer has its goods. There is nothing to send.")
		raise NothingToSend(sentence.format(document.name))
	others, held = _others(document), held_by_others(DOCTYPE, document)
	for line in lines:
		if rows is not None and line.row in rows and line.row in others:
			sentence = _("Row {0} ({1}) is shipped by {2}. Leave it out, then send the order.")
			raise RuleViolated(sentence.format(line.number, line.item, others[line.row]))
	left = [line for line in lines if line.row not in others]
	_check_held(held, [line for line in open_lines(left) if line.item in sold], rows)
	kept = [line for line in open_lines(lines) if line.row in others and line.item in sold]
	if rows is None and kept and not [line for line in open_lines(left) if line.item in sold]:
		names = ", ".join(sorted({others[line.row] for line in kept}))
		sentence = _("All open rows that Exoceuticals sells are shipped by {0}. There is nothing to send.")
		raise NothingToSend(sentence.format(names))
	return left


def shipped_by_others(document) -> dict[str, str]:
	"""The rows of a Sales Order that Exoceuticals does not ship.

	:returns: row -> who ships it, or may ship it for an order that this one amends, in words.
	"""
	others = _others(document)
	for sent in held_by_others(DOCTYPE, document):
		others |= dict.fromkeys(sent.rows, sent.supplier or _("a vendor"))
	return others


def _others(document) -> dict[str, str]:
	"""As `shipped_by_others`, without what vendors have of orders that this one amends."""
	others = {row.name: row.supplier for row in document.items if is_drop_shipped(row)}
	to_ship = {row.name for row in rows_to_ship(document)}
	others |= {row.name: _("nobody") for row in document.items if row.name not in to_ship}
	if preference() is Preference.VENDORS:
		shippers = shippers_of(document)
		connected = others_can_send_to(DOCTYPE, set(shippers.values()))
		others |= {row: supplier for row, supplier in shippers.items() if supplier in connected}
	for sent in sent_to_others(DOCTYPE, document):
		others |= dict.fromkeys(sent.rows, sent.supplier or _("a vendor"))
	return others


def _check_held(held: Sequence[Sent], lines: Sequence[OrderLine], rows: Collection[str] | None) -> None:
	"""Checks that no vendor may ship a line for an order that the Sales Order amends. What a vendor has
	shipped, the Sales Order takes over; what is cancelled there, Exoceuticals gets.

	:raises RuleViolated: a vendor has one.
	"""
	for sent in held:
		for line in lines:
			if line.row in sent.rows and (rows is None or line.row in rows):
				sentence = _(
					"Row {0} ({1}) may be shipped by {2}, who has it in ShipStation as a row of {3}, which"
					" this Sales Order amends. Send the order when {3} is cancelled there, or leave the row"
					" out."
				)
				vendor = sent.supplier or _("a vendor")
				raise RuleViolated(sentence.format(line.number, line.item, vendor, sent.original))
