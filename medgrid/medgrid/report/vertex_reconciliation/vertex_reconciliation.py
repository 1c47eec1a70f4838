"""Vertex Reconciliation: the sales tax of each invoice, in the books and at Vertex."""

from typing import Any

from frappe import _

from medgrid.vertex.booking import tax_figures
from medgrid.vertex.booking.tax_figures import levels


def execute(filters: dict[str, Any] | None = None) -> tuple:
	"""The report.

	:param filters: `company`, `from_date`, `to_date`, `only_differences`.
	:returns: columns, rows, no message, no chart, the totals of each level.
	"""
	period = tax_figures.read_period(filters or {})
	invoices = tax_figures.invoices(period)
	rows = [each.row() for each in invoices]
	if (filters or {}).get("only_differences"):
		rows = [row for row in rows if row["difference"] or row["pending"]]
	return columns(), rows, None, None, _summary(invoices, period.currency)


def columns() -> list[dict[str, Any]]:
	money = {"fieldtype": "Currency", "options": "currency", "width": 130}
	return [
		{"fieldname": "invoice", "label": _("Invoice"), "fieldtype": "Link", "options": "Sales Invoice"},
		{"fieldname": "posting_date", "label": _("Posting Date"), "fieldtype": "Date"},
		{"fieldname": "customer", "label": _("Customer"), "fieldtype": "Link", "options": "Customer"},
		{"fieldname": "net_total", "label": _("Net Total"), **money},
		{"fieldname": "tax_in_books", "label": _("Tax in the Books"), **money},
		{"fieldname": "tax_at_vertex", "label": _("Tax at Vertex"), **money},
		{"fieldname": "difference", "label": _("Difference"), **money},
		{"fieldname": "pending", "label": _("Pending"), **money},
		{"fieldname": "status", "label": _("Status"), "fieldtype": "Data"},
		{"fieldname": "error", "label": _("Reason"), "fieldtype": "Data", "width": 300},
		{
			"fieldname": "currency",
			"label": _("Currency"),
			"fieldtype": "Link",
			"options": "Currency",
			"hidden": 1,
		},
	]


def _summary(invoices: list, currency: str) -> list[dict[str, Any]]:
	sums = {level: sum(each.levels.get(level, 0) for each in invoices) for level in levels()}
	return [
		{"label": levels()[level], "value": float(total), "datatype": "Currency", "currency": currency}
		for level, total in sums.items()
		if total
	]
