"""The rows of a Sales Order that Exoceuticals does not ship, because a vendor does, or nobody."""

from collections.abc import Collection, Sequence

from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.orders.lines import OrderLine, open_lines
from medgrid.orders.shippers import Preference, is_drop_shipped, preference, rows_to_ship, shippers_of
from medgrid.outbox.rows import held_by_vendors
from medgrid.outbox.vendors import with_shipstation


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
	:raises RuleViolated: one of `rows` is shipped by somebody else.
	"""
	if document.get("skip_delivery_note"):
		sentence = _("{0} is an order without delivery (Skip Delivery Note). There is nothing to send.")
		raise NothingToSend(sentence.format(document.name))
	others = shipped_by_others(document)
	for line in lines:
		if rows is not None and line.row in rows and line.row in others:
			sentence = _("Row {0} ({1}) is shipped by {2}. Leave it out, then send the order.")
			raise RuleViolated(sentence.format(line.number, line.item, others[line.row]))
	left = [line for line in lines if line.row not in others]
	kept = [line for line in open_lines(lines) if line.row in others and line.item in sold]
	if rows is None and kept and not [line for line in open_lines(left) if line.item in sold]:
		names = ", ".join(sorted({others[line.row] for line in kept}))
		sentence = _("All open rows that Exoceuticals sells are shipped by {0}. There is nothing to send.")
		raise NothingToSend(sentence.format(names))
	return left


def shipped_by_others(document) -> dict[str, str]:
	"""The rows of a Sales Order that Exoceuticals does not ship.

	:returns: row -> who ships it, in words.
	"""
	others = {row.name: row.supplier for row in document.items if is_drop_shipped(row)}
	to_ship = {row.name for row in rows_to_ship(document)}
	others |= {row.name: _("nobody") for row in document.items if row.name not in to_ship}
	if preference() is Preference.VENDORS:
		shippers = shippers_of(document)
		connected = with_shipstation(set(shippers.values()))
		others |= {row: supplier for row, supplier in shippers.items() if supplier in connected}
	for sent in held_by_vendors(document):
		others |= dict.fromkeys(sent.rows, sent.supplier or _("a vendor"))
	return others
