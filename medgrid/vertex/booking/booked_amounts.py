"""Sums Vertex Tax Documents: net amounts, taxes by level, and the states that they belong to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe

from medgrid.core.bulk import CHUNK, chunks
from medgrid.orders.taxes import FEE, from_text
from medgrid.vertex.booking import records
from medgrid.vertex.booking.sales_invoices import DOCTYPE as SALES_INVOICE

_FIELDS = (
	"name",
	"kind",
	"status",
	"reverses",
	"reference_doctype",
	"reference_name",
	"document_date",
	"currency",
	"total_tax",
	"quoted_tax",
	"answer",
	"request",
)


@dataclass(frozen=True)
class BookedEntry:
	"""A Vertex Tax Document, and whose amounts count how.

	:param row: the document.
	:param original: the row that has the sale: of a reversal what it takes back.
	:param figures: the row that has the amounts: the original, but for a reversal by a negative invoice.
	:param sign: -1 for a reversal that has no amounts of its own.
	"""

	row: Any
	original: Any
	figures: Any
	sign: int

	@property
	def tax(self) -> Decimal:
		"""What is booked."""
		return self.sign * decimal(self.figures.total_tax)

	@property
	def expected_tax(self) -> Decimal:
		"""What is to be booked."""
		if self.row.kind == records.REVERSAL:
			return -decimal(self.original.total_tax or self.original.quoted_tax)
		return decimal(self.row.quoted_tax or self.row.total_tax)

	@property
	def net_total(self) -> Decimal:
		"""What is taxed, without the tax."""
		return self.sign * _net_total(self.figures)

	@property
	def levels(self) -> dict[str, Decimal]:
		"""`tax` by level."""
		return {level: self.sign * amount for level, amount in _levels_of(self.figures).items()}

	@property
	def documents(self) -> int:
		return -1 if self.row.kind == records.REVERSAL else 1

	@property
	def destination(self) -> tuple[str, str]:
		"""Country and state to which the sale ships; empty where they are unknown."""
		customer = _content(self.original.request).get("customer") or {}
		destination = customer.get("destination") or {}
		return destination.get("country") or "", destination.get("mainDivision") or ""


def entries(filters: dict[str, Any]) -> Iterator[BookedEntry]:
	"""The documents that match, oldest first."""
	rows = _documents(filters)
	known = {row.name: row for row in rows}
	missing = [row.reverses for row in rows if row.reverses and row.reverses not in known]
	for chunk in chunks(missing, CHUNK):
		known.update((row.name, row) for row in _documents({"name": ("in", chunk)}))
	_add_quoted(known.values())
	for row in rows:
		if row.kind != records.REVERSAL:
			yield BookedEntry(row, row, row, 1)
		elif original := known.get(row.reverses):
			has_own = bool(row.answer)
			yield BookedEntry(row, original, row if has_own else original, 1 if has_own else -1)


def decimal(amount: Any) -> Decimal:
	"""A Frappe float as the number that was entered."""
	return Decimal(str(amount or 0))


def _documents(filters: dict[str, Any]) -> list[Any]:
	return frappe.get_all(
		records.DOCTYPE,
		filters=filters,
		fields=list(_FIELDS),
		order_by="creation asc, name asc",
		limit_page_length=0,
	)


def _add_quoted(rows: Iterable[Any]) -> None:
	"""What an invoice was quoted with stands for an answer that was lost."""
	lost = [
		row
		for row in rows
		if row.status == records.COMMITTED and not row.answer and row.reference_doctype == SALES_INVOICE
	]
	for chunk in chunks([row.reference_name for row in lost], CHUNK):
		found = frappe.get_all(SALES_INVOICE, {"name": ("in", chunk)}, ["name", "vertex_line_taxes"])
		quoted = {row.name: row.vertex_line_taxes for row in found}
		for row in lost:
			row.quoted = quoted.get(row.reference_name) or row.get("quoted")


def _net_total(row: Any) -> Decimal:
	if row.answer:
		return decimal(_content(row.answer).get("subTotal"))
	lines = _content(row.request).get("lineItems") or []
	amount = sum((decimal(line.get("extendedPrice")) for line in lines), Decimal())
	is_included = any(line.get("taxIncludedIndicator") for line in lines)
	return amount - decimal(row.total_tax) if is_included else amount


def _levels_of(row: Any) -> dict[str, Decimal]:
	sums: dict[str, Decimal] = defaultdict(Decimal)
	for line in _content(row.answer).get("lineItems") or []:
		for tax in line.get("taxes") or []:
			sums[tax.get("level") or "District"] += decimal(tax.get("tax"))
	if not row.answer:
		for taxes in from_text(row.get("quoted")).values():
			for key, amount in taxes.items():
				sums["Fee" if key.startswith(FEE) else key] += amount
	return dict(sums)


def _content(text: str | None) -> dict[str, Any]:
	content = json.loads(text, parse_float=Decimal) if text else {}
	return content if isinstance(content, dict) else {}
