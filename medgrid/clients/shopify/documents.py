"""The GraphQL documents in `queries/`, with the model of the response and the cost. Pure.

A document's file has the name of its operation. The comments in the documents explain the costs.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from gql import gql
from graphql import DocumentNode, OperationDefinitionNode, OperationType
from pydantic import BaseModel

from medgrid.clients.shopify.models import (
	AppInstallation,
	Location,
	Shop,
	StockedItem,
	Variant,
	WebhookSubscription,
)
from medgrid.clients.shopify.order_results import OrderState, OrderSummary, ShippedOrder
from medgrid.clients.shopify.pages import ConnectionPage, Nodes

FOLDER = Path(__file__).parent / "queries"
# The largest page of a connection (`first:`), and the most IDs in one call.
MAX_PAGE = 250
# Fulfillments per order in `orders_status`. An order with as many may have more.
FULFILLMENTS = 5

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Document(Generic[Answer]):
	"""A GraphQL document and how to read its response.

	:param name: the name of the operation and of its file.
	:param model: the model of the result.
	:param path: where the result is in the response's `data`; empty: the whole `data`.
	:param cost: the highest cost in points; the cost of one entry if a call can query several (`times`).
	"""

	name: str
	model: type[Answer]
	path: tuple[str, ...]
	cost: int


SHOP = Document("shop", Shop, ("shop",), cost=1)
APP_INSTALLATION = Document("app_installation", AppInstallation, ("currentAppInstallation",), cost=10)
LOCATION = Document("location", Location, ("node",), cost=1)
# With first: MAX_PAGE.
PRODUCT_VARIANTS = Document(
	"product_variants", ConnectionPage[Variant], ("productVariants",), cost=2 + 3 * MAX_PAGE
)
VARIANTS = Document("variants", Nodes[Variant], (), cost=3)
INVENTORY_LEVELS = Document("inventory_levels", Nodes[StockedItem], (), cost=3)
ORDER_STATUS = Document("order_status", OrderState, ("order",), cost=101)
ORDER_SHIPPED = Document("order_shipped", ShippedOrder, ("order",), cost=771)
# With fulfillments: FULFILLMENTS.
ORDERS_STATUS = Document("orders_status", Nodes[OrderState], (), cost=1 + 2 * FULFILLMENTS)
ORDER_BY_SOURCE = Document("order_by_source", Nodes[OrderSummary], ("orders",), cost=20)
ORDER_CREATE = Document("order_create", OrderSummary, ("orderCreate", "order"), cost=10)
# With first: 50.
WEBHOOK_SUBSCRIPTIONS = Document(
	"webhook_subscriptions", ConnectionPage[WebhookSubscription], ("webhookSubscriptions",), cost=60
)
WEBHOOK_SUBSCRIPTION_CREATE = Document(
	"webhook_subscription_create",
	WebhookSubscription,
	("webhookSubscriptionCreate", "webhookSubscription"),
	cost=10,
)


@cache
def document(name: str) -> DocumentNode:
	"""The parsed document.

	:param name: the name of the operation and of its file.
	"""
	return gql((FOLDER / f"{name}.graphql").read_text(encoding="utf-8")).document


@cache
def is_mutation(name: str) -> bool:
	"""Whether an operation is a mutation."""
	operations = [node for node in document(name).definitions if isinstance(node, OperationDefinitionNode)]
	return operations[0].operation is OperationType.MUTATION
