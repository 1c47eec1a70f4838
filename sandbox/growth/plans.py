"""The statements that a call of MedGrid sends, each with its plan, the rows that it reads, and its time."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import frappe

APP = str(Path(__file__).resolve().parents[2] / "medgrid") + "/"
KINDS = ("select", "update", "delete")
# How EXPLAIN names the two ways of reading a whole table or a whole index.
SCANS = ("ALL", "index")
# A statement that stops after its LIMIT along an index reads no more than this share of the table.
SMALL_SHARE = 0.05
# What an index finds is no more than this share of a table.
LARGE_SHARE = 0.5
# Rows that are named one by one, as those of a chunk.
_BY_NAMES = re.compile(r"WHERE `name` IN \('[^()]*\)$", re.I)


@dataclass(frozen=True)
class Step:
	"""One table of a plan.

	:param kind: EXPLAIN's `type`, as `ref` or `ALL`.
	:param rows: how many the database expects to read for each row before.
	:param extra: what EXPLAIN says besides, as `Using index`.
	"""

	table: str
	kind: str
	key: str | None
	rows: int
	extra: str = ""

	@property
	def is_counted_along_an_index(self) -> bool:
		"""Whether the index alone has what is asked for, in its order."""
		return "Using index" in self.extra and not re.search("temporary|filesort", self.extra)


@dataclass
class Statement:
	"""One statement.

	:param examined: how many rows the database read, by its own counters.
	:param seconds: how long it took.
	"""

	text: str
	place: str
	steps: list[Step] = field(default_factory=list)
	examined: int = 0
	seconds: float = 0.0

	def scans(self, sizes: dict[str, int], *, deletes: bool = False) -> list[str]:
		"""The tables that grow of which it reads all rows, or a large share.

		:param sizes: table -> how many rows it has; others do not grow.
		:param deletes: it reads what it deletes, in chunks; then only the plan counts.
		"""
		if _BY_NAMES.search(self.text):
			return []
		growing = [step.table for step in self.steps if step.table in sizes]
		found = [
			step.table
			for step in self.steps
			if step.table in sizes and step.kind in SCANS and step.rows > SMALL_SHARE * sizes[step.table]
		]
		if not deletes and growing and self.examined > LARGE_SHARE * min(map(sizes.__getitem__, growing)):
			found += growing
		return sorted(set(found))


@contextmanager
def recorded(*, of_frappe: bool = False) -> Iterator[list[Statement]]:
	"""Records what MedGrid sends to the database within the block, explains it, and counts the rows.

	:param of_frappe: whether what Frappe sends by itself counts as well, as for a card.
	"""
	from frappe.database.database import Database

	found: list[Statement] = []
	run = Database.sql

	def sql(database: Any, query: Any, *arguments: Any, **options: Any) -> Any:
		place = _place() or ("Frappe" if of_frappe else None)
		if options.get("run") is False or not place or database is not frappe.local.db:
			return run(database, query, *arguments, **options)
		values = arguments[0] if arguments else options.get("values")
		text = _whole(database, str(query).strip(), values)
		if text[:6].lower() not in KINDS:
			return run(database, query, *arguments, **options)
		statement = Statement(text, place)
		found.append(statement)
		statement.steps = _explain(database, text)
		before = _examined(database)
		began = time.perf_counter()
		try:
			return run(database, query, *arguments, **options)
		finally:
			statement.seconds = time.perf_counter() - began
			if not options.get("as_iterator"):
				statement.examined = _examined(database) - before

	Database.sql = sql
	try:
		yield found
	finally:
		Database.sql = run


def statements_of(call: Callable[[], object], *, of_frappe: bool = False) -> list[Statement]:
	"""The distinct statements of a call; of those that differ in their values only, the slowest.

	:param of_frappe: see `recorded`.
	"""
	with recorded(of_frappe=of_frappe) as found:
		call()
	slowest: dict[str, Statement] = {}
	for statement in found:
		shape = shape_of(statement.text)
		if shape not in slowest or slowest[shape].seconds < statement.seconds:
			slowest[shape] = statement
	return list(slowest.values())


def statements_of_operation(operation: Any) -> list[Statement]:
	"""As `statements_of`, for an `operations.Operation`; what it changes and does not commit is undone."""
	frappe.db.rollback()
	try:
		return statements_of(operation.call, of_frappe=operation.of_frappe)
	finally:
		frappe.db.rollback()


def shape_of(text: str) -> str:
	"""A statement without its values."""
	text = re.sub(r"'(?:[^'\\]|\\.|'')*'", "?", text)
	text = re.sub(r"(?<![\w`])\d+(\.\d+)?", "?", text)
	return re.sub(r"\(\s*\?(\s*,\s*\?)*\s*\)", "(?)", text)


def _explain(database: Any, text: str) -> list[Step]:
	cursor = database._conn.cursor()
	cursor.execute(f"EXPLAIN {text}")
	names = [column[0] for column in cursor.description]
	aliases = _aliases(text)
	steps = []
	for row in cursor.fetchall():
		each = dict(zip(names, row, strict=True))
		if each["table"]:
			table = aliases.get(str(each["table"]), str(each["table"]))
			kind, extra = each["type"] or "", each["Extra"] or ""
			steps.append(Step(table, kind, each["key"], _number(each["rows"]), extra))
	return steps


def _number(rows: Any) -> int:
	"""MariaDB adds the share that a filter of row ids leaves: "25 (2%)"."""
	return int(str(rows or 0).split()[0])


def _aliases(text: str) -> dict[str, str]:
	"""Alias -> table."""
	named = re.findall(r"`(tab[^`]+|__\w+)`\s+(?:as\s+)?`?(\w+)`?", text, re.I)
	return {alias: table for table, alias in named}


def _examined(database: Any) -> int:
	cursor = database._conn.cursor()
	cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read%'")
	return sum(int(value) for _name, value in cursor.fetchall())


def _whole(database: Any, text: str, values: Any) -> str:
	if not values and values != 0:
		return text
	if not isinstance(values, tuple | list | dict):
		values = (values,)
	return str(database.mogrify(text, values))


def _place() -> str | None:
	"""The innermost line of MedGrid; None: somebody else sends the statement."""
	frame = sys._getframe(1)
	while frame:
		if frame.f_code.co_filename.startswith(APP):
			return f"{frame.f_code.co_filename.removeprefix(APP)}:{frame.f_lineno}"
		frame = frame.f_back  # type: ignore[assignment]
	return None
