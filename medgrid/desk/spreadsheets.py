"""Cells of exported files: those that a spreadsheet would take for formulas, and those with times. Pure."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

# The first characters that make a spreadsheet take a text for a formula, the full-width forms included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d(?:[eE][+-]?\d+)?%?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?", re.ASCII)
# The end of the title of a column whose times are UTC already.
IN_UTC = "(UTC)"
# Returns a time as text in UTC.
InUtc = Callable[[datetime | str], str | None]


def without_formulas(csv: str, delimiter: str = ",") -> str:
	"""Puts `'` before the cells of a CSV file that begin as a formula does; numbers stay.

	:param csv: the file's text.
	:param delimiter: one character.
	"""
	return _cell(delimiter).sub(lambda found: _as_text(found[1]) + found[2], csv)


def _cell(delimiter: str) -> re.Pattern:
	separator = re.escape(delimiter)
	return re.compile(rf'("(?:[^"]|"")*"|[^{separator}\r\n]*)({separator}|\r\n|\r|\n|\Z)')


def _as_text(cell: str) -> str:
	quote = '"' if cell.startswith('"') else ""
	content = cell[len(quote) :]
	if not content.startswith(_FORMULA) or _NUMBER.fullmatch(content.removesuffix('"')):
		return cell
	return f"{quote}'{content}"


def workbook_without_formulas(content: bytes) -> bytes:
	"""Makes texts of the formulas in an Excel file. Frappe writes no formulas: openpyxl takes every text that
	begins with `=` for one."""
	workbook = _opened(content)
	formulas = [cell for row in _rows(workbook) for cell in row if cell.data_type == "f"]
	for cell in formulas:
		cell.data_type = "s"
		cell.quotePrefix = True
	return _saved(workbook) if formulas else content


def with_times_in_utc(csv: str, in_utc: InUtc, delimiter: str = ",") -> str:
	"""Converts the cells of a CSV file that are times, but for columns whose titles say that they are UTC.

	:param csv: the file's text.
	:param in_utc: converts one.
	:param delimiter: one character.
	"""
	known: set[int] = set()
	column = 0

	def convert(found: re.Match) -> str:
		nonlocal column
		cell, place = found[1], column
		column = column + 1 if found[2] == delimiter else 0
		content = cell.strip('"')
		if content.endswith(IN_UTC):
			known.add(place)
		if place in known or not _TIME.fullmatch(content):
			return found[0]
		return cell.replace(content, in_utc(content) or "") + found[2]

	return _cell(delimiter).sub(convert, csv)


def workbook_with_times_in_utc(content: bytes, in_utc: InUtc) -> bytes:
	"""The same for an Excel file. Days are no times."""
	workbook = _opened(content)
	known: set[tuple[str, int]] = set()
	for row in _rows(workbook):
		for cell in row:
			place, value = (cell.parent.title, cell.column), cell.value
			if isinstance(value, str) and value.endswith(IN_UTC):
				known.add(place)
			if place in known or value is None:
				continue
			if isinstance(value, datetime) and "h" in cell.number_format.lower():
				cell.value = datetime.fromisoformat(in_utc(value) or "")
			elif isinstance(value, str) and _TIME.fullmatch(value):
				cell.value = in_utc(value)
	return _saved(workbook)


def _opened(content: bytes) -> Any:
	import openpyxl

	return openpyxl.load_workbook(io.BytesIO(content))


def _rows(workbook: Any) -> Iterator[Any]:
	for sheet in workbook:
		yield from sheet.iter_rows()


def _saved(workbook: Any) -> bytes:
	changed = io.BytesIO()
	workbook.save(changed)
	return changed.getvalue()
