"""`retry_orders`, over HTTP: one, several, all that have failed; and never another vendor's."""

import pytest
from frappe.utils import add_to_date

from medgrid.core.clock import stored_utc_now
from tests.integrations.vendor_orders.test_list_orders import listed, new_order, set_record
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.waiting import wait_for_jobs, wait_until_equal

METHOD = "medgrid.integrations.retry_orders"


def retry(vendor, **parameters) -> dict:
	return message(vendor.caller.post(METHOD, **parameters))


@pytest.fixture
def failed(vendor):
	"""The names of three failed orders of a vendor who is not connected: nothing sends them meanwhile."""
	made = [new_order((vendor.item, 1, 10)) for _number in range(3)]
	for name in made:
		set_record(vendor, name, status="Failed", reason="It fails.", who_acts="Vendor", attempts=9)
	return made


def states(vendor, sales_orders) -> list[str]:
	return [vendor.record(name).status for name in sales_orders]


def test_one_order_is_due_again(vendor, failed):
	answer = retry(vendor, orders=[failed[1]])
	assert answer == {"ok": True, "retried": [failed[1]], "unchanged": [], "left": 2}
	assert states(vendor, failed) == ["Failed", "Waiting", "Failed"]
	record = vendor.record(failed[1])
	assert (record.attempts, record.next_attempt_at, record.first_failed_at) == (0, None, None)


@pytest.mark.parametrize("given", [lambda name: name, lambda name: f'["{name}"]', lambda name: [name, name]])
def test_names_are_taken_as_a_list_as_json_or_alone(vendor, failed, given):
	assert retry(vendor, orders=given(failed[0]))["retried"] == [failed[0]]


def test_without_names_all_that_have_failed_are_due(vendor, failed):
	waiting = new_order((vendor.item, 1, 10))
	answer = retry(vendor)
	assert (sorted(answer["retried"]), answer["left"]) == (sorted(failed), 0)
	assert states(vendor, [*failed, waiting]) == ["Waiting"] * 4
	assert retry(vendor) == {"ok": True, "retried": [], "unchanged": [], "left": 0}


def test_an_order_between_two_attempts_is_due_at_once(vendor):
	name = new_order((vendor.item, 1, 10))
	later = add_to_date(stored_utc_now(), hours=5)
	failing = add_to_date(stored_utc_now(), hours=-5)
	set_record(vendor, name, next_attempt_at=later, attempts=4, first_failed_at=failing, reason="It fails.")
	assert listed(vendor)["orders"][0]["can_retry"] is True
	assert retry(vendor, orders=[name])["retried"] == [name]
	record = vendor.record(name)
	# Its three days go on: else nobody would learn that it fails.
	assert (record.next_attempt_at, record.attempts, record.reason) == (None, 4, "It fails.")
	assert record.first_failed_at is not None


@pytest.mark.parametrize(
	"status",
	["Waiting", "Sending", "Outcome Unknown", "Sent", "Shipped", "Delivered", "Cancelled", "Not Ours"],
)
def test_an_order_in_another_state_does_not_change(vendor, status):
	name = new_order((vendor.item, 1, 10))
	set_record(vendor, name, status=status, claim="claim", shipstation_order_id="17")
	before = vendor.record(name).as_dict()
	answer = retry(vendor, orders=[name])
	assert (answer["retried"], answer["unchanged"]) == ([], [name])
	assert vendor.record(name).as_dict() == before


def test_another_vendors_order_is_one_that_does_not_exist_and_nothing_changes(vendor, other_vendor, failed):
	others = new_order((other_vendor.item, 1, 10))
	set_record(other_vendor, others, status="Failed")
	answers = [
		error(vendor.caller.post(METHOD, orders=[failed[0], name]), 404, "DoesNotExistError").replace(
			name, "X"
		)
		for name in (others, "SAL-ORD-NEVER")
	]
	assert answers == ["There is no order X of yours."] * 2
	assert states(vendor, failed) == ["Failed"] * 3
	assert other_vendor.record(others).status == "Failed"
	retry(vendor)
	assert other_vendor.record(others).status == "Failed"


@pytest.mark.parametrize("orders", [[""], [1.5, None], {"a": 1}, ["x" * 141], [["a"]]])
def test_names_that_are_none_are_400(vendor, orders):
	assert "orders" in error(vendor.caller.post(METHOD, orders=orders), 400, "ValidationError")


def test_only_a_post_of_a_vendor_retries(vendor, customer, anonymous, failed):
	assert vendor.caller.get(METHOD).status_code in (403, 405)
	assert anonymous.post(METHOD).status_code in (401, 403)
	assert error(customer.post(METHOD), 417, "ValidationError").startswith(
		"Your user belongs to no Supplier."
	)
	assert states(vendor, failed) == ["Failed"] * 3


def test_a_retried_order_is_sent_without_waiting_for_the_next_hour(connected):
	name = new_order((connected.item, 1, 10))
	set_record(connected, name, status="Failed", reason="It fails.")
	connection = connected.connection()
	write_values("Vendor Connection", connection, "next_sync_at", "2999-01-01")
	retry(connected, orders=[name])
	wait_until_equal(lambda: connected.record(name).status, "Sent")
	wait_for_jobs()
	assert [each["orderKey"] for each in connected.remote_orders()] == [name]
