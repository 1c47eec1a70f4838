"""The GraphQL documents in `queries/`, each named like its operation, with how its answer is read and what it
costs. Pure.

The comments in the documents say what a cost comes from.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from gql import gql
from graphql import DocumentNode, OperationDefinitionNode, OperationType
from pydantic import BaseModel

from medgrid.clients.shopify.models import (
	AppInstallation,
	Location,
	Nodes,
	OrderState,
	OrderSummary,
	Page,
	Shop,
	StockedItem,
	Variant,
	WebhookSubscription,
)

FOLDER = Path(__file__).parent / "queries"
# Of a connection (`first:`), and of ids in one call.
MAX_PAGE = 250
# Of each of many orders; one that has as many may have more.
FULFILLMENTS = 5

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Document(Generic[Answer]):
	"""
	:param name: of the operation and of its file.
	:param model: what the answer is read as.
	:param path: where that is in the answer's `data`; empty: it is all of it.
	:param cost: in points, at most; of one entry, where a call can ask for several (`times`).
	"""

	name: str
	model: type[Answer]
	path: tuple[str, ...]
	cost: int


SHOP = Document("shop", Shop, ("shop",), cost=1)
APP_INSTALLATION = Document("app_installation", AppInstallation, ("currentAppInstallation",), cost=10)
LOCATION = Document("location", Location, ("node",), cost=1)
# With first: MAX_PAGE.
PRODUCT_VARIANTS = Document("product_variants", Page[Variant], ("productVariants",), cost=2 + 3 * MAX_PAGE)
VARIANTS = Document("variants", Nodes[Variant], (), cost=3)
INVENTORY_LEVELS = Document("inventory_levels", Nodes[StockedItem], (), cost=3)
ORDER_STATUS = Document("order_status", OrderState, ("order",), cost=101)
# With fulfillments: FULFILLMENTS. One order that cannot be read must not spoil the others.
ORDERS_STATUS = Document("orders_status", Nodes[dict[str, Any]], (), cost=1 + 2 * FULFILLMENTS)
ORDER_BY_SOURCE = Document("order_by_source", Nodes[OrderSummary], ("orders",), cost=20)
ORDER_CREATE = Document("order_create", OrderSummary, ("orderCreate", "order"), cost=10)
# With first: 50.
WEBHOOK_SUBSCRIPTIONS = Document(
	"webhook_subscriptions", Page[WebhookSubscription], ("webhookSubscriptions",), cost=60
)
WEBHOOK_SUBSCRIPTION_CREATE = Document(
	"webhook_subscription_create",
	WebhookSubscription,
	("webhookSubscriptionCreate", "webhookSubscription"),
	cost=10,
)


@cache
def document(name: str) -> DocumentNode:
	"""
	:param name: of the operation and of its file.
	"""
	return gql((FOLDER / f"{name}.graphql").read_text(encoding="utf-8")).document


@cache
def is_mutation(name: str) -> bool:
	"""Whether an operation changes something at Shopify."""
	operations = [node for node in document(name).definitions if isinstance(node, OperationDefinitionNode)]
	return operations[0].operation is OperationType.MUTATION
