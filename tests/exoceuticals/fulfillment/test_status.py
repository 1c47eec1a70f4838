"""The mapping of Shopify's order state, and what becomes of tracking: pure. Contract: "Sales Order Status
Fields (Exoceuticals)", "Example Payload (orders/fulfilled)"."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from graphql import build_schema
from pydantic import ValidationError

from medgrid.clients.shopify.models import OrderState
from medgrid.clients.shopify.webhook_payloads import WebhookOrder
from medgrid.exoceuticals.fulfillment import fulfillments, updates
from medgrid.exoceuticals.fulfillment.fulfillments import (
	Fulfillment,
	Label,
	as_json,
	from_json,
	label,
	latest_label,
	merged,
)
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_graphql, snapshot_from_webhook
from medgrid.exoceuticals.fulfillment.status import MAX_LENGTH, is_graphql_only, order_status
from medgrid.exoceuticals.fulfillment.updates import FIELDS, changes, is_stale

SCHEMA = Path(__file__).resolve().parents[3] / "sandbox/simulators/shopify/admin_api/admin_2026-04.graphql"
NOON = datetime(2026, 6, 18, 12, tzinfo=timezone.utc)
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
EXAMPLE = {
	"id": 4567890123,
	"fulfillment_status": "fulfilled",
	"cancelled_at": None,
	"fulfillments": [
		{
			"tracking_number": "1Z999AA10123456784",
			"tracking_company": "UPS",
			"tracking_urls": ["https://ups.com/track?number=1Z999AA10123456784"],
		}
	],
}


def webhook_news(**content):
	return snapshot_from_webhook(
		WebhookOrder.model_validate({"id": 1, "fulfillment_status": None, **content})
	)


def graphql_news(status="UNFULFILLED", **content):
	order = {
		"id": "gid://shopify/Order/1",
		"name": "#1",
		"updatedAt": NOON,
		"displayFulfillmentStatus": status,
	}
	return snapshot_from_graphql(OrderState.model_validate({**order, **content}))


def row(**values):
	"""A Sales Order's fields as the database has them."""
	return {**dict.fromkeys(FIELDS), **{f"exoceuticals_{name}": value for name, value in values.items()}}


def shipment(number, minutes=0, *, id=None, status="SUCCESS", url=None):
	moment = NOON + timedelta(minutes=minutes)
	made = tuple(filter(None, [label(number, "UPS", url)]))
	return Fulfillment(id or f"gid://shopify/Fulfillment/{number}", status, moment, moment, made)


# status


def test_every_value_of_shopifys_schema_has_its_status():
	values = (
		build_schema(SCHEMA.read_text(), assume_valid=True).type_map["OrderDisplayFulfillmentStatus"].values
	)
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


# news


def test_the_contracts_example_payload_is_understood():
	news = snapshot_from_webhook(WebhookOrder.model_validate(EXAMPLE))
	assert (news.order_id, news.status, news.cancelled) == (
		"gid://shopify/Order/4567890123",
		"Fulfilled",
		False,
	)
	assert (news.name, news.updated_at, news.may_hide_detail) == (None, None, False)
	assert latest_label(news.fulfillments) == Label(
		"1Z999AA10123456784", "UPS", "https://ups.com/track?number=1Z999AA10123456784"
	)


def test_both_apis_tell_the_same_of_the_same_order():
	rest = webhook_news(
		name="#1",
		updated_at="2026-06-18T08:00:00-04:00",
		fulfillment_status="fulfilled",
		fulfillments=[
			{
				"id": 7,
				"status": "success",
				"created_at": "2026-06-18T08:00:00-04:00",
				"updated_at": "2026-06-18T08:00:00-04:00",
				"tracking_company": "UPS",
				"tracking_number": "1Z1",
				"tracking_numbers": ["1Z1", "1Z2"],
				"tracking_urls": ["https://ups.com/1Z1", "https://ups.com/1Z2"],
			}
		],
	)
	tracking = [{"number": f"1Z{n}", "company": "UPS", "url": f"https://ups.com/1Z{n}"} for n in (1, 2)]
	times = {"createdAt": "2026-06-18T12:00:00Z", "updatedAt": "2026-06-18T12:00:00Z"}
	fulfillment = {
		"id": "gid://shopify/Fulfillment/7",
		"status": "SUCCESS",
		"trackingInfo": tracking,
		**times,
	}
	graphql = graphql_news("FULFILLED", updatedAt="2026-06-18T12:00:00Z", fulfillments=[fulfillment])
	assert rest == graphql
	assert as_json(rest.fulfillments) == as_json(graphql.fulfillments)


