"""Delivery Notes of the stand-in: made from orders, taking stock, moving the orders on, and back again."""

import frappe
import pytest

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in


@pytest.fixture
def shelf(site):
	return make.warehouse()


@pytest.fixture
def gauze(shelf):
	item = make.priced_item(12.35)
	make.receive(item, 20, shelf)
	return item


@pytest.fixture
def service(site):
	return make.priced_item(7, is_stock_item=0)


def order_of(gauze, shelf, qty=6, *others, **values):
	return make.submitted_order({"item_code": gauze, "qty": qty, "warehouse": shelf}, *others, **values)


def deliver(order, **quantities):
	"""Deliver everything that is open, or just the given quantities by row (`row_1=2`)."""
	note = make.delivery_note_of(order)
	if quantities:
		note.items = [row for row in note.items if f"row_{row.idx}" in quantities]
		for row in note.items:
			row.qty = quantities[f"row_{row.idx}"]
	note.insert()
	return note.submit()


def progress(order) -> tuple:
	return frappe.db.get_value("Sales Order", order.name, ["status", "per_delivered", "delivery_status"])


def stock(gauze, shelf) -> tuple:
	row = make.bin_of(gauze, shelf)
	return row.actual_qty, row.reserved_qty, row.projected_qty


def test_note_made_from_an_order_is_unsaved_and_complete(gauze, shelf):
	customer = make.customer()
	address = make.address(("Customer", customer), is_primary_address=1)
	taxes = [make.tax("On Net Total", rate=8.875)]
	order = order_of(gauze, shelf, 3, customer=customer, po_no="PO-1", taxes=taxes)
	note = make.delivery_note_of(order)
	assert note.is_new() and note.docstatus == 0
	assert (note.customer, note.po_no, note.customer_address) == (customer, "PO-1", address)
	row = note.items[0]
	assert (row.against_sales_order, row.so_detail) == (order.name, order.items[0].name)
	assert (row.item_code, row.qty, row.rate, row.warehouse) == (gauze, 3, 12.35, shelf)
	assert (note.net_total, note.grand_total) == (order.net_total, order.grand_total)


def test_delivery_takes_the_stock_and_frees_the_reservation(gauze, shelf):
	order = order_of(gauze, shelf, 3)
	note = deliver(order)
	assert (note.status, note.docstatus) == ("To Bill", 1)
	assert stock(gauze, shelf) == (17, 0, 17)
	assert progress(order) == ("To Bill", 100, "Fully Delivered")
	assert frappe.db.get_value("Sales Order Item", order.items[0].name, "delivered_qty") == 3
	ledger = frappe.get_last_doc("Stock Ledger Entry", {"voucher_no": note.name})
	assert (ledger.actual_qty, ledger.qty_after_transaction, ledger.warehouse) == (-3, 17, shelf)


def test_order_is_delivered_in_parts(gauze, shelf, service):
	order = order_of(gauze, shelf, 6, {"item_code": service, "qty": 2}, discount_amount=4)
	first = deliver(order, row_1=2)
	assert progress(order) == ("To Deliver and Bill", 25, "Partly Delivered")
	assert stock(gauze, shelf) == (18, 4, 14)
	assert (first.discount_amount, first.grand_total) == (4, 20.7)
	rest = make.delivery_note_of(order)
	assert [(row.item_code, row.qty) for row in rest.items] == [(gauze, 4), (service, 2)]
	rest.insert()
	rest.submit()
	assert progress(order) == ("To Bill", 100, "Fully Delivered")
	assert stock(gauze, shelf) == (14, 0, 14)


def test_cancelled_delivery_is_undone(gauze, shelf):
	order = order_of(gauze, shelf, 3)
	note = deliver(order)
	note.cancel()
	assert frappe.db.get_value("Delivery Note", note.name, ["status", "docstatus"]) == ("Cancelled", 2)
	assert stock(gauze, shelf) == (20, 3, 17)
	assert progress(order) == ("To Deliver and Bill", 0, "Not Delivered")
	assert frappe.db.get_value("Sales Order Item", order.items[0].name, "delivered_qty") == 0


def test_delivered_order_cannot_be_cancelled(gauze, shelf):
	order = order_of(gauze, shelf, 3)
	note = deliver(order)
	with pytest.raises(frappe.LinkExistsError, match=note.name):
		frappe.get_doc("Sales Order", order.name).cancel()


def test_more_than_ordered_is_refused(gauze, shelf):
	from erpnext.controllers.status_updater import OverAllowanceError

	order = order_of(gauze, shelf, 3)
	with pytest.raises(OverAllowanceError, match=f"1.0 more of Item {gauze}"):
		deliver(order, row_1=4)


