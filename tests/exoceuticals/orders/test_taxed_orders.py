"""From a Quotation that Vertex has taxed to the store's order: its tax lines are the tax of what is sent."""

from decimal import Decimal

import frappe
import pytest

from medgrid.orders.taxes import from_text, total_tax
from tests.support import records
from tests.support import vertex as places
from tests.support.books import NAME, freight
from tests.support.changes import update_items
from tests.support.http import Caller, message
from tests.support.people import person
from tests.support.store import configure, new_item, sold_item
from tests.support.vendors import fresh

QUOTE = "medgrid.vertex.quote_document"
SEND = "medgrid.exoceuticals.sync_to_exoceuticals"
CITIES = {
	"Chicago": places.CHICAGO,
	"Seattle": places.SEATTLE,
	"Denver": places.DENVER,
	"Portland": places.PORTLAND,
	"Montréal": places.MONTREAL,
}
DISCOUNTS: dict[str, dict] = {
	"no discount": {},
	"an amount off": {"apply_discount_on": "Net Total", "discount_amount": 7.77},
	"a percentage off": {"apply_discount_on": "Grand Total", "additional_discount_percentage": 12.5},
}


@pytest.fixture
def clerk(environment):
	return Caller(environment, person("mgt.vertex.clerk@example.com", "Sales User", "Sales Manager"))


def ordered(books, clerk, rows, **values):
	"""A submitted Sales Order of a Quotation whose tax a person has asked for anew."""
	from erpnext.selling.doctype.quotation.quotation import make_sales_order

	warehouse = records.ensure("Warehouse", {"warehouse_name": "MGT Taxed Depot", "company": NAME})
	rows = [{**row, "warehouse": warehouse.name} for row in rows]
	values["customer"] = values.get("customer") or books.customer()
	links = {"link_name": values["customer"], "parenttype": "Address"}
	values["shipping_address_name"] = frappe.db.get_value("Dynamic Link", links, "parent")
	quotation = books.document("Quotation", *rows, **values).insert()
	frappe.db.commit()
	answer = message(clerk.post(QUOTE, doctype="Quotation", name=quotation.name))
	assert answer["status"] == "Quoted"
	quotation.reload().submit()
	order = make_sales_order(quotation.name)
	order.delivery_date = frappe.utils.add_days(frappe.utils.today(), 7)
	for row in order.items:
		row.delivery_date = order.delivery_date
	order.insert().submit()
	frappe.db.commit()
	assert order.vertex_total_tax == pytest.approx(answer["totalTax"])
	return order


def sent(store, order) -> dict:
	message(store.caller.post(SEND, sales_order=order.name))
	[created] = store.control.orders(store.domain)
	return created


def money(amount) -> Decimal:
	return Decimal(str(amount)).quantize(Decimal("0.01"))


def tax_of(created) -> Decimal:
	return sum((Decimal(line["price"]) for line in created["tax_lines"]), Decimal(0))


def goods_of(created) -> Decimal:
	return sum((Decimal(line["price"]) * line["quantity"] for line in created["line_items"]), Decimal(0))


@pytest.mark.parametrize(
	("city", "discount"),
	[*((city, "no discount") for city in CITIES), *(("Seattle", discount) for discount in DISCOUNTS)],
)
def test_all_of_an_order(connected_store, books, clerk, city, discount):
	configure(send_tax_lines=1)
	items = [sold_item(connected_store) for _item in range(3)]
	rows = [{"item_code": item, "qty": 3, "rate": 19.99 + n} for n, item in enumerate(items)]
	customer = books.customer(CITIES[city])
	order = ordered(books, clerk, rows, customer=customer, **DISCOUNTS[discount])
	created = sent(connected_store, order)
	assert tax_of(created) == money(order.vertex_total_tax)
	assert goods_of(created) + tax_of(created) == money(order.grand_total)


def test_the_rows_of_an_order_that_the_store_sells(connected_store, books, clerk):
	configure(send_tax_lines=1)
	rows = [
		{"item_code": sold_item(connected_store), "qty": 2, "rate": 28.5},
		{"item_code": new_item(), "qty": 7, "rate": 13.37},
		{"item_code": sold_item(connected_store), "qty": 1, "rate": 0.77},
	]
	customer = books.customer(places.SEATTLE)
	order = ordered(books, clerk, rows, customer=customer, taxes=[freight(12)])
	created = sent(connected_store, order)
	taxes = from_text(order.vertex_line_taxes)
	assert tax_of(created) == total_tax({1: taxes[1], 3: taxes[3]})
	assert tax_of(created) < money(order.vertex_total_tax)
	assert [line["title"] for line in created["tax_lines"]] == ["State tax", "City tax", "District tax"]


def test_an_order_whose_prices_include_the_tax(connected_store, books, clerk):
	configure(send_tax_lines=1)
	books.change_merchant(prices_include_tax=1)
	rows = [{"item_code": sold_item(connected_store), "qty": 3, "rate": 19.99}]
	order = ordered(books, clerk, rows)
	created = sent(connected_store, order)
	assert created["taxes_included"] is True
	assert tax_of(created) == money(order.vertex_total_tax)
	assert goods_of(created) == money(order.grand_total) == money(59.97)


def update_as_erpnext_does(document, added, removed) -> None:
	"""*Update Items* of ERPNext stores new rows and deletes others before it saves the order."""
	document = fresh(document)
	for row in [row for row in document.items if row.idx in removed]:
		frappe.db.delete("Sales Order Item", {"name": row.name})
	item, quantity, rate = added
	row = frappe.copy_doc(document.items[0])
	row.update({"item_code": item, "item_name": item, "qty": quantity, "rate": rate, "docstatus": 1})
	row.update({"parent": document.name, "idx": len(document.items) - len(removed) + 1})
	row.insert(ignore_permissions=True)
	document.reload()
	document.flags.ignore_validate_update_after_submit = True
	document.calculate_taxes_and_totals()
	for place, each in enumerate(document.items, 1):
		each.idx = place
	document.save()
	frappe.db.commit()


def update_at_once(document, added, removed) -> None:
	update_items(document, added, removed=removed)


@pytest.mark.parametrize("update", [update_as_erpnext_does, update_at_once])
def test_each_rows_tax_stays_its_own_when_rows_are_added_and_removed(connected_store, books, clerk, update):
	"""The new row takes the number that the freight had, whose tax is no row's."""
	configure(send_tax_lines=1)
	items = [sold_item(connected_store) for _item in range(3)]
	rows = [{"item_code": item, "qty": 1, "rate": 10 * 3**n} for n, item in enumerate(items)]
	customer = books.customer(places.SEATTLE)
	order = ordered(books, clerk, rows, customer=customer, taxes=[freight(50)])
	[_first, second, third, _freight] = [
		sum(each.values()) for each in from_text(order.vertex_line_taxes).values()
	]
	whole = total_tax(from_text(order.vertex_line_taxes))
	update(order, (sold_item(connected_store), 1, 7), [1])
	order = fresh(order)
	assert [row.item_code for row in order.items][:2] == items[1:]
	assert [sum(each.values()) for each in from_text(order.vertex_line_taxes).values()][:2] == [second, third]
	assert total_tax(from_text(order.vertex_line_taxes)) == whole
	assert tax_of(sent(connected_store, order)) == second + third
	# And once more, without the last row that was taxed.
	update(order, (new_item(), 1, 1), [2])
	taxes = from_text(fresh(order).vertex_line_taxes)
	assert (sum(taxes[1].values()), taxes.keys() & {2, 3}) == (second, set())
	assert total_tax(taxes) == whole
