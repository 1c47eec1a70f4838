"""Stock Entries of the stand-in move stock as ERPNext's."""

import frappe
import pytest

from tests.stand_in import factories as make

pytestmark = pytest.mark.stand_in


@pytest.fixture
def shelf(site):
	return make.warehouse()


def test_receipt_fills_the_bin_and_the_ledger(shelf):
	item = make.item()
	entry = make.receive(item, 20, shelf, rate=10)
	assert (entry.purpose, entry.total_incoming_value, entry.value_difference) == (
		"Material Receipt",
		200,
		200,
	)
	assert make.bin_of(item, shelf) == {
		"actual_qty": 20,
		"reserved_qty": 0,
		"projected_qty": 20,
		"valuation_rate": 10,
		"stock_value": 200,
	}
	ledger = frappe.get_last_doc("Stock Ledger Entry", {"voucher_no": entry.name})
	assert (ledger.actual_qty, ledger.qty_after_transaction, ledger.valuation_rate) == (20, 20, 10)
	assert (ledger.item_code, ledger.warehouse, ledger.docstatus) == (item, shelf, 1)


def test_second_receipt_averages_the_rate(shelf):
	item = make.item()
	make.receive(item, 10, shelf, rate=10)
	make.receive(item, 30, shelf, rate=20)
	assert make.bin_of(item, shelf).valuation_rate == 17.5


def test_cancelled_receipt_empties_the_bin(shelf):
	item = make.item()
	entry = make.receive(item, 20, shelf)
	entry.cancel()
	assert make.bin_of(item, shelf) == {
		"actual_qty": 0,
		"reserved_qty": 0,
		"projected_qty": 0,
		"valuation_rate": 0,
		"stock_value": 0,
	}
	ledger = {"voucher_no": entry.name}
	fields = ["actual_qty", "is_cancelled"]
	rows = frappe.get_all("Stock Ledger Entry", ledger, fields, order_by="actual_qty", as_list=True)
	assert [tuple(row) for row in rows] == [(-20, 1), (20, 1)]


def test_another_unit_is_converted(shelf):
	item = make.item(uoms=[{"uom": "Box", "conversion_factor": 12}])
	entry = make.stock_entry("Material Receipt", item, 2, uom="Box", t_warehouse=shelf, basic_rate=1).submit()
	assert (entry.items[0].conversion_factor, entry.items[0].transfer_qty) == (12, 24)
	assert make.bin_of(item, shelf).actual_qty == 24


def test_transfer_takes_from_one_and_gives_to_the_other(shelf):
	item, other = make.item(), make.warehouse()
	make.receive(item, 20, shelf)
	make.stock_entry("Material Transfer", item, 5, s_warehouse=shelf, t_warehouse=other).submit()
	assert (make.bin_of(item, shelf).actual_qty, make.bin_of(item, other).actual_qty) == (15, 5)
	assert make.bin_of(item, other).valuation_rate == 10


def test_issue_takes_away(shelf):
	item = make.item()
	make.receive(item, 20, shelf)
	make.stock_entry("Material Issue", item, 5, s_warehouse=shelf).submit()
	assert make.bin_of(item, shelf).stock_value == 150


def test_issue_of_more_than_there_is_is_refused(shelf):
	from erpnext.stock.stock_ledger import NegativeStockError

	item = make.item()
	make.receive(item, 20, shelf)
	entry = make.stock_entry("Material Issue", item, 21, s_warehouse=shelf)
	with pytest.raises(NegativeStockError, match=r"1.0.* units of .* are missing"):
		entry.submit()


@pytest.mark.parametrize("allowed_by", ["item", "settings"])
def test_negative_stock_can_be_allowed(shelf, allowed_by):
	item = make.item(allow_negative_stock=int(allowed_by == "item"))
	if allowed_by == "settings":
		make.change_settings("Stock Settings", allow_negative_stock=1)
	make.stock_entry("Material Issue", item, 3, s_warehouse=shelf).submit()
	assert make.bin_of(item, shelf).actual_qty == -3


def test_cancelling_a_receipt_whose_stock_is_gone_is_refused(shelf):
	from erpnext.stock.stock_ledger import NegativeStockError

	item = make.item()
	entry = make.receive(item, 20, shelf)
	make.stock_entry("Material Issue", item, 15, s_warehouse=shelf).submit()
	with pytest.raises(NegativeStockError, match=r"15.0.* units"):
		entry.cancel()


def test_group_warehouse_is_refused_when_stock_is_posted(shelf):
	group = make.warehouse(is_group=1)
	with pytest.raises(frappe.ValidationError, match=f"Group warehouse {group} cannot be used"):
		make.receive(make.item(), 1, group)


def test_disabled_warehouse_is_refused(shelf):
	closed = make.warehouse(disabled=1)
	with pytest.raises(frappe.ValidationError, match=f"Disabled warehouse {closed} cannot be used"):
		make.receive(make.item(), 1, closed)


def test_warehouse_of_another_company_is_refused(site):
	from erpnext.stock.utils import InvalidWarehouseCompany

	make.company()
	foreign = f"Stores - {make.new_company().abbr}"
	with pytest.raises(InvalidWarehouseCompany, match="does not belong to company"):
		make.receive(make.item(), 1, foreign)


def test_service_cannot_be_received(shelf):
	item = make.item(is_stock_item=0)
	with pytest.raises(frappe.ValidationError, match=f"{item} is not a stock Item"):
		make.stock_entry("Material Receipt", item, 1, t_warehouse=shelf)


def test_receipt_without_any_rate_is_refused_on_submit(shelf):
	entry = make.stock_entry("Material Receipt", make.item(valuation_rate=0), 1, t_warehouse=shelf)
	with pytest.raises(frappe.ValidationError, match="has no Valuation Rate"):
		entry.submit()


def test_entry_without_a_warehouse_is_refused(site):
	with pytest.raises(frappe.ValidationError, match="Source warehouse is mandatory for row 1"):
		make.stock_entry("Material Issue", make.item(), 1)


def test_purpose_that_makes_something_is_refused(shelf):
	make.insert("Stock Entry Type", name="Manufacture", purpose="Manufacture", is_standard=1)
	with pytest.raises(frappe.ValidationError, match="stand-in for ERPNext cannot post"):
		make.stock_entry("Manufacture", make.item(), 1, t_warehouse=shelf)
