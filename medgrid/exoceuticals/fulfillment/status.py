"""The one mapping of Shopify's order state to `exoceuticals_status`. Pure.

Contract: "Sales Order Status Fields (Exoceuticals)", and "Supported Topics" of the webhook.
"""

import re

CANCELLED, FULFILLED, RESTOCKED = "Cancelled", "Fulfilled", "Restocked"
UNFULFILLED, PARTIALLY_FULFILLED = "Unfulfilled", "Partially Fulfilled"
UNKNOWN = "Unknown"
# The field is a Data of 140 characters; no status of Shopify's is half as long as this.
MAX_LENGTH = 60

# REST, which webhooks speak, has words of its own for two of GraphQL's; the other is null.
_REST_WORDS = {"partial": PARTIALLY_FULFILLED}
# What REST can tell apart. Every other status looks like null or "partial" in a webhook.
_SAID_BY_REST = {CANCELLED, FULFILLED, RESTOCKED, UNFULFILLED, PARTIALLY_FULFILLED}


def order_status(fulfillment: str | None, *, cancelled: bool) -> str:
	"""The status of an order, whichever of Shopify's APIs told about it.

	:param fulfillment: GraphQL's `displayFulfillmentStatus`, e.g. "ON_HOLD", or REST's `fulfillment_status`,
		e.g. "partial" or None. A value that Shopify invents later becomes readable words.
	:param cancelled: whether the order has a time of cancellation; this outweighs everything that was
		shipped.
	:returns: e.g. "On Hold"; never empty, at most MAX_LENGTH characters.
	"""
	if cancelled:
		return CANCELLED
	if fulfillment is None:
		return UNFULFILLED
	return _REST_WORDS.get(fulfillment) or _readable(fulfillment)


def may_hide_detail(status: str) -> bool:
	"""Whether a status out of a webhook may stand for a finer one: REST says "unfulfilled" of an order that
	is on hold, scheduled, or in a warehouse's hands, and "partial" of one whose rest is."""
	return status in (UNFULFILLED, PARTIALLY_FULFILLED)


def is_graphql_only(status: str | None) -> bool:
	"""Whether only GraphQL can say this: "On Hold", "In Progress", "Scheduled" and the like."""
	return bool(status) and status not in _SAID_BY_REST


def _readable(value: str) -> str:
	"""PENDING_FULFILLMENT → Pending Fulfillment."""
	words = re.sub(r"[\W_]+", " ", value).strip()
	return words.title()[:MAX_LENGTH].strip() or UNKNOWN
