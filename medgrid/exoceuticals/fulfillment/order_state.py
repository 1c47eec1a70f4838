"""The snapshot of an order, in the same form from GraphQL and from webhooks. Pure.

Contract: "Example Payload (orders/fulfilled)", "poll_exoceuticals_status".
"""

from dataclasses import dataclass
from datetime import datetime

from medgrid.clients.shopify.gid import gid
from medgrid.clients.shopify.models import OrderFulfillment, OrderState
from medgrid.clients.shopify.webhooks.payloads import WebhookFulfillment, WebhookOrder
from medgrid.exoceuticals.fulfillment.fulfillments import Fulfillment, label
from medgrid.exoceuticals.fulfillment.status import may_hide_detail, order_status

# The labels of one fulfillment that are kept.
MAX_LABELS = 50


@dataclass(frozen=True)
class OrderSnapshot:
	"""The state of an order at one moment.

	:param order_id: the GID, as in a Sales Order's `exoceuticals_order_id`.
	:param name: e.g. "#1042"; None if the payload has none.
	:param status: as in `exoceuticals_status`.
	:param updated_at: when the order last changed in Shopify, aware; None if the payload has no time.
	:param may_hide_detail: the status may stand for a more detailed one, which only GraphQL reports.
	"""

	order_id: str
	name: str | None
	status: str
	cancelled: bool
	fulfillments: tuple[Fulfillment, ...]
	updated_at: datetime | None
	may_hide_detail: bool = False


def snapshot_from_graphql(order: OrderState) -> OrderSnapshot:
	"""Creates a snapshot from a response to the GraphQL documents order_status and orders_status."""
	cancelled = order.cancelledAt is not None
	return OrderSnapshot(
		order_id=order.id,
		name=order.name,
		status=order_status(order.displayFulfillmentStatus, cancelled=cancelled),
		cancelled=cancelled,
		fulfillments=tuple(map(_of_graphql, order.fulfillments)),
		updated_at=order.updatedAt,
	)


def snapshot_from_webhook(order: WebhookOrder) -> OrderSnapshot:
	"""Creates a snapshot from a webhook's body. The topic is not used, because headers are not signed."""
	cancelled = order.cancelled_at is not None
	status = order_status(order.fulfillment_status, cancelled=cancelled)
	return OrderSnapshot(
		order_id=gid("Order", order.id),
		name=order.name,
		status=status,
		cancelled=cancelled,
		fulfillments=tuple(map(_of_webhook, order.fulfillments)),
		updated_at=order.updated_at,
		may_hide_detail=may_hide_detail(status),
	)


def _of_graphql(fulfillment: OrderFulfillment) -> Fulfillment:
	labels = [label(info.number, info.company, info.url) for info in fulfillment.trackingInfo[:MAX_LABELS]]
	return Fulfillment(
		fulfillment.id,
		fulfillment.status.upper(),
		fulfillment.createdAt,
		fulfillment.updatedAt,
		tuple(filter(None, labels)),
	)


def _of_webhook(fulfillment: WebhookFulfillment) -> Fulfillment:
	numbers = fulfillment.tracking_numbers or [fulfillment.tracking_number]
	urls = fulfillment.tracking_urls or [fulfillment.tracking_url]
	labels = [
		label(number, fulfillment.tracking_company, _url_of(number, place, numbers, urls))
		for place, number in enumerate(numbers[:MAX_LABELS])
	]
	return Fulfillment(
		gid("Fulfillment", fulfillment.id) if fulfillment.id else None,
		(fulfillment.status or "SUCCESS").upper(),
		fulfillment.created_at,
		fulfillment.updated_at,
		tuple(filter(None, labels)),
	)


def _url_of(number: str | None, place: int, numbers: list, urls: list) -> str | None:
	"""Finds the URL of a tracking number. REST has separate lists of numbers and URLs. If a label has no URL,
	the lists differ in length; then the URL is the one that contains the number."""
	if len(numbers) == len(urls):
		return urls[place]
	return next((url for url in urls if number and url and number in url), None)
