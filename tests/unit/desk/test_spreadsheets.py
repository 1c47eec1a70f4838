"""Cells of exported files that begin as a formula does, or are times."""

import csv
import io
from datetime import date, datetime, timedelta

import openpyxl
import pytest

from medgrid.desk.spreadsheets import (
	with_times_in_utc,
	without_formulas,
	workbook_with_times_in_utc,
	workbook_without_formulas,
)


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
		("\n=1", "'\n=1"),
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


def four_hours_later(value):
	moment = datetime.fromisoformat(value) if isinstance(value, str) else value
	return str((moment + timedelta(hours=4)).replace(microsecond=0))


SITE, UTC = "2026-06-18 22:30:00.250000", "2026-06-19 02:30:00"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [0, 1])
@pytest.mark.parametrize(
	("cell", "exported"),
	[
		(SITE, UTC),
		(SITE[:19], UTC),
		("2026-06-18", "2026-06-18"),
		(f"at {SITE}", f"at {SITE}"),
		("one\n2026-06-18 22:30:00", "one\n2026-06-18 22:30:00"),
		("22:30:00", "22:30:00"),
		("", ""),
	],
)
def test_times_become_utc_but_in_columns_that_are(delimiter, quoting, cell, exported):
	written = io.StringIO()
	writer = csv.writer(written, delimiter=delimiter, quoting=quoting)
	writer.writerows([["From", SITE], [], ["Made", "Sent (UTC)"], [cell, cell], [cell, cell]])
	changed = with_times_in_utc(written.getvalue(), four_hours_later, delimiter)
	rows = list(csv.reader(io.StringIO(changed, newline=""), delimiter=delimiter))
	assert rows == [["From", UTC], [], ["Made", "Sent (UTC)"], [exported, cell], [exported, cell]]


def test_times_of_a_workbook_become_utc_but_in_columns_that_are():
	workbook, moment = openpyxl.Workbook(), datetime(2026, 6, 18, 22, 30)
	workbook.active.append(["Made", "Sent (UTC)", "Due", "Words"])
	workbook.active.append([moment, moment, date(2026, 6, 18), SITE])
	content = io.BytesIO()
	workbook.save(content)
	changed = workbook_with_times_in_utc(content.getvalue(), four_hours_later)
	sheet = openpyxl.load_workbook(io.BytesIO(changed)).active
	assert [cell.value for cell in sheet[2]] == [
		datetime.fromisoformat(UTC),
		moment,
		datetime(2026, 6, 18),
		UTC,
	]
