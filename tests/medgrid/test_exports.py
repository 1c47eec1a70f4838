"""What Frappe exports for spreadsheets holds no formulas of others."""

import csv
import io
import json

import pytest

from tests.support import people
from tests.support.http import Caller

# Frappe itself makes Markdown of what looks like a tag.
FORMULA, TEXT = '=HYPERLINK("http://evil.example","x")', "a < b & R&D O'Neill"


@pytest.fixture
def product(site):
	now = site.utils.now()
	name = f"mgt-export-{site.generate_hash(length=8)}"
	row = {"name": name, "creation": now, "modified": now, "owner": "Administrator", "product_title": FORMULA}
	table = site.qb.DocType("Vendor Product")
	row["variant_title"] = TEXT
	site.qb.into(table).columns(*row).insert(*row.values()).run()
	site.db.commit()
	yield name
	site.db.rollback()
	site.db.delete("Vendor Product", {"name": name})
	site.db.commit()


def export(environment, product: str, file_type: str) -> bytes:
	parameters = {
		"doctype": "Vendor Product",
		"fields": json.dumps(["`tabVendor Product`.`product_title`", "`tabVendor Product`.`variant_title`"]),
		"filters": json.dumps([["Vendor Product", "name", "=", product]]),
		"file_format_type": file_type,
		"title": "Vendor Product",
	}
	answer = Caller(environment, people.manager()).get("frappe.desk.reportview.export_query", **parameters)
	assert answer.status_code == 200, answer.text
	return answer.content


def test_a_csv_file_has_texts_in_place_of_formulas(environment, product):
	rows = list(csv.reader(io.StringIO(export(environment, product, "CSV").decode(), newline="")))
	assert rows[1][:3] == ["1", f"'{FORMULA}", TEXT]


def test_an_excel_file_has_texts_in_place_of_formulas(environment, product):
	import openpyxl

	sheet = openpyxl.load_workbook(io.BytesIO(export(environment, product, "Excel"))).active
	title = sheet.cell(2, 2)
	assert (title.value, title.data_type) == (FORMULA, "s")
