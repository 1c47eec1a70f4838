"""Webhooks of which one field cannot be read, over HTTP."""

import frappe
import pytest

from medgrid.exoceuticals.fulfillment import refresh
from tests.support.store_webhooks import EXAMPLE_FULFILLMENT, status_of

SHIPMENT = {"id": 7, "status": "success", "created_at": "2026-06-18T12:00:00Z", **EXAMPLE_FULFILLMENT}
ODD = {
	"the shipment's time": {"fulfillments": [{**SHIPMENT, "created_at": "0000-00-00"}]},
	"the shipment's status": {"fulfillments": [{**SHIPMENT, "status": ["success"]}]},
	"the shipment's id": {"fulfillments": [{**SHIPMENT, "id": "seven"}]},
	"its carrier": {"fulfillments": [{**SHIPMENT, "tracking_company": {"name": "UPS"}}]},
	"its addresses": {"fulfillments": [{**SHIPMENT, "tracking_urls": "https://ups.com"}]},
	"its other numbers": {"fulfillments": [{**SHIPMENT, "tracking_numbers": 5}]},
	"another shipment": {"fulfillments": [3, SHIPMENT, None]},
	"the order's name": {"fulfillments": [SHIPMENT], "name": 5},
	"the order's time": {"fulfillments": [SHIPMENT], "updated_at": "yesterday"},
	"the order's status": {"fulfillments": [SHIPMENT], "fulfillment_status": {"a": 1}},
	"its cancellation": {"fulfillments": [SHIPMENT], "cancelled_at": 5},
}


@pytest.fixture
def store(linked_store):
	return linked_store


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_a_shipment_with_an_odd_field_keeps_its_number_and_is_said(store, order, content):
	answer = status_of(store.send(order.example(**content), "orders/updated"))
	assert answer["sales_order"] == order.sales_order
	assert order.row().tracking_number == "1Z999AA10123456784"
	(event,) = order.events()
	assert event.outcome == "Updated"
	assert event.error.startswith("not all of the body can be read, and Shopify is asked")
	issue = issues_of(order)[0]
	assert "It cannot read: " in issue.detail
	assert issue.who_acts == "Nobody"


def test_shopify_is_asked_about_what_cannot_be_read_and_then_the_issue_is_settled(store, order, site):
	order.do("fulfill", "1Z1", "UPS", silent=True)
	status_of(store.send(order.example(fulfillment_status={"a": 1}, fulfillments=[])))
	assert order.row().checked_at is None
	refresh.refresh_pending()
	site.db.commit()
	assert (order.row().status, order.tracking()) == ("Fulfilled", ("1Z1", "UPS", None))
	assert issues_of(order) == []


def test_an_odd_field_takes_away_nothing_that_is_known(store, order):
	status_of(store.send(order.example(fulfillments=[SHIPMENT], updated_at="2026-06-18T12:00:00Z")))
	odd = {**SHIPMENT, "tracking_number": "9" * 99, "tracking_urls": []}
	status_of(store.send(order.example(fulfillments=[odd], updated_at="2026-06-18T13:00:00Z")))
	assert order.row().tracking_number == "1Z999AA10123456784"


def test_a_repetition_of_a_body_with_an_odd_field_changes_nothing(store, order):
	odd = order.example(fulfillments=[{**SHIPMENT, "status": 5}])
	assert status_of(store.send(odd)) == status_of(store.send(odd))
	assert len(order.events()) == 1


def issues_of(order):
	frappe.db.rollback()
	filters = {
		"issue_type": "exoceuticals/unreadable_fields",
		"reference_name": order.sales_order,
		"open_key": ("is", "set"),
	}
	return frappe.get_all("Integration Issue", filters=filters, fields=["detail", "who_acts"])