def test_a_url_that_is_missing_shifts_no_other_labels_url():
	news = webhook_news(
		fulfillments=[{"tracking_numbers": ["A1", "B2"], "tracking_urls": ["https://carrier.example/B2"]}]
	)
	assert news.fulfillments[0].labels == (Label("A1"), Label("B2", None, "https://carrier.example/B2"))


@pytest.mark.parametrize(
	"content",
	[
		{},
		{"id": 1},
		{"id": "1", "fulfillment_status": None},
		{"id": True, "fulfillment_status": None},
		{"id": -1, "fulfillment_status": None},
		{"id": 2**70, "fulfillment_status": None},
		{"id": 1, "fulfillment_status": 5},
		{"id": 1, "fulfillment_status": None, "fulfillments": [3]},
		{"id": 1, "fulfillment_status": None, "updated_at": "yesterday"},
		{"id": 1, "fulfillment_status": None, "updated_at": "2026-06-18T12:00:00"},
		{"id": 1, "myshopify_domain": "a.myshopify.com"},
	],
)
def test_what_is_no_order_is_not_taken_for_one(content):
	with pytest.raises(ValidationError):
		WebhookOrder.model_validate(content)


# tracking


@pytest.mark.parametrize(
	"url", ["javascript:alert(1)", "ftp://x", "//x", "x", "", None, "https://" + "x" * 1000]
)
def test_a_url_that_is_no_web_address_or_too_long_is_not_kept(url):
	assert label("N", "UPS", url) == Label("N", "UPS", None)


def test_texts_are_cut_to_their_columns():
	made = label("9" * 500, "U" * 500, " https://ups.com ")
	assert (len(made.number), len(made.company), made.url) == (140, 140, "https://ups.com")


def test_a_label_without_anything_is_none():
	assert label(None, " ", "javascript:x") is None


def test_the_latest_shipment_is_shown_and_its_first_label_with_a_number():
	late = Fulfillment("late", "SUCCESS", NOON, NOON, (Label(None, "UPS"), Label("L1"), Label("L2")))
	assert latest_label([late, shipment("OLD", -5)]).number == "L1"
	assert latest_label([shipment("OLD", -5), late]).number == "L1"


@pytest.mark.parametrize("status", ["CANCELLED", "ERROR", "FAILURE"])
def test_a_shipment_that_came_to_nothing_is_not_shown(status):
	assert latest_label([shipment("OLD", -5), shipment("VOID", status=status)]).number == "OLD"
	assert latest_label([shipment("VOID", status=status)]) is None


def test_shipments_survive_being_stored():
	kept = (shipment("A", 1, url="https://ups.com/A"), shipment("B", 2, status="CANCELLED"), Fulfillment())
	assert from_json(as_json(kept)) == kept
	assert (as_json(()), from_json(None)) == (None, ())


def test_a_shipment_that_news_leave_out_is_kept():
	assert merged([shipment("A")], [shipment("B", 1)]) == (shipment("A"), shipment("B", 1))


def test_news_without_tracking_take_none_away():
	bare = Fulfillment("x", "SUCCESS", NOON, NOON, ())
	assert merged([shipment("A", id="x")], [bare])[0].labels == (Label("A", "UPS"),)


def test_a_corrected_number_replaces_the_wrong_one():
	assert merged([shipment("WRONG", id="x")], [shipment("RIGHT", id="x")]) == (shipment("RIGHT", id="x"),)


def test_the_examples_shipment_without_id_is_the_same_as_shopifys_own_with_one():
	nameless = Fulfillment(labels=(Label("A"),))
	assert merged([nameless], [nameless]) == (nameless,)
	assert merged([nameless], [shipment("A")]) == (shipment("A"),)
	assert merged([nameless], []) == (nameless,)


