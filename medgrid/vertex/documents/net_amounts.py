"""ERPNext's prices and net amounts of a document before the tax is in its totals. Design (Vertex): 4.1.

While ERPNext totals an invoice, it also compares payments with the total: it refuses an advance that is
larger, and completes what a returned counter sale pays back. Before the tax is added, the total is wrong for
that. So the totals are calculated without payments here; ERPNext compares them when it validates the taxed
document.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
