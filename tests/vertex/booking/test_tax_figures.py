"""The reports on sales tax: what the books have, what Vertex has, and what differs."""

import frappe
import pytest

from medgrid.medgrid.report.vertex_reconciliation import vertex_reconciliation
from medgrid.medgrid.report.vertex_tax_by_state import vertex_tax_by_state
from medgrid.vertex.booking import reconciliation, records, tax_figures
from tests.support import vertex as places
from tests.support.books import NAME, book_all, credit_of, freight
from tests.support.connector import set_up_settings
from tests.support.records import write_values

pytestmark = pytest.mark.usefixtures("no_worker")


def filters(**values) -> dict:
	today = frappe.utils.today()
	return {"company": NAME, "from_date": today, "to_date": today, **values}


def row_of(document, **values) -> dict:
	frappe.db.rollback()
	rows = vertex_reconciliation.execute(filters(**values))[1]
	[row] = [row for row in rows if row["invoice"] == document.name]
	return row


def figures(row: dict) -> tuple:
	return tuple(row[name] for name in ("tax_in_books", "tax_at_vertex", "difference", "pending"))


def test_an_invoice_is_pending_then_the_same_in_the_books_and_at_vertex(books):
	invoice = books.submitted()
	tax = invoice.vertex_total_tax
	assert tax > 0
	assert figures(row_of(invoice)) == (tax, 0, tax, tax)
	book_all()
	row = row_of(invoice)
	assert figures(row) == (tax, tax, 0, 0)
	assert (row["status"], row["net_total"], row["currency"]) == ("Committed", 57, "USD")


def test_a_credit_note_takes_both_back(books):
	invoice = books.submitted()
	book_all()
	credit = credit_of(invoice).insert().submit()
	book_all()
	tax = invoice.vertex_total_tax
	assert figures(row_of(credit)) == (-tax, -tax, 0, 0)
	assert row_of(credit)["net_total"] == -57


def test_a_cancelled_invoice_is_nowhere_once_it_is_reversed(books):
	invoice = books.submitted()
	book_all()
	tax = invoice.vertex_total_tax
	invoice.reload().cancel()
	frappe.db.commit()
	assert figures(row_of(invoice)) == (0, tax, -tax, -tax)
	book_all()
	assert figures(row_of(invoice)) == (0, 0, 0, 0)


def test_only_differences_and_what_is_pending_are_shown_if_so_asked(books):
	same, pending = books.submitted(), None
	book_all()
	pending = books.submitted()
	shown = {row["invoice"] for row in vertex_reconciliation.execute(filters(only_differences=1))[1]}
	assert pending.name in shown
	assert same.name not in shown


def test_the_levels_add_up_to_what_vertex_has(books):
	invoice = books.submitted()
	book_all()
	period = tax_figures.read_period(filters())
	[found] = [each for each in tax_figures.invoices(period) if each.name == invoice.name]
	assert sum(found.levels.values()) == found.tax_at_vertex > 0
	columns, rows, _message, _chart, summary = vertex_reconciliation.execute(filters())
	assert {"State tax", "County tax", "City tax"} <= {each["label"] for each in summary}
	assert {column["fieldname"] for column in columns} == set(rows[0])


@pytest.mark.parametrize("rows", ["By jurisdiction level", "One row"])
@pytest.mark.parametrize("gross", [0, 1])
@pytest.mark.parametrize(("currency", "rate"), [("EUR", 1.0837), ("JPY", 0.0067), ("KWD", 3.2541)])
def test_in_another_currency_rounding_is_no_difference(books, currency, rate, gross, rows):
	"""ERPNext converts each row of an invoice for itself, and rounds it."""
	books.change_merchant(prices_include_tax=gross)
	set_up_settings(tax_rows=rows)
	values = {"currency": currency, "conversion_rate": rate, "plc_conversion_rate": rate}
	customer = books.customer(places.SEATTLE)
	made = [books.submitted({"qty": 3, "rate": n * 131}, customer=customer, **values) for n in range(1, 8)]
	assert {figures(row_of(each))[0] - figures(row_of(each))[3] for each in made} == {0}
	book_all()
	period = tax_figures.read_period(filters())
	for invoice in made:
		in_books, at_vertex, difference, pending = figures(row_of(invoice))
		assert (difference, pending) == (0, 0)
		assert in_books == at_vertex > 0
		[found] = [each for each in tax_figures.invoices(period) if each.name == invoice.name]
		assert sum(found.levels.values()) == found.tax_at_vertex
	credit = credit_of(made[0]).insert().submit()
	made[1].reload().cancel()
	book_all()
	assert figures(row_of(credit))[2:] == figures(row_of(made[1]))[2:] == (0, 0)


