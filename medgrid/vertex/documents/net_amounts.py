"""ERPNext's prices and net amounts of a document before the tax is in its totals. See
docs/adr/0049-quoted-before-validation.md.

While ERPNext totals an invoice, it also compares payments with the total: it refuses an advance that is
larger, and completes what a returned counter sale pays back. Before the tax is added, the total is wrong for
that. So the totals are calculated without payments here; ERPNext compares them when it validates the taxed
document.

Prices, and what else a document lacks, ERPNext fills in first of all while it validates, with several queries
per row. Quoting has them filled in before. A document that is as quoting has left it is not filled in again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from frappe.model import child_table_fields, default_fields

_TABLES = ("advances", "payments")
_AMOUNTS = (
	"total_advance",
	"paid_amount",
	"base_paid_amount",
	"change_amount",
	"base_change_amount",
	"write_off_amount",
	"base_write_off_amount",
	"outstanding_amount",
)
# What makes ERPNext write off, or pay with points, whatever is owed.
_AUTOMATIC = ("write_off_outstanding_amount_automatically", "redeem_loyalty_points")

_FILL_IN = "set_missing_values"
# In the document's flags: how quoting has left it.
_FILLED_IN = "medgrid_filled_in"
# Naming and saving set these, and no price depends on them.
_NOT_COMPARED = {*default_fields, *child_table_fields, "flags", "meta", "parent_doc", _FILL_IN}
_State = tuple[dict[str, Any], list[list[dict[str, Any]]]]


def fill_in(document) -> None:
	"""Has ERPNext fill in prices, and what else a document lacks."""
	forget_filled_in(document)
	document.set_missing_values(for_validate=True)


def note_filled_in(document) -> None:
	"""Quoting has filled in the document, and changes it no more: ERPNext does not fill it in again in this
	save, unless somebody else changes it before."""
	document.flags[_FILLED_IN] = _state(document)
	setattr(document, _FILL_IN, partial(_fill_in_if_changed, document))


def forget_filled_in(document) -> None:
	"""The save is at its end, or begins."""
	document.__dict__.pop(_FILL_IN, None)
	document.flags.pop(_FILLED_IN, None)


def _fill_in_if_changed(document, *arguments: Any, **options: Any) -> None:
	"""Stands in for the document's method until it is called."""
	is_filled_in = document.flags.get(_FILLED_IN) == _state(document)
	forget_filled_in(document)
	if not is_filled_in:
		document.set_missing_values(*arguments, **options)


def _state(document) -> _State:
	tables = [document.get(field.fieldname) or [] for field in document.meta.get_table_fields()]
	return _values(document), [[_values(row) for row in rows] for rows in tables]


def _values(document) -> dict[str, Any]:
	return {
		name: value
		for name, value in document.__dict__.items()
		if name not in _NOT_COMPARED and not name.startswith("_") and not isinstance(value, list)
	}


def calculate(document) -> None:
	"""Has ERPNext calculate a document as if nobody had paid yet. What was paid stays as it is."""
	with _unpaid(document):
		document.calculate_taxes_and_totals()


@contextmanager
def _unpaid(document) -> Iterator[None]:
	fields = [field for field in (*_TABLES, *_AMOUNTS, *_AUTOMATIC) if document.meta.has_field(field)]
	before = {field: document.get(field) for field in fields}
	for field in fields:
		setattr(document, field, [] if field in _TABLES else 0)
	try:
		yield
	finally:
		for field, value in before.items():
			setattr(document, field, value)


def sold_rows(document) -> list[Any]:
	"""The rows of `items` that a document sells: a Quotation's alternatives are in no total."""
	return [row for row in document.items if not row.get("is_alternative")]
