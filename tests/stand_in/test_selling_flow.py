"""Sales Orders of the stand-in: what they take over, refuse, reserve, and what becomes of them."""

import frappe
import pytest
from frappe.utils import add_days, getdate, today

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in


@pytest.fixture
def shelf(site):
	return make.warehouse()


@pytest.fixture
def gauze(shelf):
	"""An item with a price and 20 on the shelf."""
	item = make.priced_item(12.35, item_name="Gauze")
	make.receive(item, 20, shelf)
	return item


def line(item, qty=3, **values) -> dict:
	return {"item_code": item, "qty": qty, **values}


def test_order_takes_over_item_customer_and_settings(gauze, shelf):
	order = make.sales_order(line(gauze, warehouse=shelf))
	row = order.items[0]
	assert (row.item_name, row.description, row.uom, row.stock_uom) == ("Gauze", "Gauze", "Nos", "Nos")
	assert (row.conversion_factor, row.stock_qty, row.rate, row.item_group) == (1, 3, 12.35, "Products")
	assert order.selling_price_list == make.default_price_list()
	assert (order.currency, order.conversion_rate) == ("USD", 1)
	assert (order.customer_name, order.customer_group, order.territory) == (
		order.customer,
		"Commercial",
		"United States",
	)
	assert (order.status, order.delivery_status, order.billing_status) == (
		"Draft",
		"Not Delivered",
		"Not Billed",
	)
	assert order.name.startswith(f"SAL-ORD-{getdate().year}-")


def test_line_takes_warehouse_and_supplier_from_the_items_defaults(site):
	shelf, vendor = make.warehouse(), make.supplier()
	defaults = {"company": make.company(), "default_warehouse": shelf, "default_supplier": vendor}
	item = make.priced_item(5, item_defaults=[defaults])
	row = make.sales_order(line(item)).items[0]
	assert (row.warehouse, row.supplier) == (shelf, vendor)


def test_warehouse_of_the_order_wins_over_the_items_default(site):
	ordered, usual = make.warehouse(), make.warehouse()
	item = make.priced_item(5, item_defaults=[{"company": make.company(), "default_warehouse": usual}])
	assert make.sales_order(line(item), set_warehouse=ordered).items[0].warehouse == ordered


def test_warehouse_of_the_order_is_forgotten_when_lines_differ(gauze, shelf):
	order = make.sales_order(line(gauze), line(gauze, warehouse=shelf), set_warehouse=make.warehouse())
	assert order.set_warehouse is None


def test_latest_price_valid_today_applies(site):
	item = make.item()
	make.price(item, 10, valid_from=add_days(today(), -5))
	make.price(item, 9, valid_from=add_days(today(), -3), valid_upto=add_days(today(), 3))
	make.price(item, 8, valid_from=add_days(today(), -2), valid_upto=add_days(today(), -1))
	make.price(item, 7, valid_from=add_days(today(), 1))
	assert make.sales_order(line(item)).items[0].rate == 9


def test_price_of_one_batch_does_not_apply_to_an_order(site):
	item = make.priced_item(12)
	batch = make.insert("Batch", batch_id=make.unique("LOT"), item=item).name
	make.price(item, 9, batch_no=batch)
	assert make.sales_order(line(item)).items[0].rate == 12


def test_customers_own_price_wins(site):
	item, customer = make.priced_item(12), make.customer()
	make.price(item, 11, customer=customer)
	assert make.sales_order(line(item), customer=customer).items[0].rate == 11
	assert make.sales_order(line(item)).items[0].rate == 12


def test_sale_at_a_rate_leaves_the_missing_price_behind(site):
	item = make.item()
	make.sales_order(line(item, rate=15))
	price = frappe.get_last_doc("Item Price", {"item_code": item})
	assert (price.price_list, price.price_list_rate) == (make.default_price_list(), 15)
	assert price.uom == "Nos"


def test_addresses_and_contact_of_the_customer_are_taken_over(gauze):
	customer = make.customer()
	billing = make.address(("Customer", customer), is_primary_address=1)
	shipping = make.address(
		("Customer", customer), address_type="Shipping", address_line1="2 Dock Rd", is_shipping_address=1
	)
	contact = make.primary_contact(("Customer", customer), "ann@stand-in.test", "555-0101")
	order = make.sales_order(line(gauze), customer=customer)
	assert (order.customer_address, order.shipping_address_name) == (billing, shipping)
	assert order.address_display.split() == ["1", "Main", "St<br>", "Springfield,", "IL", "62701<br>"]
	assert order.shipping_address.split() == ["2", "Dock", "Rd<br>", "Springfield,", "IL", "62701<br>"]
	assert (order.contact_person, order.contact_display) == (contact, "Ann Lee")
	assert (order.contact_email, order.contact_mobile) == ("ann@stand-in.test", "555-0101")