@pytest.mark.parametrize("allowed_by", ["item", "settings"])
def test_more_than_ordered_can_be_allowed(gauze, shelf, allowed_by):
	if allowed_by == "item":
		frappe.get_doc("Item", gauze).update({"over_delivery_receipt_allowance": 50}).save()
	else:
		make.change_settings("Stock Settings", over_delivery_receipt_allowance=50)
	order = order_of(gauze, shelf, 3)
	deliver(order, row_1=4)
	assert progress(order) == ("To Bill", 100, "Fully Delivered")
	assert stock(gauze, shelf) == (16, 0, 16)


def test_stock_that_is_not_there_cannot_be_delivered(gauze, shelf):
	from erpnext.stock.stock_ledger import NegativeStockError

	order = order_of(gauze, shelf, 30)
	with pytest.raises(NegativeStockError, match=r"10.0.* units of .* are missing"):
		deliver(order)


def test_negative_stock_can_be_allowed(gauze, shelf):
	frappe.get_doc("Item", gauze).update({"allow_negative_stock": 1}).save()
	deliver(order_of(gauze, shelf, 30))
	assert stock(gauze, shelf) == (-10, 0, -10)


def test_draft_order_cannot_be_delivered(gauze):
	order = make.sales_order({"item_code": gauze, "qty": 3})
	with pytest.raises(frappe.ValidationError, match="docstatus=1"):
		make.delivery_note_of(order)


@pytest.mark.parametrize("status", ["Closed", "On Hold"])
def test_order_that_is_not_open_cannot_be_delivered(gauze, shelf, status):
	order = order_of(gauze, shelf, 3)
	note = make.delivery_note_of(order)
	order.update_status(status)
	with pytest.raises(frappe.ValidationError, match=f"{order.name} is {status}"):
		note.insert()


def test_note_for_another_customer_than_the_orders_is_refused(gauze, shelf):
	note = make.delivery_note_of(order_of(gauze, shelf, 3))
	note.customer = make.customer()
	with pytest.raises(frappe.ValidationError, match="Customer must be equal to"):
		note.insert()


def test_note_with_half_a_reference_is_refused(gauze, shelf):
	note = make.delivery_note_of(order_of(gauze, shelf, 3))
	note.items[0].so_detail = None
	with pytest.raises(frappe.ValidationError, match=r"Row #1: .* is not set"):
		note.insert()


def test_note_without_an_order_delivers_too(gauze, shelf):
	rows = [{"item_code": gauze, "qty": 2, "warehouse": shelf}]
	note = make.insert("Delivery Note", customer=make.customer(), company=make.company(), items=rows)
	note.submit()
	assert (note.grand_total, stock(gauze, shelf)) == (24.7, (18, 0, 18))


def test_return_is_refused_clearly(gauze, shelf):
	rows = [{"item_code": gauze, "qty": -2, "warehouse": shelf}]
	with pytest.raises(frappe.ValidationError, match="knows no returns"):
		make.insert(
			"Delivery Note", customer=make.customer(), company=make.company(), is_return=1, items=rows
		)


def test_tracking_number_of_a_submitted_note_can_only_be_set_in_the_database(gauze, shelf):
	note = deliver(order_of(gauze, shelf, 3))
	note.lr_no = "1Z999"
	with pytest.raises(frappe.UpdateAfterSubmitError, match="Transport Receipt No"):
		note.save()
	note.reload()
	note.db_set("lr_no", "1Z999")
	assert frappe.db.get_value("Delivery Note", note.name, "lr_no") == "1Z999"


def test_carrier_is_a_supplier_and_brings_its_name(gauze, shelf):
	carrier = make.supplier(is_transporter=1)
	note = make.delivery_note_of(order_of(gauze, shelf, 3))
	note.transporter = carrier
	assert note.insert().transporter_name == carrier


def test_drop_shipped_line_is_left_to_the_supplier(gauze, shelf):
	drop_shipped = {"item_code": gauze, "qty": 1, "delivered_by_supplier": 1, "supplier": make.supplier()}
	order = order_of(gauze, shelf, 3, drop_shipped)
	assert [row.qty for row in make.delivery_note_of(order).items] == [3]


def test_note_of_two_orders_names_both_purchase_orders(gauze, shelf):
	customer = make.customer()
	first = order_of(gauze, shelf, 1, customer=customer, po_no="PO-1")
	second = order_of(gauze, shelf, 2, customer=customer, po_no="PO-2")
	from erpnext.selling.doctype.sales_order.sales_order import make_delivery_note

	note = make_delivery_note(second.name, make_delivery_note(first.name))
	note.po_no = None
	note.insert().submit()
	assert note.po_no == "PO-1, PO-2"
	assert progress(first) == progress(second) == ("To Bill", 100, "Fully Delivered")