def by_state() -> dict[str, dict]:
	frappe.db.rollback()
	return {row["state"]: row for row in vertex_tax_by_state.execute(filters())[1]}


def test_a_months_invoices_by_state(books):
	before = by_state()
	chicago = books.submitted()
	mesa = books.submitted(customer=books.customer(places.MESA))
	book_all()
	after = by_state()
	for state, document in (("IL", chicago), ("AZ", mesa)):
		was, now = before.get(state, {}), after[state]
		assert now["documents"] - was.get("documents", 0) == 1
		assert now["tax"] - was.get("tax", 0) == pytest.approx(document.vertex_total_tax)
		assert now["net_total"] - was.get("net_total", 0) == pytest.approx(57)
		levels = [f"{level}_tax" for level in ("country", "state", "county", "city", "district", "fee")]
		added = sum(now.get(level, 0) - was.get(level, 0) for level in levels)
		assert added == pytest.approx(document.vertex_total_tax)
		assert (now["country"], now["month"]) == ("US", frappe.utils.today()[:7])
	mesa.reload().cancel()
	book_all()
	assert by_state()["AZ"]["tax"] == pytest.approx(before.get("AZ", {}).get("tax", 0))


def test_an_invoice_whose_answer_was_lost_counts_with_what_it_was_quoted(books):
	before = by_state().get("IL", {})
	invoice = books.submitted(taxes=[freight(12)])
	books.vertex.fault("drop_after", times=1)
	book_all()
	(name,) = frappe.get_all(records.DOCTYPE, {"reference_name": invoice.name}, pluck="name")
	write_values(records.DOCTYPE, name, "claimed_at", "2026-01-01")
	reconciliation.look_up_open()
	assert frappe.db.get_value(records.DOCTYPE, name, ["status", "answer"]) == ("Committed", None)
	now = by_state()["IL"]
	added = {key: round(now[key] - before.get(key, 0), 2) for key in now if isinstance(now[key], float)}
	assert added == {
		"net_total": 69,
		"tax": 5.84,
		"state_tax": 3.56,
		"county_tax": 1.0,
		"city_tax": 0.71,
		"district_tax": 0.57,
	}
	period = tax_figures.read_period(filters())
	[found] = [each for each in tax_figures.invoices(period) if each.name == invoice.name]
	assert sum(found.levels.values()) == found.tax_at_vertex > 0


def test_an_old_invoice_that_a_negative_one_took_back_is_nowhere(books):
	before = by_state().get("IL", {})
	invoice = books.submitted()
	book_all()
	write_values(records.DOCTYPE, {"reference_name": invoice.name}, "committed_at", "2026-01-01")
	invoice.reload().cancel()
	book_all()
	now = by_state()["IL"]
	assert {key: now[key] - before.get(key, 0) for key in ("documents", "tax", "net_total")} == pytest.approx(
		{"documents": 0, "tax": 0, "net_total": 0}
	)
	assert figures(row_of(invoice)) == (0, 0, 0, 0)


@pytest.mark.parametrize("missing", ["company", "from_date", "to_date"])
@pytest.mark.parametrize("report", [vertex_reconciliation, vertex_tax_by_state])
def test_a_filter_that_is_missing_is_named(site, report, missing):
	with pytest.raises(frappe.ValidationError, match="Choose a company"):
		report.execute({**filters(), missing: None})


def test_another_companys_books_are_not_in_it(books):
	invoice = books.submitted()
	other = {**filters(), "company": "Skydell Medical"}
	assert invoice.name not in {row["invoice"] for row in vertex_reconciliation.execute(other)[1]}
