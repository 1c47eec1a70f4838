"""Cells of exported files that begin as a formula does."""

import csv
import io

import openpyxl
import pytest

from medgrid.desk.spreadsheets import without_formulas, workbook_without_formulas


@pytest.mark.parametrize(
	("cell", "exported"),
	[
		("=1+1", "'=1+1"),
		('=HYPERLINK("http://evil","x")', '\'=HYPERLINK("http://evil","x")'),
		("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
		("@SUM(1+1)", "'@SUM(1+1)"),
		("-2+3", "'-2+3"),
		("\t=1", "'\t=1"),
		("\r=1", "'\r=1"),
		("＝1+1", "'＝1+1"),
		("a < b", "a < b"),
		("R&D", "R&D"),
		("O'Neill", "O'Neill"),
		("<b>x</b>", "<b>x</b>"),
		("a=b", "a=b"),
		("", ""),
		("-5", "-5"),
		("-1,234.50", "-1,234.50"),
		("+1.5e-3", "+1.5e-3"),
		("+15551234567", "+15551234567"),
	],
)
@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
@pytest.mark.parametrize("quoting", [0, 1, 2])
def test_a_cell_is_no_formula_and_otherwise_as_it_was(cell, exported, delimiter, quoting):
	def file(*cells):
		written = io.StringIO()
		writer = csv.writer(written, delimiter=delimiter, quoting=quoting)
		writer.writerows([["Sr", "a"], [1, *cells], [2, *cells]])
		return written.getvalue()

	changed = without_formulas(file(cell, "x", cell), delimiter)
	rows = list(csv.reader(io.StringIO(changed, newline=""), delimiter=delimiter))
	assert rows == [["Sr", "a"], ["1", exported, "x", exported], ["2", exported, "x", exported]]


def test_a_line_end_inside_a_cell_begins_no_cell():
	content = '"Sr","a"\r\n1,"one\r\n=two,=three"\r\n'
	assert without_formulas(content) == content


def test_a_workbook_has_texts_in_place_of_formulas():
	workbook = openpyxl.Workbook()
	workbook.active.append(["=1+1", "a < b", 5])
	content = io.BytesIO()
	workbook.save(content)
	changed = openpyxl.load_workbook(io.BytesIO(workbook_without_formulas(content.getvalue()))).active
	assert [(cell.value, cell.data_type) for cell in changed[1]] == [("=1+1", "s"), ("a < b", "s"), (5, "n")]
