"""Submitted Sales Orders: some of one vendor only, some shared by several."""

import frappe
from frappe.utils import add_days, today

from sandbox.demo.cast import CUSTOMERS, VENDORS
from sandbox.demo.catalog import COMPANY, RETAIL, products

# Customer's purchase order number -> (index of the customer, how many lines of each vendor in VENDORS).
ORDERS = {
	"PO-1001": (0, (0, 2, 0)),
	"PO-1002": (1, (2, 0, 0)),
	"PO-1003": (2, (1, 1, 1)),
	"PO-1004": (3, (1, 0, 2)),
	"PO-1005": (4, (0, 0, 3)),
	"PO-1006": (0, (1, 2, 0)),
}


def load() -> None:
	for number, (reference, (customer, lines)) in enumerate(ORDERS.items()):
		if not frappe.db.exists("Sales Order", {"po_no": reference}):
			_order(reference, CUSTOMERS[customer][0], _lines(number, lines))


def _order(reference: str, customer: str, lines: list[dict]) -> None:
	frappe.get_doc(
		{
			"doctype": "Sales Order",
			"company": COMPANY,
			"customer": customer,
			"po_no": reference,
			"transaction_date": today(),
			"delivery_date": add_days(today(), 7),
			"currency": "USD",
			"selling_price_list": RETAIL,
			"items": [{**line, "delivery_date": add_days(today(), 7)} for line in lines],
		}
	).insert().submit()


def _lines(number: int, wanted: tuple[int, ...]) -> list[dict]:
	"""Lines with what each vendor has in stock and has priced; each order takes other products."""
	lines: list[dict] = []
	for vendor, count in zip(VENDORS, wanted, strict=True):
		offered = [
			row
			for row in products()
			if row["vendor"] == vendor and int(row["qty_shipstation"]) >= 20 and row["standard_rate"]
		]
		for row in offered[number * 3 : number * 3 + count]:
			quantity = 1 + (number + len(lines)) % 4
			lines.append(
				{"item_code": row["item_code"], "qty": quantity, "rate": float(row["standard_rate"])}
			)
	return lines
