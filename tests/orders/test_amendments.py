import frappe

from medgrid.orders.amendments import originals
from tests.support.vendors import order


def amend(original):
	original.cancel()
	amended = frappe.copy_doc(original)
	amended.amended_from, amended.docstatus = original.name, 0
	amended.insert(ignore_permissions=True).submit()
	return amended


def test_an_amended_order_names_all_that_it_replaces_the_nearest_first(vendor):
	first = order((vendor.item, 1, 10))
	second = amend(first)
	third = amend(second)
	assert originals(third.name) == [second.name, first.name]


def test_an_order_that_amends_none_has_no_originals(vendor):
	assert originals(order((vendor.item, 1, 10)).name) == []
