"""ERPNext's own documents, taxed by Vertex: an order for Chicago, its invoice, its credit note, and the
report that holds the books against Vertex."""

import time
from datetime import date, timedelta
from typing import Any

from sandbox.demo.cast import ABBREVIATION, COMPANY, PORTAL_CUSTOMER
from sandbox.demo.client import Client, caller
from sandbox.simulators.vertex.remote import VertexControl

GOODS = {"item_code": "VD3-5000-120", "qty": 2, "rate": 28.50}
FREIGHT = {
	"charge_type": "Actual",
	"account_head": f"Freight and Forwarding Charges - {ABBREVIATION}",
	"description": "Freight",
	"tax_amount": 12.00,
}
# What Chicago takes of 57.00 of goods; it does not tax the freight.
LEVELS = {"State": 3.56, "County": 1.00, "City": 0.71, "District": 0.57}
TAX = 5.84
SUPPLIES = "/vertex-ws/v2/supplies"
MAKE_INVOICE = "erpnext.selling.doctype.sales_order.sales_order.make_sales_invoice"
MAKE_RETURN = "erpnext.accounts.doctype.sales_invoice.sales_invoice.make_sales_return"
REPORT = "Vertex Reconciliation"
# A worker books; a job that is lost is found after five minutes.
SECONDS = 60


def quoted_order(facts: dict) -> str:
	"""The tax rows are Vertex'; a second save that changes nothing asks nobody."""
	day = (date.today() + timedelta(days=7)).isoformat()
	order = _books(facts).insert(
		"Sales Order",
		company=COMPANY,
		customer=PORTAL_CUSTOMER,
		delivery_date=day,
		selling_price_list="Standard Selling",
		disable_rounded_total=1,
		items=[{**GOODS, "delivery_date": day}],
		taxes=[FREIGHT],
	)
	assert _levels(order) == LEVELS, order["taxes"]
	assert (order["vertex_status"], order["grand_total"]) == ("Quoted", 74.84), order
	asked = _times_asked(facts)
	order = _books(facts).update("Sales Order", order["name"], po_no="PO-CHICAGO")
	assert _times_asked(facts) == asked, "Vertex was asked again about the same order"
	facts["taxed_order"] = _books(facts).update("Sales Order", order["name"], docstatus=1)["name"]
	levels = ", ".join(f"{level} {amount:.2f}" for level, amount in LEVELS.items())
	return f"{order['name']}: 69.00 + {levels} = {order['grand_total']:.2f}; saved again, nobody was asked"


def booked_invoice(facts: dict) -> str:
	"""A job books it after the submit, once."""
	draft = _books(facts).post(MAKE_INVOICE, source_name=facts["taxed_order"])
	invoice = _booked(facts, _books(facts).insert(**{**draft, "docstatus": 1}))
	facts["taxed_invoice"] = invoice["name"]
	(booked,) = _vertex(facts).journal(document_number=invoice["name"])
	assert booked["id"] == invoice["vertex_transaction_id"], (booked, invoice)
	assert booked["totalTax"] == invoice["vertex_total_tax"] == TAX, (booked, invoice)
	return (
		f"{invoice['name']}: {invoice['vertex_status']}, tax {TAX:.2f}; Vertex has it once, as {booked['id']}"
	)


def credit_note(facts: dict) -> str:
	draft = _books(facts).post(MAKE_RETURN, source_name=facts["taxed_invoice"])
	credit = _booked(facts, _books(facts).insert(**{**draft, "docstatus": 1}))
	facts["tax_credit"] = credit["name"]
	assert _levels(credit) == {level: -amount for level, amount in LEVELS.items()}, credit["taxes"]
	names = (facts["taxed_invoice"], credit["name"])
	booked = [entry for name in names for entry in _vertex(facts).journal(document_number=name)]
	left = round(sum(entry["totalTax"] for entry in booked), 2)
	assert (len(booked), left) == (2, 0), booked
	return f"{credit['name']}: tax {credit['vertex_total_tax']:.2f}; Vertex has {left:.2f} of both together"


def reconciliation(facts: dict) -> str:
	today = date.today()
	# The site's day may not be this machine's.
	days = {"from_date": today - timedelta(days=1), "to_date": today + timedelta(days=1)}
	filters = {"company": COMPANY, **{name: day.isoformat() for name, day in days.items()}}
	report = _books(facts).post("frappe.desk.query_report.run", report_name=REPORT, filters=filters)
	rows = {row["invoice"]: row for row in report["result"] if isinstance(row, dict)}
	lines = []
	for name, tax in ((facts["taxed_invoice"], TAX), (facts["tax_credit"], -TAX)):
		row = rows[name]
		in_books, at_vertex = row["tax_in_books"], row["tax_at_vertex"]
		assert (in_books, at_vertex, row["difference"], row["pending"]) == (tax, tax, 0, 0), row
		lines.append(f"{name} {in_books:.2f} in the books, {at_vertex:.2f} at Vertex")
	return "; ".join(lines)


STEPS = (
	("a Sales Order for Chicago is taxed", quoted_order),
	("its Sales Invoice is booked once", booked_invoice),
	("its credit note takes the tax back", credit_note),
	(f"the report {REPORT}", reconciliation),
)


def _books(facts: dict) -> Client:
	return caller(facts, "administrator")


def _vertex(facts: dict) -> VertexControl:
	return VertexControl(facts["simulators"]["vertex"])


def _times_asked(facts: dict) -> int:
	return len(_vertex(facts).received(path=SUPPLIES))


def _levels(document: dict[str, Any]) -> dict[str, float]:
	rows = [row for row in document["taxes"] if row.get("vertex_level")]
	return {row["vertex_level"]: row["tax_amount"] for row in rows}


def _booked(facts: dict, invoice: dict[str, Any]) -> dict[str, Any]:
	"""A submitted invoice, as it is once a worker has booked it."""
	until = time.monotonic() + SECONDS
	while invoice["vertex_status"] != "Committed":
		assert time.monotonic() < until, f"{invoice['name']} is {invoice['vertex_status']} still"
		time.sleep(0.2)
		invoice = _books(facts).read("Sales Invoice", invoice["name"])
	return invoice
