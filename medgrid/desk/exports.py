"""Files that Frappe exports for spreadsheets: what others wrote is no formula in them, and programs get times
in UTC, to the second.

It applies to every export, since an order or a Lead that others wrote is in exports of any DocType or report.
Contract: "Dates & Times".
"""

import frappe

from medgrid.core.faults.borders import hook
from medgrid.core.site_time import utc_text
from medgrid.desk.spreadsheets import (
	with_times_in_utc,
	without_formulas,
	workbook_with_times_in_utc,
	workbook_without_formulas,
)
from medgrid.services.callers import is_program

# The key in `frappe.local.response` of MedGrid's own files (`api.responses.csv_file`).
IN_UTC = "in_utc"


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
	has_site_times = is_program() and not answer.get(IN_UTC)
	if kind == "csv" or (kind == "binary" and name.endswith(".csv")):
		text = without_formulas(response.get_data(as_text=True), _delimiter())
		text = with_times_in_utc(text, utc_text, _delimiter()) if has_site_times else text
		response.set_data(text.encode())
	elif kind == "binary" and name.endswith(".xlsx"):
		content = workbook_without_formulas(response.get_data())
		response.set_data(workbook_with_times_in_utc(content, utc_text) if has_site_times else content)


def _delimiter() -> str:
	chosen = str(frappe.local.form_dict.get("csv_delimiter") or ",")
	return chosen if len(chosen) == 1 else ","
