"""Cells that a spreadsheet would take for formulas. Pure."""

import io
import re

# The first characters that make a spreadsheet take a text for a formula, the full-width forms included.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d(?:[eE][+-]?\d+)?%?")


def without_formulas(csv: str, delimiter: str = ",") -> str:
	"""Puts `'` before the cells of a CSV file that begin as a formula does; numbers stay.

	:param csv: the file's text.
	:param delimiter: one character.
	"""
	separator = re.escape(delimiter)
	cell = re.compile(rf'("(?:[^"]|"")*"|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')
	return cell.sub(lambda found: _as_text(found[1]) + found[2], csv)


def _as_text(cell: str) -> str:
	quote = '"' if cell.startswith('"') else ""
	content = cell[len(quote) :]
	if not content.startswith(_FORMULA) or _NUMBER.fullmatch(content.removesuffix('"')):
		return cell
	return f"{quote}'{content}"


def workbook_without_formulas(content: bytes) -> bytes:
	"""Makes texts of the formulas in an Excel file. Frappe writes no formulas: openpyxl takes every text that
	begins with `=` for one."""
	import openpyxl

	workbook = openpyxl.load_workbook(io.BytesIO(content))
	formulas = [
		cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
	]
	if not formulas:
		return content
	for cell in formulas:
		cell.data_type = "s"
		cell.quotePrefix = True
	changed = io.BytesIO()
	workbook.save(changed)
	return changed.getvalue()
