"""Maps the state of a Shopify order to `exoceuticals_status`. Pure.

Contract: "Sales Order Status Fields (Exoceuticals)", and "Supported Topics" of the webhook.
"""

import re

from medgrid.orders.sales_order import CANCELLED_AT_STORE

CANCELLED, FULFILLED, RESTOCKED = CANCELLED_AT_STORE, "Fulfilled", "Restocked"
UNFULFILLED, PARTIALLY_FULFILLED = "Unfulfilled", "Partially Fulfilled"
UNKNOWN = "Unknown"
# The field can hold 140 characters; Shopify's statuses have less than 30.
MAX_LENGTH = 60

# Webhooks use REST's values. Two differ from GraphQL's: "partial", and null for "unfulfilled".
_REST_WORDS = {"partial": PARTIALLY_FULFILLED}
# The statuses that REST distinguishes. Webhooks report every other status as null or "partial".
_SAID_BY_REST = {CANCELLED, FULFILLED, RESTOCKED, UNFULFILLED, PARTIALLY_FULFILLED}

_RANKS = {PARTIALLY_FULFILLED: 1, FULFILLED: 2, RESTOCKED: 3, CANCELLED: 4}


def order_status(fulfillment: str | None, *, cancelled: bool) -> str:
	"""Returns the status of an order from a value of either of Shopify's APIs.

	:param fulfillment: GraphQL's `displayFulfillmentStatus`, e.g. "ON_HOLD", or REST's `fulfillment_status`,
		e.g. "partial" or None. An unknown value is converted to readable words.
	:param cancelled: whether the order has a time of cancellation; then the status is "Cancelled" even if
		something was shipped.
	:returns: e.g. "On Hold"; never empty, at most MAX_LENGTH characters.
	"""
	if cancelled:
		return CANCELLED
	if fulfillment is None:
		return UNFULFILLED
	return _REST_WORDS.get(fulfillment) or _readable(fulfillment)


def may_hide_detail(status: str) -> bool:
	"""Whether a status from a webhook may stand for a more detailed one. REST also reports "unfulfilled" for
	an order that is on hold, scheduled or in progress, and "partial" if its remaining items are."""
	return status in (UNFULFILLED, PARTIALLY_FULFILLED)


def is_graphql_only(status: str | None) -> bool:
	"""Whether only GraphQL reports a status, e.g. "On Hold", "In Progress" or "Scheduled"."""
	return bool(status) and status not in _SAID_BY_REST


def rank(status: str | None) -> int:
	"""Returns how far an order has come: of two states without a time, the further one is the later one."""
	return _RANKS.get(status or "", 0)


def _readable(value: str) -> str:
	"""PENDING_FULFILLMENT → Pending Fulfillment."""
	words = re.sub(r"[\W_]+", " ", value).strip()
	return words.title()[:MAX_LENGTH].strip() or UNKNOWN
