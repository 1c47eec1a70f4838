"""Vertex Tax by State: what is booked at Vertex by month and state, to compare with Vertex' own report."""

from typing import Any

from frappe import _

from medgrid.vertex.booking import tax_figures
from medgrid.vertex.booking.tax_figures import levels


def execute(filters: dict[str, Any] | None = None) -> tuple:
	"""The report.

	:param filters: `company`, `from_date`, `to_date`.
	:returns: columns and rows.
	"""
	return columns(), tax_figures.by_state(tax_figures.read_period(filters or {}))


def columns() -> list[dict[str, Any]]:
	money = {"fieldtype": "Currency", "options": "currency", "width": 120}
	return [
		{"fieldname": "month", "label": _("Month"), "fieldtype": "Data"},
		{"fieldname": "country", "label": _("Country"), "fieldtype": "Data"},
		{"fieldname": "state", "label": _("State"), "fieldtype": "Data"},
		{"fieldname": "documents", "label": _("Documents"), "fieldtype": "Int"},
		{"fieldname": "net_total", "label": _("Net Total"), **money},
		{"fieldname": "tax", "label": _("Tax"), **money},
		*(
			{"fieldname": f"{level.lower()}_tax", "label": label, **money}
			for level, label in levels().items()
		),
		{"fieldname": "currency", "label": _("Currency"), "fieldtype": "Link", "options": "Currency"},
	]
