"""POST /admin/api/<version>/graphql.json: parse, validate, price, charge, execute."""

import json
from dataclasses import dataclass
from typing import Any

from graphql import (
	DocumentNode,
	FragmentDefinitionNode,
	GraphQLError,
	OperationDefinitionNode,
	execute_sync,
	get_operation_ast,
	value_from_ast_untyped,
)

from sandbox.simulators.common import passing
from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.shopify.admin_api import cost
from sandbox.simulators.shopify.admin_api.cost import Cost
from sandbox.simulators.shopify.admin_api.schema import InvalidDocument, read, resolve_value, schema
from sandbox.simulators.shopify.errors import ApiError, Refused, throttled, too_expensive
from sandbox.simulators.shopify.shop.orders import Order
from sandbox.simulators.shopify.shop.shops import STATES, Shop
from sandbox.simulators.shopify.shop.tokens import Grant
from sandbox.simulators.shopify.webhooks import payloads
from sandbox.simulators.shopify.webhooks.deliveries import Dispatcher
from sandbox.simulators.shopify.webhooks.messages import messages

INVALID_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"
MOST_ENTRIES = 250


@dataclass(frozen=True)
class Context:
	"""What resolvers know about a call.

	:param client_secret: the app's, which signs the webhooks that it subscribes to.
	"""

	shop: Shop
	grant: Grant
	client_secret: str
	dispatcher: Dispatcher

	def is_searchable(self, order: Order) -> bool:
		return passing.now() - order.searchable_from >= self.shop.settings.search_lag

	def tell_order(self, topic: str, order: Order) -> None:
		for message in messages(self.shop, topic, payloads.order(order, self.shop)):
			self.dispatcher.send(message)


def admit(shop: Shop, version: str, request: Request) -> Grant:
	"""The grant of the request's token. Raises Refused."""
	if version not in shop.settings.api_versions:
		raise Refused(404, "Not Found")
	if closed := STATES[shop.settings.state]:
		raise Refused(*closed)
	grant = shop.tokens.use(request.headers.get("X-Shopify-Access-Token", ""))
	if not grant:
		raise Refused(401, INVALID_TOKEN)
	if request.method != "POST":
		raise Refused(405, "Method Not Allowed", {"Allow": "POST"})
	return grant


def answer(context: Context, version: str, request: Request) -> Answer:
	content = _content(request)
	headers = {"X-Shopify-API-Version": version}
	try:
		document = read(content["query"])
		operation = _operation(document, content)
	except InvalidDocument as invalid:
		return json_answer({"errors": [_formatted(error) for error in invalid.errors]}, headers=headers)
	except GraphQLError as error:
		return json_answer({"errors": [_formatted(error)]}, headers=headers)
	return json_answer(_run(context, document, operation, content), headers=headers)


def _run(context: Context, document: DocumentNode, operation: OperationDefinitionNode, content: dict) -> dict:
	"""The answer's content: data, errors and what it cost."""
	bucket = context.shop.bucket(context.grant.client_id)
	variables = content.get("variables") or {}
	prices = Cost(schema(), _fragments(document), {**_defaults(operation), **variables})
	requested = prices.requested(operation)
	if requested > cost.HIGHEST:
		return {"errors": [_formatted(too_expensive(requested, cost.HIGHEST))]}
	if requested > bucket.available():
		return _priced({"errors": [_formatted(throttled())]}, requested, None, bucket.status())
	if problem := _too_long(variables):
		return {"errors": [_formatted(problem)]}
	result = execute_sync(
		schema(),
		document,
		context_value=context,
		variable_values=variables,
		operation_name=content.get("operationName"),
		field_resolver=resolve_value,
	)
	actual = min(requested, prices.actual(operation, result.data))
	bucket.spend(actual)
	errors = {"errors": [_formatted(error) for error in result.errors]} if result.errors else {}
	return _priced({"data": result.data, **errors}, requested, actual, bucket.status())


def _content(request: Request) -> dict[str, Any]:
	try:
		content = json.loads(request.body)
	except ValueError:
		raise Refused(400, "Bad Request") from None
	if not isinstance(content, dict) or not isinstance(content.get("query"), str):
		raise Refused(400, "Required parameter missing or invalid: query")
	if not isinstance(content.get("variables") or {}, dict):
		raise Refused(400, "Required parameter missing or invalid: variables")
	return content


def _operation(document: DocumentNode, content: dict) -> OperationDefinitionNode:
	operation = get_operation_ast(document, content.get("operationName"))
	if not operation:
		raise GraphQLError("An operation name is required")
	return operation


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
	return {
		node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
	}


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
	return {
		definition.variable.name.value: value_from_ast_untyped(definition.default_value)
		for definition in operation.variable_definitions
		if definition.default_value
	}


def _too_long(value: Any) -> ApiError | None:
	"""Input arrays have at most 250 entries, wherever they are."""
	if isinstance(value, list) and len(value) > MOST_ENTRIES:
		message = (
			f"The input array size of {len(value)} is greater than the maximum allowed of {MOST_ENTRIES}."
		)
		return ApiError(message, "MAX_INPUT_SIZE_EXCEEDED")
	children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
	return next((problem for child in children if (problem := _too_long(child))), None)


def _formatted(error: GraphQLError) -> dict[str, Any]:
	return dict(error.formatted)


def _priced(content: dict, requested: int, actual: int | None, status: dict) -> dict:
	price = {"requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": status}
	return {**content, "extensions": {"cost": price}}
