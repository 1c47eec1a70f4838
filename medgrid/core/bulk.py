"""Writes many rows in chunks, and compares them so that only changed rows are written. Contract: "External
System Rate Limits" ("Sync jobs process in chunks of 100 items")."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import frappe

CHUNK = 100

Value = TypeVar("Value")


def chunks(values: Sequence[Value], size: int = CHUNK) -> Iterator[Sequence[Value]]:
	"""Splits a sequence into parts of at most `size` values."""
	return (values[start : start + size] for start in range(0, len(values), size))


def insert_rows(doctype: str, rows: Sequence[Mapping[str, Any]], *, ignore_duplicates: bool = False) -> None:
	"""Inserts rows without running Document code, and sets the columns that every document has. The caller
	commits.

	:param rows: all have the same fields; a row without `name` gets a random one.
	:param ignore_duplicates: keep an existing row that has the same unique key.
	"""
	if not rows:
		return
	now, user = frappe.utils.now(), frappe.session.user
	stamps = {"creation": now, "modified": now, "owner": user, "modified_by": user}
	documents = [{"name": frappe.generate_hash(length=16), **stamps, **row} for row in rows]
	values = [list(document.values()) for document in documents]
	frappe.db.bulk_insert(
		doctype, list(documents[0]), values, ignore_duplicates=ignore_duplicates, chunk_size=CHUNK
	)


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
