"""A second connection to the site's database, as another worker has it."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import frappe

from tests.support.lock_probe import APP, TESTS
from tests.support.statements import opens_snapshot

_LOCKS = re.compile(r"^\s*(update|delete)\b|\bfor\s+update\b", re.I)


@contextmanager
def rival_connection() -> Iterator[Any]:
	"""Another `frappe.db`; what it does not commit is undone."""
	own = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	rival, frappe.local.db = frappe.local.db, own
	try:
		yield rival
	finally:
		rival.rollback()
		rival.close()


@dataclass
class Moment:
	"""When the rival came.

	:param statement: the one that MedGrid sent then; None: it has sent none.
	:param wrote: whether the rival could write; else MedGrid had locked the row before it decided.
	"""

	statement: str | None = None
	wrote: bool = False


@contextmanager
def overtaken(write: Callable[[Any], None], at: str) -> Iterator[Moment]:
	"""At the worst moment somebody else writes and commits.

	:param write: writes through the rival's `frappe.db`; called once.
	:param at: "after a read": right after MedGrid's first read without a lock, which fixes what its
		transaction sees; "before a lock": before its first lock or write.
	"""
	from frappe.database.database import Database

	moment, run = Moment(), Database.sql

	def strike(query: Any) -> None:
		moment.statement = str(query)
		with rival_connection() as rival:
			rival.sql("SET SESSION innodb_lock_wait_timeout = 1")
			try:
				write(rival)
				rival.commit()
				moment.wrote = True
			except frappe.QueryTimeoutError:
				rival.rollback()

	def sql(database: Any, query: Any, *arguments: Any, **options: Any) -> Any:
		is_ours = moment.statement is None and database is frappe.local.db and _is_of_medgrid()
		if is_ours and at == "before a lock" and _LOCKS.search(str(query)):
			strike(query)
		result = run(database, query, *arguments, **options)
		if is_ours and at == "after a read" and opens_snapshot(str(query)):
			strike(query)
		return result

	Database.sql = sql
	try:
		yield moment
	finally:
		Database.sql = run


@contextmanager
def deadlock(number: int) -> Iterator[list[str]]:
	"""The database undoes MedGrid's transaction at one of its locks or writes, as a deadlock does.

	:param number: of the lock or write, from 1.
	:returns: the statements that lock or write, so far; fewer than `number`: it did not come to that.
	"""
	from frappe.database.database import Database

	statements: list[str] = []
	run = Database.sql

	def sql(database: Any, query: Any, *arguments: Any, **options: Any) -> Any:
		if database is frappe.local.db and _LOCKS.search(str(query)) and _is_of_medgrid():
			statements.append(str(query))
			if len(statements) == number:
				database.rollback()
				raise database.OperationalError(1213, "Deadlock found when trying to get lock")
		return run(database, query, *arguments, **options)

	Database.sql = sql
	try:
		yield statements
	finally:
		Database.sql = run


def _is_of_medgrid() -> bool:
	frame = sys._getframe(2)
	while frame:
		if frame.f_code.co_filename.startswith(APP):
			return True
		if frame.f_code.co_filename.startswith(TESTS):
			return False
		frame = frame.f_back  # type: ignore[assignment]
	return False