# what changes


def test_news_of_an_hour_ago_are_stale_and_those_of_now_are_not():
	known = row(updated_at=NOON.replace(tzinfo=None))
	assert is_stale(known, graphql_news(updatedAt=NOON - timedelta(hours=1)))
	assert not is_stale(known, graphql_news(updatedAt=NOON))
	assert not is_stale(known, graphql_news(updatedAt=NOON + timedelta(seconds=1)))
	assert not is_stale(row(), graphql_news())


def test_nothing_follows_a_cancellation():
	cancelled = row(status="Cancelled", updated_at=NOON.replace(tzinfo=None))
	assert is_stale(cancelled, graphql_news("FULFILLED", updatedAt=NOON + timedelta(hours=1)))


def test_of_two_news_of_the_same_second_the_one_that_has_come_further_stays():
	one, two = (shipment("A"),), (shipment("A"), shipment("B", 1))
	voided = (shipment("A"), shipment("B", 1, status="CANCELLED"))
	second = NOON.replace(tzinfo=None)
	told = graphql_news()
	for known, late, verification_ in [
		(one, two, False),
		(two, one, True),
		(two, voided, False),
		(voided, two, True),
	]:
		stored = row(updated_at=second, fulfillments=as_json(known))
		assert is_stale(stored, shaped(told, fulfillments=late)) is verification_
	assert not is_stale(row(status="Fulfilled", updated_at=second), shaped(told, cancelled=True))


def test_news_that_tell_no_time_do_not_undo_what_has_come():
	stored = row(updated_at=NOON.replace(tzinfo=None), fulfillments=as_json([shipment("A")]))
	assert is_stale(stored, shaped(graphql_news(), updated_at=None))


def test_an_unfulfilled_of_a_webhook_keeps_what_only_graphql_can_say():
	held = row(status="On Hold")
	assert updates.STATUS not in changes(held, webhook_news())
	assert changes(held, graphql_news())[updates.STATUS] == "Unfulfilled"
	assert changes(held, webhook_news(fulfillment_status="fulfilled"))[updates.STATUS] == "Fulfilled"


def test_a_finer_status_ends_when_something_is_shipped():
	parcel = [{"id": 5, "tracking_number": "A"}]
	news = webhook_news(fulfillment_status="partial", fulfillments=parcel)
	assert changes(row(status="On Hold"), news)[updates.STATUS] == "Partially Fulfilled"


def test_a_webhooks_fulfilled_is_overwritten_by_its_unfulfilled():
	assert changes(row(status="Fulfilled"), webhook_news())[updates.STATUS] == "Unfulfilled"


def test_the_same_news_again_change_nothing():
	news = graphql_news("FULFILLED", fulfillments=[])
	stored = {**row(), **changes(row(), shaped(news, fulfillments=(shipment("A", url="https://ups.com/A"),)))}
	assert changes(stored, shaped(news, fulfillments=(shipment("A", url="https://ups.com/A"),))) == {}


def test_tracking_goes_only_when_its_shipment_is_cancelled():
	stored = row(tracking_number="A", carrier="UPS", fulfillments=as_json([shipment("A", id="x")]))
	assert updates.NUMBER not in changes(stored, graphql_news())
	void = shaped(graphql_news(), fulfillments=(shipment("A", id="x", status="CANCELLED"),))
	assert changes(stored, void)[updates.NUMBER] is None
	assert changes(stored, void)[updates.CARRIER] is None


def test_progress_never_decreases_with_what_shopify_can_do():
	steps = [
		(False, ()),
		(False, (shipment("A"),)),
		(False, (shipment("A", status="CANCELLED"),)),
		(False, (shipment("A", status="CANCELLED"), shipment("B"))),
		(True, (shipment("A", status="CANCELLED"), shipment("B", status="CANCELLED"))),
	]
	reached = [fulfillments.progress(*step) for step in steps]
	assert reached == sorted(reached)
	assert len(set(reached)) == len(reached)


def shaped(news, **changed):
	from dataclasses import replace

	return replace(news, **changed)
