"""News of an order, the same whether GraphQL answered or a webhook came. Pure.

Contract: "Example Payload (orders/fulfilled)", "poll_exoceuticals_status".
"""

from dataclasses import dataclass
from datetime import datetime

from medgrid.clients.shopify.gid import gid
from medgrid.clients.shopify.models import OrderFulfillment, OrderState
from medgrid.clients.shopify.webhooks.payloads import WebhookFulfillment, WebhookOrder
from medgrid.exoceuticals.fulfillment.fulfillments import MAX_TEXT, Fulfillment, label
from medgrid.exoceuticals.fulfillment.status import may_hide_detail, order_status

# GraphQL shows no more of one order, and a Sales Order keeps no more of it.
MAX_FULFILLMENTS, MAX_LABELS = 250, 50


@dataclass(frozen=True)
class OrderSnapshot:
	"""
	:param order_id: the GID, which is what a Sales Order has in `exoceuticals_order_id`.
	:param name: e.g. "#1042"; None if not told.
	:param status: as in `exoceuticals_status`.
	:param updated_at: when the order last changed at Shopify, aware; None if not told.
	:param may_hide_detail: the status may stand for a finer one, which only GraphQL can tell.
	"""

	order_id: str
	name: str | None
	status: str
	cancelled: bool
	fulfillments: tuple[Fulfillment, ...]
	updated_at: datetime | None
	may_hide_detail: bool = False


def snapshot_from_graphql(order: OrderState) -> OrderSnapshot:
	"""News out of the documents order_status and orders_status."""
	cancelled = order.cancelledAt is not None
	return OrderSnapshot(
		order_id=order.id,
		name=order.name[:MAX_TEXT],
		status=order_status(order.displayFulfillmentStatus, cancelled=cancelled),
		cancelled=cancelled,
		fulfillments=tuple(map(_of_graphql, order.fulfillments[:MAX_FULFILLMENTS])),
		updated_at=order.updatedAt,
	)


def snapshot_from_webhook(order: WebhookOrder) -> OrderSnapshot:
	"""News out of a webhook's body. Its topic plays no part: headers are not signed."""
	cancelled = order.cancelled_at is not None
	status = order_status(order.fulfillment_status, cancelled=cancelled)
	return OrderSnapshot(
		order_id=gid("Order", order.id),
		name=(order.name or "")[:MAX_TEXT] or None,
		status=status,
		cancelled=cancelled,
		fulfillments=tuple(map(_of_webhook, order.fulfillments[:MAX_FULFILLMENTS])),
		updated_at=order.updated_at,
		may_hide_detail=may_hide_detail(status),
	)


def _of_graphql(fulfillment: OrderFulfillment) -> Fulfillment:
	labels = [label(info.number, info.company, info.url) for info in fulfillment.trackingInfo[:MAX_LABELS]]
	return Fulfillment(
		fulfillment.id,
		fulfillment.status.upper()[:MAX_TEXT],
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
		(fulfillment.status or "SUCCESS").upper()[:MAX_TEXT],
		fulfillment.created_at,
		fulfillment.updated_at,
		tuple(filter(None, labels)),
	)


def _url_of(number: str | None, place: int, numbers: list, urls: list) -> str | None:
	"""REST has two lists where GraphQL has pairs. A label without URL shifts all that follow it: then the one
	that has the number in it."""
	if len(numbers) == len(urls):
		return urls[place]
	return next((url for url in urls if number and url and number in url), None)
