"""Which items are offered, how much of them, and how they are found."""

import unicodedata

import frappe
import pytest
from frappe.utils import add_days, today


@pytest.mark.parametrize(
	("values", "offered"),
	[
		({}, True),
		({"disabled": 1}, False),
		({"has_variants": 1}, False),
		({"is_sales_item": 0}, False),
		({"end_of_life": -10}, False),
		({"end_of_life": 0}, False),
		({"end_of_life": 1}, True),
		({"end_of_life": None}, True),
		({"is_purchase_item": 0}, True),
	],
)
def test_what_erpnext_refuses_on_a_sales_order_is_not_offered(shelf, values, offered):
	if isinstance(days := values.get("end_of_life"), int):
		values = {"end_of_life": add_days(today(), days)}
	shelf.put("MGT-OFFERED", **values)
	assert bool(shelf.row("MGT-OFFERED")) is offered
	assert (shelf.found("MGT-OFFERED") == ["MGT-OFFERED"]) is offered


@pytest.mark.parametrize(
	("reserved", "available"),
	[
		({}, 10),
		({"reserved_qty": 4}, 6),
		({"reserved_qty": 10}, 0),
		({"reserved_qty": 14}, 0),
		({"reserved_qty": -2}, 10),
		({"reserved_qty_for_production": 1.5}, 8.5),
		({"reserved_qty_for_sub_contract": 2, "reserved_qty_for_production_plan": 3}, 5),
		({"reserved_stock": 3}, 7),
		({"reserved_qty": 3, "reserved_stock": 3}, 7),
	],
)
def test_reserved_stock_is_subtracted_only_if_the_setting_says_so(shelf, reserved, available):
	shelf.put("MGT-RESERVED", quantity=10)
	shelf.stock("MGT-RESERVED", **reserved)
	frappe.db.set_single_value("Medgrid Settings", "subtract_reserved_stock", 0)
	assert shelf.row("MGT-RESERVED")["available_qty"] == 10
	frappe.db.set_single_value("Medgrid Settings", "subtract_reserved_stock", 1)
	quantity = shelf.row("MGT-RESERVED")["available_qty"]
	assert (quantity, type(quantity)) == (available, type(available))


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["NFC", "NFD"])
def test_a_letter_with_a_mark_is_found_however_it_is_typed_and_stored(shelf, stored, typed):
	shelf.put("MGT-MARK", item_name=unicodedata.normalize(stored, "Verband Mölnlycke 5 cm"))
	assert shelf.found(unicodedata.normalize(typed, "Mölnlycke")) == ["MGT-MARK"]
