"""The snapshot of an order, in the same form from GraphQL and from webhooks. Pure.

Contract: "Example Payload (orders/fulfilled)", "poll_exoceuticals_status".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from medgrid.clients.shopify.gid import gid
from medgrid.clients.shopify.order_results import OrderFulfillment, OrderState
from medgrid.clients.shopify.webhooks.payloads import WebhookFulfillment, WebhookOrder
from medgrid.exoceuticals.fulfillment.fulfillments import UNSTATED, Fulfillment, label
from medgrid.exoceuticals.fulfillment.status import may_hide_detail, order_status
from medgrid.http_client.partial_reading import Path

# The labels of one fulfillment that are kept.
MAX_LABELS = 50
# The fields that hold what people need of a shipment, in both of Shopify's APIs.
TRACKING = frozenset(
	{
		"cancelledAt",
		"cancelled_at",
		"displayFulfillmentStatus",
		"fulfillment_status",
		"fulfillments",
		"number",
		"status",
		"trackingInfo",
		"tracking_number",
		"tracking_numbers",
	}
)


@dataclass(frozen=True)
class OrderSnapshot:
	"""The state of an order at one moment.

	:param order_id: the GID, as in a Sales Order's `exoceuticals_order_id`.
	:param name: e.g. "#1042"; None if the payload has none.
	:param status: as in `exoceuticals_status`; None if it cannot be read.
	:param updated_at: when the order last changed in Shopify, aware; None if the payload has no time.
	:param may_hide_detail: the status may stand for a more detailed one, which only GraphQL reports.
	:param problems: what could not be read of the payload; see `Partial.problems`.
	"""

	order_id: str
	name: str | None
	status: str | None
	cancelled: bool
	fulfillments: tuple[Fulfillment, ...]
	updated_at: datetime | None
	may_hide_detail: bool = False
	problems: Mapping[Path, str] = field(default_factory=dict, compare=False)

	@property
	def has_readable_tracking(self) -> bool:
		"""Whether all statuses and tracking numbers could be read, and every shipment."""
		return not any(TRACKING.intersection(path[-2:]) for path in self.problems)


def snapshot_from_graphql(order: OrderState) -> OrderSnapshot:
	"""Creates a snapshot from a response to the GraphQL documents order_status and orders_status."""
	cancelled = order.cancelledAt is not None
	written = order.displayFulfillmentStatus
	# An order whose time of cancellation cannot be read may be cancelled or not.
	is_known = cancelled or (written is not None and ("cancelledAt",) not in order.problems)
	return OrderSnapshot(
		order_id=order.id,
		name=order.name,
		status=order_status(written, cancelled=cancelled) if is_known else None,
		cancelled=cancelled,
		fulfillments=tuple(map(_of_graphql, order.fulfillments)),
		updated_at=order.updatedAt,
		problems=order.problems,
	)


def snapshot_from_webhook(order: WebhookOrder, problems: Mapping[Path, str] | None = None) -> OrderSnapshot:
	"""Creates a snapshot from a webhook's body. The topic is not used, because headers are not signed.

	:param problems: what could not be read of the body; see `Partial.problems`.
	"""
	problems = problems or {}
	cancelled = order.cancelled_at is not None
	is_known = cancelled or not any((name,) in problems for name in ("fulfillment_status", "cancelled_at"))
	status = order_status(order.fulfillment_status, cancelled=cancelled) if is_known else None
	return OrderSnapshot(
		order_id=gid("Order", order.id),
		name=order.name,
		status=status,
		cancelled=cancelled,
		fulfillments=tuple(map(_of_webhook, order.fulfillments)),
		updated_at=order.updated_at,
		# What cannot be read here, GraphQL may report.
		may_hide_detail=bool(problems) or (status is not None and may_hide_detail(status)),
		problems=problems,
	)


def _of_graphql(fulfillment: OrderFulfillment) -> Fulfillment:
	labels = [label(info.number, info.company, info.url) for info in fulfillment.trackingInfo[:MAX_LABELS]]
	return Fulfillment(
		fulfillment.id,
		(fulfillment.status or UNSTATED).upper(),
		fulfillment.createdAt,
		fulfillment.updatedAt,
		tuple(filter(None, labels)),
	)


def _of_webhook(fulfillment: WebhookFulfillment) -> Fulfillment:
	numbers = _with_any(fulfillment.tracking_numbers) or [fulfillment.tracking_number]
	urls = _with_any(fulfillment.tracking_urls) or [fulfillment.tracking_url]
	labels = [
		label(number, fulfillment.tracking_company, _url_of(number, place, numbers, urls))
		for place, number in enumerate(numbers[:MAX_LABELS])
	]
	return Fulfillment(
		gid("Fulfillment", fulfillment.id) if fulfillment.id else None,
		(fulfillment.status or UNSTATED).upper(),
		fulfillment.created_at,
		fulfillment.updated_at,
		tuple(filter(None, labels)),
	)


def _with_any(values: list[str | None]) -> list[str | None]:
	"""A list that has any value; else an empty one."""
	return values if any(values) else []


def _url_of(number: str | None, place: int, numbers: list, urls: list) -> str | None:
	"""Finds the URL of a tracking number. REST has separate lists of numbers and URLs. If a label has no URL,
	the lists differ in length; then the URL is the one that contains the number."""
	if len(numbers) == len(urls):
		return urls[place]
	return next((url for url in urls if number and url and number in url), None)
