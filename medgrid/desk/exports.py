"""Files that Frappe exports for spreadsheets: what others wrote is no formula in them.

It applies to every export, since an order or a Lead that others wrote is in exports of any DocType or report.
"""

import frappe

from medgrid.core.faults.borders import hook
from medgrid.desk.spreadsheets import without_formulas, workbook_without_formulas


@hook
def apply(response, request) -> None:
	"""Changes a CSV or Excel file that Frappe has generated. Other responses stay as they are, files that
	were uploaded among them. The `after_request` hook.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	"""
	if response is None or response.status_code != 200:
		return
	answer = frappe.local.response or {}
	kind, name = answer.get("type"), str(answer.get("filename") or "").lower()
	if kind == "csv" or (kind == "binary" and name.endswith(".csv")):
		response.set_data(without_formulas(response.get_data(as_text=True), _delimiter()).encode())
	elif kind == "binary" and name.endswith(".xlsx"):
		response.set_data(workbook_without_formulas(response.get_data()))


def _delimiter() -> str:
	chosen = str(frappe.local.form_dict.get("csv_delimiter") or ",")
	return chosen if len(chosen) == 1 else ","
