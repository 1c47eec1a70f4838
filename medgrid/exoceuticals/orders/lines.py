"""Selects the rows of a Sales Order that go to Exoceuticals. Pure.

Contract: "sync_to_exoceuticals" (`line_items`, "Prerequisites").
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from medgrid.orders.lines import OrderLine, open_lines
from medgrid.orders.problems import OrderProblem


@dataclass(eq=False)
class UnknownRows(OrderProblem):
	"""Rows were named that the order does not have.

	:param rows: their names; empty: an empty list of rows was given.
	"""

	rows: tuple[str, ...]


@dataclass(eq=False)
class NoVariant(OrderProblem):
	"""Exoceuticals does not sell the items, or they are not linked yet."""

	items: tuple[str, ...]


@dataclass(eq=False)
class RowDelivered(OrderProblem):
	"""A named row is delivered completely.

	:param row: the row's number in the order, from 1.
	"""

	row: int
	item: str


@dataclass(eq=False)
class AllDelivered(OrderProblem):
	"""All rows whose Items Exoceuticals sells are delivered."""


@dataclass(eq=False)
class NothingOrdered(OrderProblem):
	"""The quantity of a row is zero.

	:param row: the row's number in the order, from 1.
	"""

	row: int
	item: str


@dataclass(frozen=True)
class SelectedLines:
	"""The rows to send.

	:param variants: Item -> GID of its variant, for all `lines`.
	:param left_out: the Items whose rows are not sent, because Exoceuticals does not sell them.
	"""

	lines: list[OrderLine]
	variants: Mapping[str, str]
	left_out: list[str]


def select(
	lines: Sequence[OrderLine], variants: Mapping[str, str], rows: Collection[str] | None
) -> SelectedLines:
	"""Selects the rows to send.

	:param lines: all rows of the order.
	:param variants: Item -> GID of its variant, for the Items that Exoceuticals sells.
	:param rows: the names of the rows to send; None: all whose Item Exoceuticals sells.
	:raises UnknownRows: `rows` is empty or names a row that the order does not have.
	:raises NoVariant: the Item of a named row has no variant, or no row's Item has one.
	:raises NothingOrdered: the quantity of a named row is zero, or of all rows whose Items have variants.
	:raises RowDelivered: a named row is delivered.
	:raises AllDelivered: all rows whose Items have variants are delivered.
	"""
	wanted = list(lines) if rows is None else _named(lines, rows)
	sold = [line for line in wanted if line.item in variants]
	not_sold = tuple(dict.fromkeys(line.item for line in wanted if line.item not in variants))
	to_send = open_lines(sold)
	if not sold or (not_sold and rows is not None):
		raise NoVariant(not_sold)
	if rows is not None and len(to_send) < len(sold):
		raise _not_open(next(line for line in sold if not line.is_open))
	if not to_send:
		raise AllDelivered() if any(line.ordered > 0 for line in sold) else _not_open(sold[0])
	return SelectedLines(to_send, variants, list(not_sold))


def _not_open(line: OrderLine) -> OrderProblem:
	kind = RowDelivered if line.ordered > 0 else NothingOrdered
	return kind(line.number, line.item)


def _named(lines: Sequence[OrderLine], rows: Collection[str]) -> list[OrderLine]:
	known = {line.row for line in lines}
	unknown = tuple(name for name in rows if name not in known)
	if unknown or not rows:
		raise UnknownRows(unknown)
	return [line for line in lines if line.row in rows]
