"""Snapshots out of webhooks and GraphQL. Contract: "Example Payload (orders/fulfilled)"."""

import pytest
from pydantic import ValidationError

from medgrid.clients.shopify.webhooks.payloads import WebhookOrder
from medgrid.exoceuticals.fulfillment.fulfillments import Label, as_json, latest_label
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_webhook
from tests.unit.exoceuticals.fulfillment.snapshots import graphql_snapshot, webhook_snapshot

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
	rest = webhook_snapshot(
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
	graphql = graphql_snapshot("FULFILLED", updatedAt="2026-06-18T12:00:00Z", fulfillments=[fulfillment])
	assert rest == graphql
	assert as_json(rest.fulfillments) == as_json(graphql.fulfillments)


def test_a_url_that_is_missing_shifts_no_other_labels_url():
	news = webhook_snapshot(
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
