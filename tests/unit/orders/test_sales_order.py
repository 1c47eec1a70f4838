import json

import pytest

from medgrid.orders.problems import AddressGone, AddressIncomplete, CountryWithoutCode, NoShippingAddress
from medgrid.orders.sales_order import bill_to, is_free_at_store, is_to_be_shipped, ship_to
from tests.unit.orders.factories import address, order


def test_an_order_goes_to_its_shipping_address():
	assert ship_to(order(), by_code=True) == address()


@pytest.mark.parametrize(
	("changes", "problem"),
	[
		({"shipping_address": "", "shipping": None}, NoShippingAddress),
		({"shipping": None}, AddressGone),
		({"shipping": address(city="")}, AddressIncomplete),
		({"shipping": address(country_code="")}, CountryWithoutCode),
	],
)
def test_an_order_that_can_go_nowhere_says_why(changes, problem):
	with pytest.raises(problem):
		ship_to(order(**changes), by_code=False)


def test_the_bill_goes_to_the_customers_address():
	made = order()
	assert bill_to(made, made.shipping, by_code=True) == made.billing


@pytest.mark.parametrize("billing", [None, address(city=""), address(country_code="")])
def test_the_bill_goes_with_the_parcel_where_the_customers_address_will_not_do(billing):
	assert bill_to(order(billing=billing), address(), by_code=True) == address()


@pytest.mark.parametrize(
	("docstatus", "status", "per_delivered", "expected"),
	[
		(1, "To Deliver and Bill", 0, True),
		(1, "To Deliver", 99.9, True),
		(1, "To Bill", 100, False),
		(0, "Draft", 0, False),
		(2, "Cancelled", 0, False),
		(1, "Closed", 0, False),
		(1, "On Hold", 50, False),
		(1, "Completed", 0, False),
	],
)
def test_what_is_to_be_shipped(docstatus, status, per_delivered, expected):
	assert is_to_be_shipped(docstatus=docstatus, status=status, per_delivered=per_delivered) is expected


@pytest.mark.parametrize(
	("status", "statuses", "number", "expected"),
	[
		("Cancelled", None, None, True),
		("Cancelled", ["CANCELLED", "ERROR", "FAILURE"], None, True),
		("Cancelled", ["CANCELLED", "SUCCESS"], None, False),
		("Cancelled", ["OPEN"], None, False),
		# An earlier release stored the number alone.
		("Cancelled", None, "1Z999", False),
		# Its only shipment was cancelled.
		("Cancelled", ["CANCELLED"], "1Z999", True),
		("Pending", None, None, False),
		("Shipped", ["SUCCESS"], "1Z999", False),
		(None, None, None, False),
	],
)
def test_what_the_store_has_cancelled_and_not_shipped_is_free(status, statuses, number, expected):
	stored = statuses and json.dumps([{"status": each} for each in statuses])
	order = {
		"exoceuticals_status": status,
		"exoceuticals_fulfillments": stored,
		"exoceuticals_tracking_number": number,
	}
	assert is_free_at_store(order) is expected
