"""Many invoices at once, by Frappe's own Data Import.

`--imported-invoices 500` imports as many.
"""

import csv
import io

import frappe
import pytest
from frappe.core.doctype.data_import.data_import import start_import

from medgrid.vertex.booking import reconciliation
from tests.support.books import ledger, of_company

pytestmark = pytest.mark.usefixtures("no_worker")
COLUMNS = ("Customer", "Company", "Date", "Currency", "Item (Items)", "Quantity (Items)", "Rate (Items)")


@pytest.fixture
def number(request) -> int:
	return request.config.getoption("--imported-invoices")


def data_import(content: str):
	document = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": "Sales Invoice",
			"import_type": "Insert New Records",
			"submit_after_import": 1,
			"mute_emails": 1,
		}
	).insert()
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"invoices-{frappe.generate_hash(length=8)}.csv",
			"attached_to_doctype": document.doctype,
			"attached_to_name": document.name,
			"is_private": 1,
			"content": content,
		}
	).insert()
	document.import_file = file.file_url
	document.save()
	frappe.db.commit()
	return document


def test_imported_invoices_are_taxed_and_each_is_booked_once(books, number):
	customers = [books.customer() for _customer in range(3)]
	company = books.document("Sales Invoice").company
	rows = io.StringIO()
	writer = csv.writer(rows)
	writer.writerow(COLUMNS)
	today = frappe.utils.today()
	for position in range(number):
		price = 10 + position / 100
		writer.writerow([customers[position % 3], company, today, "USD", books.item, 2, price])
	document = data_import(rows.getvalue())
	start_import(document.name)
	# What ends the job.
	frappe.db.commit()
	document.reload()
	assert document.status == "Success", frappe.get_all(
		"Data Import Log", {"data_import": document.name, "success": 0}, ["messages", "exception"], limit=1
	)
	invoices = frappe.get_all("Sales Invoice", {"customer": ("in", customers), "docstatus": 1}, pluck="name")
	assert len(invoices) == number
	while reconciliation.book_due().booked:
		frappe.db.rollback()
	entries = books.entries()
	assert sorted(each["documentNumber"] for each in entries) == sorted(invoices)
	for name in invoices:
		invoice = frappe.get_doc("Sales Invoice", name)
		assert invoice.vertex_status == "Committed"
		assert ledger(invoice)[of_company("MGT Sales Tax")] == pytest.approx(-invoice.vertex_total_tax)
	booked = {each["documentNumber"]: each["totalTax"] for each in entries}
	quoted = {name: frappe.db.get_value("Sales Invoice", name, "vertex_total_tax") for name in invoices}
	assert booked == pytest.approx(quoted)
