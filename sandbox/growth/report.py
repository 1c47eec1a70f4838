"""The table of `python3 -m sandbox load`."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import frappe

from sandbox.growth.operations import Operation
from sandbox.growth.plans import Statement


@dataclass(frozen=True)
class Measured:
	"""An operation with what it sends to the database, and the tables that it scans."""

	operation: Operation
	statements: list[Statement]
	scanned: list[str]

	@property
	def seconds(self) -> float:
		"""The time of all its statements together, without what Python does."""
		return sum(statement.seconds for statement in self.statements)

	@property
	def is_slow(self) -> bool:
		limit = self.operation.limit_ms
		return limit is not None and self.seconds * 1000 > limit


def measure(
	operations: Iterable[Operation],
	sizes: dict[str, int],
	statements_of: Callable[[Operation], list[Statement]],
) -> list[Measured]:
	"""Calls each operation once to warm up, and once to measure it; those that delete only once."""
	measured = []
	for operation in operations:
		if not operation.deletes:
			statements_of(operation)
		statements = statements_of(operation)
		scanned = set() if operation.because else _scanned(operation, statements, sizes)
		measured.append(Measured(operation, statements, sorted(scanned)))
	return measured


def ratios(few: list[Operation], many: list[Operation], rounds: int = 15) -> Iterable[str]:
	"""How much longer a page takes for a vendor with many orders than for one with a few, by medians of calls
	in turns.

	:param few: pages of the one.
	:param many: the same pages of the other.
	"""
	yield "| page | a few orders, ms | many orders, ms | ratio |"
	yield "|---|--:|--:|--:|"
	for less, more in zip(few, many, strict=True):
		times: tuple[list[float], list[float]] = ([], [])
		for _round in range(rounds):
			for operation, taken in zip((less, more), times, strict=True):
				frappe.db.rollback()
				began = time.perf_counter()
				operation.call()
				taken.append(time.perf_counter() - began)
		first, second = (statistics.median(taken) * 1000 for taken in times)
		yield f"| {less.title} | {first:.1f} | {second:.1f} | {second / first:.2f} |"


def _scanned(operation: Operation, statements: list[Statement], sizes: dict[str, int]) -> set[str]:
	return {table for each in statements for table in each.scans(sizes, deletes=operation.deletes)}


def as_table(measured: Iterable[Measured]) -> Iterable[str]:
	"""One line for each statement of each operation, in Markdown."""
	yield "| operation | statement at | plan | rows read | ms |"
	yield "|---|---|---|--:|--:|"
	for each in measured:
		for statement in each.statements:
			steps = [f"{step.table.removeprefix('tab')}: {step.key or step.kind}" for step in statement.steps]
			cells = (each.operation.title, f"`{statement.place}`", ", ".join(steps), str(statement.examined))
			yield f"| {' | '.join(cells)} | {statement.seconds * 1000:.1f} |"


def problems(measured: Iterable[Measured]) -> Iterable[str]:
	"""A sentence for each operation that scans a table that grows, or is slower than it may be."""
	for each in measured:
		if each.scanned:
			yield f"{each.operation.title} scans {', '.join(each.scanned)}"
		if each.is_slow:
			yield f"{each.operation.title}: {each.seconds * 1000:.0f} ms of {each.operation.limit_ms:.0f}"
