"""Snapshots of orders, and the row of a Sales Order that they change."""

from datetime import datetime, timedelta, timezone

from medgrid.clients.shopify.order_results import OrderState
from medgrid.clients.shopify.webhooks.payloads import WebhookOrder
from medgrid.exoceuticals.fulfillment.changes import FIELDS
from medgrid.exoceuticals.fulfillment.fulfillments import Fulfillment, label
from medgrid.exoceuticals.fulfillment.order_state import snapshot_from_graphql, snapshot_from_webhook

NOON = datetime(2026, 6, 18, 12, tzinfo=timezone.utc)


def webhook_snapshot(**content):
	return snapshot_from_webhook(
		WebhookOrder.model_validate({"id": 1, "fulfillment_status": None, **content})
	)


def graphql_snapshot(status="UNFULFILLED", **content):
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
