"""Which scope a field needs. A scope to write includes the one to read.

Shopify lets a token see orders of the last 60 days; for older ones it needs read_all_orders as well.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from sandbox.simulators.shopify import clock
from sandbox.simulators.shopify.errors import access_denied
from sandbox.simulators.shopify.shop.orders import Order
from sandbox.simulators.shopify.shop.tokens import Grant

RECENT = timedelta(days=60)
# Type -> the scope to see an object of it through node and nodes.
SCOPES = {
	"Product": "read_products",
	"ProductVariant": "read_products",
	"InventoryItem": "read_inventory",
	"InventoryLevel": "read_inventory",
	"Location": "read_locations",
	"Order": "read_orders",
	"Fulfillment": "read_orders",
	"LineItem": "read_orders",
}


def require(info, scope: str) -> None:
	"""Raises ApiError ACCESS_DENIED."""
	if not info.context.grant.allows(scope):
		raise access_denied(info.field_name, scope)


def needs(scope: str) -> Callable[[Callable], Callable]:
	"""For resolvers."""

	def decorate(resolver: Callable) -> Callable:
		@wraps(resolver)
		def checked(source: Any, info, **arguments) -> Any:
			require(info, scope)
			return resolver(source, info, **arguments)

		return checked

	return decorate


def may_see(grant: Grant, order: Order) -> bool:
	return order.created_at > clock.now() - RECENT or grant.allows("read_all_orders")
