"""Which price is an item's rate, and how it is rounded."""

import frappe
import pytest
from frappe.utils import add_days, today

from medgrid.core.money.rounding import BANKERS, COMMERCIAL, LEGACY
from medgrid.exceptions import NotFound, RuleViolated
from medgrid.stock.terms import default_currency, terms_of
from tests.support.records import customer, price_list, supplier

LAST_WEEK, TOMORROW, YESTERDAY = (
	(lambda: add_days(today(), -7)),
	(lambda: add_days(today(), 1)),
	(lambda: add_days(today(), -1)),
)


@pytest.mark.parametrize(
	("prices", "rate", "rule"),
	[
		([(10, {})], 10, "the only price"),
		([], None, "no price"),
		([(0, {})], 0, "a price of 0 is a price"),
		([(10, {}), (8, {"packing_unit": 10})], 10, "a price of a pack of ten is none of one unit"),
		([(8, {"packing_unit": 10}), (10, {})], 10, "whichever was made first"),
		([(8, {"packing_unit": 10})], None, "only a price of packs"),
		([(9, {"packing_unit": 1})], 9, "packs of one are units"),
		([(9, {"uom": "Nos"}), (7, {"uom": ""})], 9, "a price of the unit before one of any unit"),
		([(7, {"uom": None}), (9, {"uom": "Nos"})], 9, "whichever was made first"),
		([(70, {"uom": "Box"})], None, "a price of another unit"),
		([(70, {"uom": "Box"}), (7, {"uom": ""})], 7, "a price of another unit does not hide one of any"),
		([(9, {"uom": "Nos"}), (7, {"uom": "", "valid_from": LAST_WEEK})], 7, "a date before a unit"),
		([(9, {"valid_from": LAST_WEEK}), (7, {"valid_from": TOMORROW})], 9, "a price of tomorrow"),
		([(9, {"valid_upto": YESTERDAY})], None, "a price that ended yesterday"),
		([(9, {"valid_from": today, "valid_upto": today})], 9, "first and last day"),
		([(9, {"customer": "MGT Shelf Clinic"})], None, "a customer's own price"),
		([(9, {"supplier": "MGT Shelf Vendor"})], None, "a supplier's own price"),
		([(9, {"batch_no": "MGT-B"})], None, "a batch's own price"),
		([(9, {}), (8, {"uom": "Nos", "packing_unit": 6})], 9, "packs of the unit before one of any unit"),
	],
)
def test_the_rate_is_the_price_that_erpnext_takes_for_one_unit(shelf, prices, rate, rule):
	customer("MGT Shelf Clinic")
	supplier("MGT Shelf Vendor")
	shelf.put("MGT-PRICED")
	for amount, values in prices:
		shelf.price(
			"MGT-PRICED",
			amount,
			**{name: value() if callable(value) else value for name, value in values.items()},
		)
	assert shelf.row("MGT-PRICED")["rate"] == rate, rule


@pytest.mark.parametrize(
	("own", "template", "rate", "rule"),
	[
		([], [(12, {})], 12, "a variant without a price has its template's"),
		([(9, {})], [(12, {})], 9, "its own comes first"),
		([(0, {})], [(12, {})], 0, "also if it is 0"),
		([(9, {"packing_unit": 10})], [(12, {})], 12, "a price of packs is none"),
		([], [(12, {"uom": "Box"})], None, "the template's price in another unit is none"),
		([], [(12, {"customer": "MGT Shelf Clinic"})], None, "nor is a customer's own"),
	],
)
def test_a_variant_without_a_price_has_its_templates(shelf, own, template, rate, rule):
	customer("MGT Shelf Clinic")
	shelf.put("MGT-TEMPLATE", quantity=0, has_variants=1)
	shelf.put("MGT-VARIANT", variant_of="MGT-TEMPLATE")
	for code, prices in (("MGT-VARIANT", own), ("MGT-TEMPLATE", template)):
		for amount, values in prices:
			shelf.price(code, amount, **values)
	assert shelf.row("MGT-VARIANT")["rate"] == rate, rule


@pytest.fixture
def rounding(site):
	def set_to(method):
		frappe.db.set_single_value("System Settings", "rounding_method", method)
		frappe.clear_document_cache("System Settings", "System Settings")
		frappe.local.system_settings = None

	yield set_to
	frappe.db.rollback()
	set_to(frappe.db.get_single_value("System Settings", "rounding_method", cache=False))


@pytest.mark.parametrize(
	("amount", "method", "rate"),
	[
		(2.675, LEGACY, 2.68),
		(2.675, BANKERS, 2.68),
		(1.005, LEGACY, 1.01),
		(1.005, BANKERS, 1.0),
		(1.005, COMMERCIAL, 1.01),
		(0.0123, COMMERCIAL, 0.01),
	],
)
def test_a_rate_is_rounded_by_the_sites_method(shelf, rounding, amount, method, rate):
	rounding(method)
	shelf.put("MGT-HALF")
	shelf.price("MGT-HALF", amount)
	assert shelf.row("MGT-HALF")["rate"] == rate


@pytest.mark.parametrize(("number_format", "rate"), [("#,###", 1235), ("#,###.###", 1234.57), ("", 1234.57)])
def test_a_rate_has_the_places_of_the_currency_and_at_most_two(shelf, number_format, rate):
	values = {"doctype": "Currency", "currency_name": "MGZ", "enabled": 1, "number_format": number_format}
	frappe.get_doc(values).insert(ignore_if_duplicate=True)
	frappe.db.set_value(
		"Currency", "MGZ", {"number_format": number_format, "smallest_currency_fraction_value": 0}
	)
	frappe.db.set_value("Price List", shelf.price_list, "currency", "MGZ")
	shelf.put("MGT-PLACES")
	shelf.price("MGT-PLACES", 1234.5678)
	assert shelf.row("MGT-PLACES")["rate"] == rate


@pytest.mark.parametrize(
	("values", "sentence"),
	[
		({"enabled": 0}, "Price List MGT Shelf List is disabled."),
		({"selling": 0, "buying": 1}, "Price List MGT Shelf List is not for selling."),
	],
)
def test_a_default_price_list_is_refused_like_a_given_one(shelf, values, sentence):
	frappe.db.set_single_value("Selling Settings", "selling_price_list", shelf.price_list)
	assert terms_of(shelf.warehouse).price_list == shelf.price_list
	frappe.db.set_value("Price List", shelf.price_list, values)
	for chosen in (None, shelf.price_list):
		with pytest.raises(RuleViolated, match=sentence):
			terms_of(shelf.warehouse, chosen)
	assert default_currency() is None


def test_a_default_price_list_that_is_gone_breaks_a_rule_and_a_given_one_is_not_found(shelf):
	frappe.db.set_single_value("Selling Settings", "selling_price_list", "MGT Gone")
	with pytest.raises(RuleViolated, match="Price List MGT Gone does not exist"):
		terms_of(shelf.warehouse)
	with pytest.raises(NotFound, match="Price List MGT None does not exist"):
		terms_of(shelf.warehouse, "MGT None")


def test_a_given_price_list_does_not_need_the_default_one(shelf):
	frappe.db.set_single_value("Selling Settings", "selling_price_list", price_list("MGT Off", enabled=0))
	assert terms_of(shelf.warehouse, shelf.price_list).price_list == shelf.price_list


def test_without_any_price_list_every_rate_is_none(shelf):
	frappe.db.set_single_value("Selling Settings", "selling_price_list", "")
	shelf.put("MGT-FREE")
	shelf.price("MGT-FREE", 3)
	assert terms_of(shelf.warehouse).price_list is None
	assert default_currency() is None
