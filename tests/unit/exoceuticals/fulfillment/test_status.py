"""The mapping of Shopify's order state. Contract: "Sales Order Status Fields (Exoceuticals)"."""

import pytest

from medgrid.exoceuticals.fulfillment.status import (
	MAX_LENGTH,
	is_graphql_only,
	may_hide_detail,
	order_status,
)
from tests.unit.shopify_schema import values_of

EXPECTED = {
	"FULFILLED": "Fulfilled",
	"IN_PROGRESS": "In Progress",
	"ON_HOLD": "On Hold",
	"OPEN": "Open",
	"PARTIALLY_FULFILLED": "Partially Fulfilled",
	"PENDING_FULFILLMENT": "Pending Fulfillment",
	"REQUEST_DECLINED": "Request Declined",
	"RESTOCKED": "Restocked",
	"SCHEDULED": "Scheduled",
	"UNFULFILLED": "Unfulfilled",
}


def test_every_value_of_shopifys_schema_has_its_status():
	values = values_of("OrderDisplayFulfillmentStatus")
	assert {value: order_status(value, cancelled=False) for value in values} == EXPECTED


@pytest.mark.parametrize("value", [*EXPECTED, None, "partial", "SOMETHING_NEW"])
def test_a_cancelled_order_is_cancelled_whatever_was_shipped(value):
	assert order_status(value, cancelled=True) == "Cancelled"


@pytest.mark.parametrize(
	("value", "status"),
	[(None, "Unfulfilled"), ("partial", "Partially Fulfilled"), ("fulfilled", "Fulfilled")]
	+ [("restocked", "Restocked"), ("not_eligible", "Not Eligible"), ("unfulfilled", "Unfulfilled")],
)
def test_rests_words_mean_the_same(value, status):
	assert order_status(value, cancelled=False) == status


@pytest.mark.parametrize(
	("value", "status"),
	[
		("FULFILLMENT_NOT_REQUIRED", "Fulfillment Not Required"),
		("A_NEW-ONE", "A New One"),
		("<script>", "Script"),
		("", "Unknown"),
		("__", "Unknown"),
	],
)
def test_a_value_of_a_later_version_becomes_readable(value, status):
	assert order_status(value, cancelled=False) == status


def test_no_status_is_longer_than_its_field():
	assert len(order_status("X_" * 500, cancelled=False)) <= MAX_LENGTH


def test_what_only_graphql_can_say_is_finer():
	finer = {status for status in EXPECTED.values() if is_graphql_only(status)}
	assert finer == {
		*("In Progress", "On Hold", "Open", "Pending Fulfillment", "Request Declined", "Scheduled"),
	}
	assert not is_graphql_only(None)


def test_only_what_rest_says_of_an_open_order_may_hide_detail():
	assert {status for status in EXPECTED.values() if may_hide_detail(status)} == {
		"Unfulfilled",
		"Partially Fulfilled",
	}
