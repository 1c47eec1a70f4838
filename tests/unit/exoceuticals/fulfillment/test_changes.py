"""What a snapshot changes on a Sales Order. Contract: "Sales Order Status Fields (Exoceuticals)"."""

from dataclasses import replace
from datetime import timedelta

from medgrid.exoceuticals.fulfillment.changes import CARRIER, NUMBER, STATUS, changes, is_stale
from medgrid.exoceuticals.fulfillment.fulfillments import as_json
from tests.unit.exoceuticals.fulfillment.snapshots import (
	NOON,
	graphql_snapshot,
	row,
	shipment,
	webhook_snapshot,
)


def test_news_of_an_hour_ago_are_stale_and_those_of_now_are_not():
	known = row(updated_at=NOON.replace(tzinfo=None))
	assert is_stale(known, graphql_snapshot(updatedAt=NOON - timedelta(hours=1)))
	assert not is_stale(known, graphql_snapshot(updatedAt=NOON))
	assert not is_stale(known, graphql_snapshot(updatedAt=NOON + timedelta(seconds=1)))
	assert not is_stale(row(), graphql_snapshot())


def test_nothing_follows_a_cancellation():
	cancelled = row(status="Cancelled", updated_at=NOON.replace(tzinfo=None))
	assert is_stale(cancelled, graphql_snapshot("FULFILLED", updatedAt=NOON + timedelta(hours=1)))


def test_of_two_news_of_the_same_second_the_one_that_has_come_further_stays():
	one, two = (shipment("A"),), (shipment("A"), shipment("B", 1))
	voided = (shipment("A"), shipment("B", 1, status="CANCELLED"))
	second = NOON.replace(tzinfo=None)
	told = graphql_snapshot()
	for known, late, stale in [
		(one, two, False),
		(two, one, True),
		(two, voided, False),
		(voided, two, True),
	]:
		stored = row(updated_at=second, fulfillments=as_json(known))
		assert is_stale(stored, replace(told, fulfillments=late)) is stale
	assert not is_stale(row(status="Fulfilled", updated_at=second), replace(told, cancelled=True))


def test_news_that_tell_no_time_do_not_undo_what_has_come():
	stored = row(updated_at=NOON.replace(tzinfo=None), fulfillments=as_json([shipment("A")]))
	assert is_stale(stored, replace(graphql_snapshot(), updated_at=None))


def test_an_unfulfilled_of_a_webhook_keeps_what_only_graphql_can_say():
	held = row(status="On Hold")
	assert STATUS not in changes(held, webhook_snapshot())
	assert changes(held, graphql_snapshot())[STATUS] == "Unfulfilled"
	assert changes(held, webhook_snapshot(fulfillment_status="fulfilled"))[STATUS] == "Fulfilled"


def test_a_finer_status_ends_when_something_is_shipped():
	parcel = [{"id": 5, "tracking_number": "A"}]
	news = webhook_snapshot(fulfillment_status="partial", fulfillments=parcel)
	assert changes(row(status="On Hold"), news)[STATUS] == "Partially Fulfilled"


def test_a_webhooks_fulfilled_is_overwritten_by_its_unfulfilled():
	assert changes(row(status="Fulfilled"), webhook_snapshot())[STATUS] == "Unfulfilled"


def test_the_same_news_again_change_nothing():
	news = graphql_snapshot("FULFILLED", fulfillments=[])
	stored = {
		**row(),
		**changes(row(), replace(news, fulfillments=(shipment("A", url="https://ups.com/A"),))),
	}
	assert changes(stored, replace(news, fulfillments=(shipment("A", url="https://ups.com/A"),))) == {}


def test_tracking_goes_only_when_its_shipment_is_cancelled():
	stored = row(tracking_number="A", carrier="UPS", fulfillments=as_json([shipment("A", id="x")]))
	assert NUMBER not in changes(stored, graphql_snapshot())
	void = replace(graphql_snapshot(), fulfillments=(shipment("A", id="x", status="CANCELLED"),))
	assert changes(stored, void)[NUMBER] is None
	assert changes(stored, void)[CARRIER] is None
