"""Which of a Sales Order's rows go to Exoceuticals. Pure.

Contract: "sync_to_exoceuticals" (`line_items`, "Prerequisites").
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from medgrid.orders.lines import OrderLine, open_lines
from medgrid.orders.problems import OrderProblem


@dataclass(eq=False)
class UnknownRows(OrderProblem):
	"""
	:param rows: the names that are none of the order's rows; empty: no row was named at all.
	"""

	rows: tuple[str, ...]


@dataclass(eq=False)
class NoVariant(OrderProblem):
	"""Items that Exoceuticals does not sell, or that were not linked yet."""

	items: tuple[str, ...]


@dataclass(eq=False)
class RowDelivered(OrderProblem):
	"""
	:param row: its number in the order, from 1.
	"""

	row: int
	item: str


@dataclass(eq=False)
class AllDelivered(OrderProblem):
	"""Of what Exoceuticals sells, nothing is left to send."""


@dataclass(frozen=True)
class Selection:
	"""
	:param variants: Item -> GID of its variant, of all `lines`.
	:param left_out: the Items whose rows do not go, because Exoceuticals does not sell them.
	"""

	lines: list[OrderLine]
	variants: Mapping[str, str]
	left_out: list[str]


def select(
	lines: Sequence[OrderLine], variants: Mapping[str, str], rows: Collection[str] | None
) -> Selection:
	"""
	:param lines: all rows of the order.
	:param variants: Item -> GID of its variant, of the Items that Exoceuticals sells.
	:param rows: names of rows; None: all that can go.
	:raises UnknownRows: one of the names is no row of the order, or there is none.
	:raises NoVariant: a row that was named cannot go, or none can.
	:raises RowDelivered: a row that was named is delivered.
	:raises AllDelivered: whatever could go is delivered.
	"""
	wanted = list(lines) if rows is None else _named(lines, rows)
	sold = [line for line in wanted if line.item in variants]
	not_sold = tuple(dict.fromkeys(line.item for line in wanted if line.item not in variants))
	to_send = open_lines(sold)
	if not sold or (not_sold and rows is not None):
		raise NoVariant(not_sold)
	if rows is not None and len(to_send) < len(sold):
		delivered = next(line for line in sold if not line.is_open)
		raise RowDelivered(delivered.number, delivered.item)
	if not to_send:
		raise AllDelivered()
	return Selection(to_send, variants, list(not_sold))


def _named(lines: Sequence[OrderLine], rows: Collection[str]) -> list[OrderLine]:
	known = {line.row for line in lines}
	unknown = tuple(name for name in rows if name not in known)
	if unknown or not rows:
		raise UnknownRows(unknown)
	return [line for line in lines if line.row in rows]