def test_address_of_somebody_else_is_refused(gauze):
	foreign = make.address(("Customer", make.customer()))
	with pytest.raises(frappe.ValidationError, match=f"{foreign} does not belong to"):
		make.sales_order(line(gauze), customer_address=foreign)


def test_order_without_a_delivery_date_is_refused(gauze):
	with pytest.raises(frappe.ValidationError, match="Please enter Delivery Date"):
		make.sales_order(line(gauze), delivery_date=None)


def test_delivery_before_the_order_is_refused(gauze):
	with pytest.raises(frappe.ValidationError, match="before the date of the order"):
		make.sales_order(line(gauze), delivery_date=add_days(today(), -1))


def test_order_is_due_when_its_last_line_is(gauze):
	order = make.sales_order(line(gauze, delivery_date=add_days(today(), 9)), line(gauze, qty=1))
	assert str(order.delivery_date) == add_days(today(), 9)
	assert str(order.items[1].delivery_date) == add_days(today(), 5)


def test_order_without_lines_is_refused(site):
	with pytest.raises(frappe.MandatoryError, match="items"):
		make.sales_order()


def test_quantity_of_zero_is_refused(gauze):
	from erpnext.controllers.accounts_controller import InvalidQtyError

	with pytest.raises(InvalidQtyError, match="cannot be zero"):
		make.sales_order(line(gauze, qty=0))


def test_fraction_of_a_whole_unit_is_refused(gauze):
	from erpnext.utilities.transaction_base import UOMMustBeIntegerError

	with pytest.raises(UOMMustBeIntegerError, match=r"1.5 is no whole number"):
		make.sales_order(line(gauze, qty=1.5))


def test_stock_item_needs_a_warehouse(site):
	from erpnext.selling.doctype.sales_order.sales_order import WarehouseRequired

	make.company()  # the first company of a site would set the default anew
	make.change_settings("Stock Settings", default_warehouse=None)
	with pytest.raises(WarehouseRequired, match="needs a delivery warehouse"):
		make.sales_order(line(make.priced_item(5)))


def test_service_needs_no_warehouse(site):
	make.company()  # the first company of a site would set the default anew
	make.change_settings("Stock Settings", default_warehouse=None)
	assert make.submitted_order(line(make.priced_item(5, is_stock_item=0))).docstatus == 1


@pytest.mark.parametrize(
	("change", "message"),
	[
		({"disabled": 1}, "is disabled"),
		({"end_of_life": "2020-01-01"}, "reached its end of life"),
		({"is_sales_item": 0}, "Not a sales item"),
	],
)
def test_item_that_is_not_for_sale_is_refused(site, change, message):
	item = make.priced_item(5)
	frappe.get_doc("Item", item).update(change).save()
	with pytest.raises(frappe.ValidationError, match=message):
		make.sales_order(line(item))


def test_disabled_customer_is_refused(gauze):
	from erpnext.exceptions import PartyDisabled

	customer = make.customer(disabled=1)
	with pytest.raises(PartyDisabled, match=f"{customer} is disabled"):
		make.sales_order(line(gauze), customer=customer)


def test_order_without_a_customer_is_refused(gauze):
	with pytest.raises(frappe.MandatoryError, match="customer"):
		make.insert("Sales Order", company=make.company(), delivery_date=today(), items=[line(gauze)])


def test_second_order_for_a_customers_purchase_order_is_refused(gauze):
	customer = make.customer()
	first = make.sales_order(line(gauze), customer=customer, po_no="PO-77")
	with pytest.raises(frappe.ValidationError, match=f"{first.name} is against .* PO-77 as well"):
		make.sales_order(line(gauze), customer=customer, po_no="PO-77")
	make.change_settings("Selling Settings", allow_against_multiple_purchase_orders=1)
	assert make.sales_order(line(gauze), customer=customer, po_no="PO-77").po_no == "PO-77"


def test_drop_shipped_line_needs_a_supplier(gauze):
	with pytest.raises(frappe.ValidationError, match="name the Supplier who delivers"):
		make.sales_order(line(gauze, delivered_by_supplier=1))


