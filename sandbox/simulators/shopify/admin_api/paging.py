"""Connections: a page of rows between two cursors, as Relay describes it.

Rows are sorted by their `number`, which is Shopify's default order (by id) for all connections that the
simulator has.
"""

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.simulators.shopify.errors import invalid

LARGEST_PAGE = 250


@dataclass(frozen=True)
class Edge:
	node: Any

	@property
	def cursor(self) -> str:
		return cursor_of(self.node)


@dataclass(frozen=True)
class Page:
	nodes: Sequence[Any]
	has_next_page: bool
	has_previous_page: bool

	@property
	def edges(self) -> list[Edge]:
		return [Edge(node) for node in self.nodes]

	@property
	def page_info(self) -> "Page":
		return self

	@property
	def start_cursor(self) -> str | None:
		return cursor_of(self.nodes[0]) if self.nodes else None

	@property
	def end_cursor(self) -> str | None:
		return cursor_of(self.nodes[-1]) if self.nodes else None


def page_of(
	rows: Sequence[Any],
	first: int | None = None,
	last: int | None = None,
	after: str | None = None,
	before: str | None = None,
	reverse: bool = False,
) -> Page:
	"""
	:raises ApiError: for a cursor that is none, and unless one of first and last is 1 to 250.
	"""
	size = _size(first, last)
	low, high = (before, after) if reverse else (after, before)
	start = bisect_right(rows, _number(low), key=_key) if low else 0
	stop = bisect_left(rows, _number(high), key=_key) if high else len(rows)
	stop = max(start, stop)
	# `first` takes from the beginning of what is shown, which is the end of the rows in reverse.
	if (first is not None) != reverse:
		begin, end = start, min(stop, start + size)
	else:
		begin, end = max(start, stop - size), stop
	nodes = list(rows[begin:end])
	return (
		Page(nodes[::-1], begin > 0, end < len(rows)) if reverse else Page(nodes, end < len(rows), begin > 0)
	)


def cursor_of(row: Any) -> str:
	content = {"last_id": row.number, "last_value": str(row.number)}
	return base64.b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def _size(first: int | None, last: int | None) -> int:
	if (first is None) == (last is None):
		raise invalid("you must provide one of first or last")
	size = first or last or 0
	if not 1 <= size <= LARGEST_PAGE:
		raise invalid(f"first and last go from 1 to {LARGEST_PAGE}, not {size}")
	return size


def _number(cursor: str) -> int:
	try:
		return int(json.loads(base64.b64decode(cursor, validate=True))["last_id"])
	except (ValueError, KeyError, TypeError):
		raise invalid(f"Invalid cursor for current pagination sort: {cursor}") from None


def _key(row: Any) -> int:
	return row.number
