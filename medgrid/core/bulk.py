"""Writes and deletes many rows in chunks, and compares them so that only changed rows are written. Contract:
"External System Rate Limits" ("Sync jobs process in chunks of 100 items")."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

import frappe
from rq.timeouts import BaseTimeoutException

from medgrid.core.faults.borders import report
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import MedgridError

CHUNK = 100
# So many rows are deleted in one transaction.
DELETED_TOGETHER = 1000

Value = TypeVar("Value")


def chunks(values: Sequence[Value], size: int = CHUNK) -> Iterator[Sequence[Value]]:
	"""Splits a sequence into parts of at most `size` values."""
	return (values[start : start + size] for start in range(0, len(values), size))


def write_each(
	entries: Sequence[Value], write: Callable[[Sequence[Value]], object], *, what: str
) -> list[Value]:
	"""Writes entries in chunks, each chunk in its own transaction. If a chunk fails, each of its entries is
	written alone, so that an entry that cannot be written does not prevent the others. Commits.

	:param write: writes some of the entries; see `in_transaction`.
	:param what: what the entries are, for the log.
	:returns: the entries that could not be written. One log entry names the failure, without values.
	:raises MedgridError: from `write`; it does not concern single entries.
	"""
	failed: list[Value] = []
	for chunk in chunks(entries):
		if not _failure_of(write, chunk):
			continue
		for entry in chunk:
			if failure := _failure_of(write, [entry]):
				if not failed:
					report(failure, what)
				failed.append(entry)
	return failed


def _failure_of(write: Callable[[Sequence[Value]], object], entries: Sequence[Value]) -> Exception | None:
	"""Writes entries in their own transaction.

	:returns: what `write` raised; None if the entries are written.
	"""
	messages = list(frappe.local.message_log)
	try:
		in_transaction(partial(write, entries))
	except (MedgridError, BaseTimeoutException):
		raise
	except Exception as error:
		frappe.local.message_log = messages
		return error
	return None


def insert_rows(doctype: str, rows: Sequence[Mapping[str, Any]], *, ignore_duplicates: bool = False) -> None:
	"""Inserts rows without running Document code, and sets the columns that every document has. The caller
	commits.

	:param rows: all have the same fields; a row without `name` gets a random one.
	:param ignore_duplicates: keep an existing row that has the same unique key.
	"""
	if not rows:
		return
	stamps = stamps_of_insert()
	documents = [{"name": frappe.generate_hash(length=16), **stamps, **row} for row in rows]
	values = [list(document.values()) for document in documents]
	frappe.db.bulk_insert(
		doctype, list(documents[0]), values, ignore_duplicates=ignore_duplicates, chunk_size=CHUNK
	)


def stamps_of_insert() -> dict[str, Any]:
	"""The values of the columns that every document has, for rows that are inserted now without Document
	code: who makes them, and when."""
	now, user = frappe.utils.now(), frappe.session.user
	return {"creation": now, "modified": now, "owner": user, "modified_by": user}


def stamps_of_update() -> dict[str, Any]:
	"""The values that say who changes a row now, without Document code."""
	return {"modified": frappe.utils.now(), "modified_by": frappe.session.user}


def delete_older(doctype: str, field: str, before: datetime) -> int:
	"""Deletes the rows whose time is earlier than another one, the oldest first, in chunks. Rows without a
	time stay. Commits each chunk.

	:param field: must be indexed.
	:returns: the number of deleted rows.
	"""
	deleted = 0
	while count := in_transaction(partial(_delete_oldest, doctype, field, before)):
		deleted += count
	return deleted


def _delete_oldest(doctype: str, field: str, before: datetime) -> int:
	# Not `get_all`: its "<" takes an empty time for the earliest, and reads all rows for that.
	table = frappe.qb.DocType(doctype)
	old = frappe.qb.from_(table).select(table.name).where(table[field] < before)
	names = old.orderby(table[field]).limit(DELETED_TOGETHER).run(pluck=True)
	if names:
		frappe.db.delete(doctype, {"name": ("in", names)})
	return len(names)


def update_rows(doctype: str, changes: Mapping[str, Mapping[str, Any]]) -> None:
	"""Updates rows without running Document code, each row with its own values. The caller commits.

	:param changes: for each document's name, its fields and values.
	"""
	if changes:
		frappe.db.bulk_update(
			doctype, {name: dict(values) for name, values in changes.items()}, chunk_size=CHUNK
		)


def is_same(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
	"""Whether a stored row has all wanted values. Floats are compared as exact decimals; None equals an empty
	text."""
	return all(_comparable(stored[name]) == _comparable(value) for name, value in wanted.items())


def _comparable(value: Any) -> Any:
	if isinstance(value, float):
		return Decimal(str(value))
	return None if value == "" else value