def test_tax_row_that_refers_to_itself_is_refused(gauze):
	with pytest.raises(frappe.ValidationError, match="needs the number of an earlier row"):
		make.sales_order(line(gauze), taxes=[make.tax("On Previous Row Amount", row_id=1, rate=1)])


def test_submitted_order_reserves_stock(gauze, shelf):
	order = make.submitted_order(line(gauze, warehouse=shelf))
	assert order.status == "To Deliver and Bill"
	bin_row = make.bin_of(gauze, shelf)
	assert (bin_row.actual_qty, bin_row.reserved_qty, bin_row.projected_qty) == (20, 3, 17)


def test_draft_and_drop_shipped_lines_reserve_nothing(gauze, shelf):
	make.sales_order(line(gauze, warehouse=shelf))
	drop_shipped = line(gauze, warehouse=shelf, delivered_by_supplier=1, supplier=make.supplier())
	make.submitted_order(drop_shipped)
	assert make.bin_of(gauze, shelf).reserved_qty == 0


def test_reservation_is_in_stock_units(gauze, shelf):
	item = frappe.get_doc("Item", gauze)
	item.append("uoms", {"uom": "Box", "conversion_factor": 10})
	item.save()
	make.submitted_order(line(gauze, qty=2, uom="Box", warehouse=shelf))
	assert make.bin_of(gauze, shelf).reserved_qty == 20


def test_hold_and_close_free_the_stock_and_reopening_reserves_it(gauze, shelf):
	from erpnext.selling.doctype.sales_order.sales_order import update_status

	order = make.submitted_order(line(gauze, warehouse=shelf))
	seen = []
	for status in ("On Hold", "Draft", "Closed", "Draft"):
		update_status(status, order.name)
		now = frappe.db.get_value("Sales Order", order.name, "status")
		seen.append((now, make.bin_of(gauze, shelf).reserved_qty))
	assert seen == [("On Hold", 0), ("To Deliver and Bill", 3), ("Closed", 0), ("To Deliver and Bill", 3)]


def test_closed_order_cannot_be_cancelled(gauze, shelf):
	order = make.submitted_order(line(gauze, warehouse=shelf))
	order.update_status("Closed")
	with pytest.raises(frappe.ValidationError, match="closed order cannot be cancelled"):
		frappe.get_doc("Sales Order", order.name).cancel()


def test_status_of_an_order_that_changed_meanwhile_is_not_updated(gauze):
	order = make.submitted_order(line(gauze))
	stale = frappe.get_doc("Sales Order", order.name)
	order.update_status("On Hold")
	with pytest.raises(frappe.ValidationError, match="modified meanwhile"):
		stale.update_status("Closed")


def test_cancelled_order_frees_the_stock(gauze, shelf):
	order = make.submitted_order(line(gauze, warehouse=shelf))
	order.cancel()
	assert frappe.db.get_value("Sales Order", order.name, ["status", "docstatus"]) == ("Cancelled", 2)
	assert make.bin_of(gauze, shelf).reserved_qty == 0


def test_amended_order_takes_the_cancelled_ones_place(gauze, shelf):
	order = make.submitted_order(line(gauze, warehouse=shelf))
	order.cancel()
	amended = frappe.copy_doc(order)
	amended.amended_from = order.name
	amended.insert().submit()
	assert (amended.name, amended.status) == (f"{order.name}-1", "To Deliver and Bill")
	assert make.bin_of(gauze, shelf).reserved_qty == 3


def test_submitted_order_can_change_its_po_number_but_no_quantity(gauze):
	order = make.submitted_order(line(gauze))
	order.update({"po_no": "PO-9"}).save()
	order.items[0].qty = 5
	with pytest.raises(frappe.UpdateAfterSubmitError, match="Not allowed to change"):
		order.save()
	assert frappe.db.get_value("Sales Order", order.name, "po_no") == "PO-9"


@pytest.mark.parametrize(
	("values", "status"),
	[
		({"per_billed": 0}, "To Deliver and Bill"),
		({"per_billed": 100}, "To Deliver"),
		({"per_delivered": 100}, "To Bill"),
		({"skip_delivery_note": 1}, "To Bill"),
		({"per_delivered": 100, "per_billed": 100}, "Completed"),
	],
)
def test_status_tells_what_is_still_to_do(gauze, values, status):
	order = make.submitted_order(line(gauze))
	order.db_set(values)
	order.set_status(update=True)
	assert frappe.db.get_value("Sales Order", order.name, "status") == status
