"""The figures of the two reports on sales tax: what the books have and what Vertex has.

Amounts of invoices are in the company's currency, those by state in the currency of the documents, as Vertex
reports them.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Sum

from medgrid.core.bulk import CHUNK, chunks
from medgrid.services.desk_messages import refuse
from medgrid.vertex.booking import records
from medgrid.vertex.booking.booked_amounts import decimal, entries
from medgrid.vertex.booking.sales_invoices import DOCTYPE as SALES_INVOICE
from medgrid.vertex.documents.rows import INCLUDED
from medgrid.vertex.merchants.fields import DOCTYPE as MERCHANT

ZERO = Decimal(0)
_OPEN = (records.PENDING, records.SENDING, records.IN_DOUBT, records.FAILED)


@dataclass(frozen=True)
class Period:
	"""A company's days, the first and the last included.

	:param currency: the company's.
	:param places: the decimals of its amounts.
	"""

	company: str
	since: str
	until: str
	currency: str
	places: int


@dataclass
class Booked:
	"""What Vertex has of a document, in its currency.

	:param tax: of what is booked, less what is taken back.
	:param pending: the tax of what is still to be booked, or taken back.
	:param levels: `tax` by level.
	"""

	tax: Decimal = ZERO
	pending: Decimal = ZERO
	levels: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@dataclass(frozen=True)
class Charged:
	"""The tax that an invoice charges, in its currency and in the company's."""

	tax: Decimal
	in_company_currency: Decimal


@dataclass(frozen=True)
class Invoice:
	"""A submitted or cancelled Sales Invoice, in the company's currency."""

	name: str
	posting_date: Any
	customer: str
	net_total: Decimal
	tax_in_books: Decimal
	tax_at_vertex: Decimal
	pending: Decimal
	levels: dict[str, Decimal]
	status: str
	error: str | None
	currency: str

	def row(self) -> dict[str, Any]:
		"""The report's row."""
		return {
			"invoice": self.name,
			"posting_date": self.posting_date,
			"customer": self.customer,
			"net_total": float(self.net_total),
			"tax_in_books": float(self.tax_in_books),
			"tax_at_vertex": float(self.tax_at_vertex),
			"difference": float(self.tax_in_books - self.tax_at_vertex),
			"pending": float(self.pending),
			"status": self.status,
			"error": self.error,
			"currency": self.currency,
		}


def levels() -> dict[str, str]:
	"""The levels of a tax, as `clients.vertex` names them, each with its words; in the order of the rows on a
	document."""
	return {
		"Country": _("Country tax"),
		"State": _("State tax"),
		"County": _("County tax"),
		"City": _("City tax"),
		"District": _("District tax"),
		"Fee": _("Fees"),
	}


def read_period(filters: dict[str, Any]) -> Period:
	"""Reads a report's filters.

	:param filters: `company`, `from_date`, `to_date`.
	:raises frappe.ValidationError: one is missing, or there is no such company.
	"""
	company, since, until = (filters.get(name) for name in ("company", "from_date", "to_date"))
	if not (company and since and until):
		refuse(_("Choose a company, the first and the last day."))
	currency = frappe.get_cached_value("Company", company, "default_currency")
	if not currency:
		refuse(_("There is no company {0}.").format(company))
	places = frappe.get_precision("GL Entry", "debit", currency=currency)
	first, last = (str(frappe.utils.getdate(day)) for day in (since, until))
	return Period(str(company), first, last, str(currency), places)


def invoices(period: Period) -> list[Invoice]:
	"""The invoices of a period that Vertex has taxed, oldest first."""
	found = frappe.get_all(
		SALES_INVOICE,
		filters={
			"company": period.company,
			"posting_date": ("between", [period.since, period.until]),
			"docstatus": (">", 0),
			"vertex_status": ("is", "set"),
		},
		fields=[
			"name",
			"posting_date",
			"customer",
			"base_net_total",
			"conversion_rate",
			"docstatus",
			"vertex_status",
			"vertex_error",
		],
		order_by="posting_date asc, name asc",
	)
	names = [row.name for row in found]
	in_books, at_vertex, on_invoices = _in_books(period), _at_vertex(names), _on_invoices(names)
	return [
		_invoice(row, in_books.get(row.name, ZERO), at_vertex[row.name], on_invoices.get(row.name), period)
		for row in found
	]


