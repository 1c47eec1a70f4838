"""Nothing that a request, a job, a card or a page reads scans a table that grows with the years.

On a copy of the site's database with some thousand rows of each: `python3 -m sandbox load` does the same with
the rows of years, and measures.
"""

import pytest

pytestmark = pytest.mark.stand_in

ORDERS, EVENTS, OF_VENDOR, CONNECTIONS = 8000, 10_000, 1000, 100
# Of 20 orders: the records, their parcels, Sales Orders, rows, Items and Item Defaults, through indexes.
READ_BY_A_PAGE = 400
# Operations that may read many rows; there are only fewer.
MOST_EXCEPTIONS = 1


@pytest.fixture(scope="module")
def grown(environment):
	"""The vendor whose rows they are, and how many rows each table that grows has."""
	import frappe

	from sandbox import state
	from sandbox.growth import expressions, rows, scene
	from sandbox.growth.database_copy import database_copy

	frappe.set_user("Administrator")
	with database_copy(state.password("mariadb root")):
		whose = scene.make()
		yield whose, rows.growing(rows.fill(whose, expressions.Size(ORDERS, EVENTS, OF_VENDOR, CONNECTIONS)))


def test_no_operation_scans_a_table_that_grows(grown):
	from sandbox.growth import operations, plans

	whose, sizes = grown
	scans, silent = {}, []
	for operation in operations.operations(whose):
		statements = plans.statements_of_operation(operation)
		silent += [] if statements else [operation.title]
		for each in statements if not operation.because else ():
			if found := each.scans(sizes, deletes=operation.deletes):
				scans[f"{operation.title}: {each.place}"] = (found, each.examined, each.text)
	assert scans == {}
	assert sum(bool(each.because) for each in operations.operations(whose)) <= MOST_EXCEPTIONS
	assert silent == [], "an operation without a statement tests nothing"


def test_a_page_reads_what_it_shows_however_many_orders_a_vendor_has(grown):
	from sandbox.growth import operations, plans

	whose, _sizes = grown
	read = {
		operation.title: sum(each.examined for each in plans.statements_of_operation(operation))
		for operation in operations.pages(whose)
		if "20" in operation.title
	}
	assert len(read) == 5
	assert {title: rows for title, rows in read.items() if rows > READ_BY_A_PAGE} == {}


def test_what_a_vendor_has_is_counted_once_and_along_an_index(grown):
	"""A page with numbers reads each of the vendor's rows once, from an index, without a table of its own for
	the groups. What remains of 10,000 rows is some two milliseconds."""
	from sandbox.growth import operations, plans

	whose, _sizes = grown
	counted = [each for each in operations.pages(whose) if "numbers" in each.title or "opens" in each.title]
	assert len(counted) == 4
	for operation in counted:
		found = [each for each in plans.statements_of_operation(operation) if each.examined >= OF_VENDOR]
		assert len(found) == 1, [each.text for each in found]
		assert found[0].examined <= OF_VENDOR + READ_BY_A_PAGE
		assert all(step.is_counted_along_an_index for step in found[0].steps), found[0].steps


@pytest.mark.parametrize("condition", ["carrier_code = 'ups'", "status = 'Delivered' AND reason IS NULL"])
def test_a_scan_is_seen(grown, condition):
	import frappe

	from sandbox.growth import plans

	_whose, sizes = grown
	query = f"SELECT name FROM `tabShipStation Order` WHERE {condition}"
	[found] = plans.statements_of(lambda: frappe.db.sql(query), of_frappe=True)
	assert found.scans(sizes) == ["tabShipStation Order"]


def test_a_row_that_an_index_finds_is_no_scan(grown):
	import frappe

	from sandbox.growth import plans

	_whose, sizes = grown
	query = "SELECT name FROM `tabShipStation Order` WHERE sales_order = 'growth-1'"
	[found] = plans.statements_of(lambda: frappe.db.sql(query), of_frappe=True)
	assert found.scans(sizes) == []
