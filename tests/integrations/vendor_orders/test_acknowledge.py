"""`acknowledge`, over HTTP: an order that was cancelled after it was sent is shown until the vendor knows."""

from itertools import count

import frappe
import pytest

from medgrid.integrations.shipstation.changes import acknowledgements
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.rival import deadlock
from tests.support.vendors import colleague_of, order
from tests.support.waiting import wait_for_jobs

RPC = "medgrid.integrations."


def do_not_ship(vendor) -> list[str]:
	answer = message(vendor.caller.get(f"{RPC}list_orders"))
	return [entry["sales_order"] for entry in answer["do_not_ship"]]


def acknowledge(vendor, orders) -> dict:
	return message(vendor.caller.post(f"{RPC}acknowledge", orders=orders))


def cancel(document) -> str:
	frappe.db.rollback()
	document.reload()
	document.cancel()
	frappe.db.commit()
	wait_for_jobs()
	return document.name


@pytest.fixture
def cancelled(connected) -> str:
	"""An order that was cancelled after it was sent, and that MedGrid cannot cancel in ShipStation, since the
	vendor has added a line there."""
	document = order((connected.item, 1, 10))
	connected.stats()
	[remote] = connected.remote_orders()
	gift = {"lineItemKey": "gift", "sku": "GIFT", "name": "Gift", "quantity": 1, "unitPrice": 0}
	connected.shipstation.save_order(connected.api_key, {**remote, "items": [*remote["items"], gift]})
	return cancel(document)


def test_a_cancelled_order_is_shown_until_it_is_acknowledged(connected, cancelled):
	[shown] = message(connected.caller.get(f"{RPC}list_orders"))["do_not_ship"]
	assert shown["sales_order"] == cancelled and len(shown["since"]) == 19
	assert "was cancelled after it was sent" in shown["reason"]
	assert cancelled in connected.sync()["stats"]["push_errors"][0]
	assert do_not_ship(connected) == [cancelled]
	assert acknowledge(connected, [cancelled]) == {"ok": True, "acknowledged": [cancelled]}
	assert do_not_ship(connected) == []
	assert connected.stats()["push_errors"] == []
	record = connected.record(cancelled)
	assert (record.status, record.acknowledged_by) == ("Cancelled", connected.user.email)
	assert record.acknowledged_at


def test_the_same_again_changes_nothing_and_a_colleague_may(connected, cancelled, environment):
	colleague = colleague_of(environment, connected)
	assert acknowledge(colleague, cancelled)["acknowledged"] == [cancelled]
	assert acknowledge(connected, [cancelled, cancelled])["acknowledged"] == []
	assert connected.record(cancelled).acknowledged_by == colleague.user.email


def test_an_order_that_is_cancelled_in_shipstation_needs_no_acknowledgement(connected, cancelled):
	[remote] = connected.remote_orders()
	connected.shipstation.set_order_status(connected.api_key, remote["orderId"], "cancelled")
	assert remote["orderKey"] == cancelled
	assert connected.stats()["push_errors"] == []
	assert do_not_ship(connected) == []
	assert connected.record(cancelled).acknowledged_by is None


def test_an_order_that_was_never_sent_needs_no_acknowledgement(connected):
	assert cancel(order((connected.item, 1, 10)))
	assert do_not_ship(connected) == []


def test_only_a_cancelled_order_of_ones_own_is_acknowledged(connected, other_vendor, cancelled):
	sent = order((connected.item, 1, 10)).name
	connected.stats()
	for orders in ([sent], ["SAL-ORD-0"], [cancelled, sent]):
		answer = connected.caller.post(f"{RPC}acknowledge", orders=orders)
		assert error(answer, 404, "DoesNotExistError").startswith("There is no cancelled order")
	answer = other_vendor.caller.post(f"{RPC}acknowledge", orders=[cancelled])
	assert error(answer, 404, "DoesNotExistError") == f"There is no cancelled order {cancelled} of yours."
	assert do_not_ship(connected) == [cancelled]
	assert do_not_ship(other_vendor) == []


def test_wherever_a_conflict_undoes_it_all_orders_are_acknowledged_and_answered(connected, cancelled):
	sent = order((connected.item, 1, 10))
	connected.stats()
	record = frappe.db.get_value("ShipStation Order", {"sales_order": sent.name})
	write_values("ShipStation Order", record, {"status": "Cancelled", "who_acts": "Vendor"})
	orders, user = sorted([cancelled, sent.name]), connected.user.email
	for number in count(1):
		filters = {"sales_order": ("in", orders)}
		write_values("ShipStation Order", filters, {"acknowledged_at": None, "acknowledged_by": None})
		with deadlock(number) as statements:
			assert acknowledgements.acknowledge(user, connected.supplier, orders) == orders, number
		frappe.db.rollback()
		assert {connected.record(name).acknowledged_by for name in orders} == {user}
		if len(statements) < number:
			break
	assert number > 4


def test_who_may_not(connected, customer, anonymous):
	assert anonymous.post(f"{RPC}acknowledge", orders=["x"]).status_code == 401
	assert error(customer.post(f"{RPC}acknowledge", orders=["x"]), 417, "ValidationError")
	wrongs: tuple[dict, ...] = ({}, {"orders": []}, {"orders": [1]})
	for wrong in wrongs:
		assert connected.caller.post(f"{RPC}acknowledge", **wrong).status_code == 400