def _invoice(row: Any, in_books: Decimal, booked: Booked, charged: Charged | None, period: Period) -> Invoice:
	rate = decimal(row.conversion_rate or 1)

	def in_company_currency(amount: Decimal) -> Decimal:
		if charged and abs(amount) == abs(charged.tax):
			# As ERPNext has converted it: each row of the invoice for itself.
			amount, factor = charged.in_company_currency, amount / charged.tax
			return round(amount * factor, period.places)
		return round(amount * rate, period.places)

	is_cancelled = row.docstatus == 2
	tax_at_vertex = in_company_currency(booked.tax)
	return Invoice(
		name=row.name,
		posting_date=row.posting_date,
		customer=row.customer,
		net_total=ZERO if is_cancelled else round(decimal(row.base_net_total), period.places),
		tax_in_books=in_books,
		tax_at_vertex=tax_at_vertex,
		pending=in_company_currency(booked.pending),
		levels=_adding_up(
			{level: round(amount * rate, period.places) for level, amount in booked.levels.items()},
			tax_at_vertex,
		),
		status=row.vertex_status,
		error=row.vertex_error,
		currency=period.currency,
	)


def _adding_up(levels: dict[str, Decimal], whole: Decimal) -> dict[str, Decimal]:
	"""The levels with what rounding has left over, which the largest bears."""
	if levels:
		largest = max(levels, key=lambda level: abs(levels[level]))
		levels = {**levels, largest: levels[largest] + whole - sum(levels.values())}
	return levels


def _on_invoices(names: list[str]) -> dict[str, Charged]:
	"""By invoice: the tax that its rows charge; an invoice without any is left out."""
	tax = frappe.qb.DocType("Sales Taxes and Charges")
	found: dict[str, Charged] = {}
	for chunk in chunks(names, CHUNK):
		rows = (
			frappe.qb.from_(tax)
			.select(
				tax.parent,
				Sum(tax.tax_amount_after_discount_amount),
				Sum(tax.base_tax_amount_after_discount_amount),
			)
			.where((tax.parenttype == SALES_INVOICE) & tax.parent.isin(chunk))
			.where(tax.vertex_level.notnull() & tax.vertex_level.notin(["", INCLUDED]))
			.groupby(tax.parent)
			.run()
		)
		found.update((name, Charged(decimal(amount), decimal(base))) for name, amount, base in rows if amount)
	return found


def _in_books(period: Period) -> dict[str, Decimal]:
	"""By invoice: what the ledger has on the merchants' tax accounts."""
	accounts = frappe.get_all(MERCHANT, {"company": period.company}, pluck="tax_account")
	accounts = [account for account in accounts if account]
	if not accounts:
		return {}
	entry = frappe.qb.DocType("GL Entry")
	sums: dict[str, Decimal] = defaultdict(Decimal)
	rows = (
		frappe.qb.from_(entry)
		.select(entry.voucher_no, entry.credit, entry.debit)
		.where((entry.company == period.company) & (entry.voucher_type == SALES_INVOICE))
		.where(entry.account.isin(accounts) & (entry.is_cancelled == 0))
		.where((entry.posting_date >= period.since) & (entry.posting_date <= period.until))
		.run()
	)
	for name, credit, debit in rows:
		sums[name] += decimal(credit) - decimal(debit)
	return {name: round(total, period.places) for name, total in sums.items()}


def _at_vertex(names: list[str]) -> dict[str, Booked]:
	"""By invoice: what Vertex has."""
	found: dict[str, Booked] = defaultdict(Booked)
	for chunk in chunks(names, CHUNK):
		filters = {"reference_doctype": SALES_INVOICE, "reference_name": ("in", chunk)}
		for each in entries(filters):
			booked = found[each.row.reference_name]
			if each.row.status in _OPEN:
				booked.pending += each.expected_tax
			elif each.row.status == records.COMMITTED:
				booked.tax += each.tax
				for level, amount in each.levels.items():
					booked.levels[level] += amount
	return found


def by_state(period: Period) -> list[dict[str, Any]]:
	"""What is booked at Vertex for a company, by month, state and currency: rows of the report."""
	merchants = frappe.get_all(MERCHANT, {"company": period.company}, pluck="name")
	filters = {
		"merchant": ("in", merchants or [""]),
		"status": records.COMMITTED,
		"document_date": ("between", [period.since, period.until]),
	}
	sums: dict[tuple, dict[str, Any]] = {}
	for each in entries(filters):
		country, state = each.destination
		key = (str(each.row.document_date)[:7], country, state, each.row.currency)
		row = sums.setdefault(key, defaultdict(Decimal))
		row["documents"] += each.documents
		row["net_total"] += each.net_total
		row["tax"] += each.tax
		for level, amount in each.levels.items():
			row[f"{level.lower()}_tax"] += amount
	return [
		{
			**{name: int(value) if name == "documents" else float(value) for name, value in row.items()},
			**dict(zip(("month", "country", "state", "currency"), key, strict=True)),
		}
		for key, row in sorted(sums.items())
	]
