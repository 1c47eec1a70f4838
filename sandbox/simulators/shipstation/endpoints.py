"""The paths of the public API and what is behind each."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.simulators.common.messages import Answer, Request, json_answer
from sandbox.simulators.shipstation.account.accounts import Account
from sandbox.simulators.shipstation.account.order_model import read_order
from sandbox.simulators.shipstation.errors import (
	InvalidRequest,
	MethodNotAllowed,
	NotFound,
	UnsupportedMediaType,
)

TAGS = [{"tagId": 1, "name": "Amazon Prime Order", "color": "#DD0031"}]


def call(account: Account, request: Request) -> Answer:
	"""Raises Refused for whatever ShipStation would not do."""
	matches = [
		(method, endpoint, match)
		for method, pattern, endpoint in ENDPOINTS
		if (match := re.fullmatch(pattern, request.path.rstrip("/")))
	]
	if not matches:
		uri = f"https://ssapi.shipstation.com{request.path}"
		raise NotFound(f"No HTTP resource was found that matches the request URI '{uri}'.")
	for method, endpoint, match in matches:
		if method == request.method:
			return endpoint(account, request, *match.groups())
	raise MethodNotAllowed(request.method, [method for method, _endpoint, _match in matches])


def list_tags(account: Account, request: Request) -> Answer:
	return json_answer(TAGS)


def create_order(account: Account, request: Request) -> Answer:
	return json_answer(account.orders.save(read_order(_body(request, "apiOrder"))).as_json())


def create_orders(account: Account, request: Request) -> Answer:
	results = account.orders.save_many(_body(request, "apiOrders"))
	has_errors = not all(result["success"] for result in results)
	return json_answer({"hasErrors": has_errors, "results": results}, 202 if has_errors else 200)


def list_orders(account: Account, request: Request) -> Answer:
	return json_answer(account.orders.find(request.query))


def get_order(account: Account, request: Request, order_id: str) -> Answer:
	return json_answer(account.orders.get(int(order_id)).as_json())


def list_shipments(account: Account, request: Request) -> Answer:
	return json_answer(account.shipments.find(request.query))


def list_stores(account: Account, request: Request) -> Answer:
	with_inactive = request.query.get("showInactive", "").lower() == "true"
	return json_answer([store.as_json() for store in account.stores.all(with_inactive=with_inactive)])


def subscribe(account: Account, request: Request) -> Answer:
	return json_answer({"id": account.webhooks.add(_body(request, "webhook")).webhook_id}, 201)


def list_webhooks(account: Account, request: Request) -> Answer:
	return json_answer({"webhooks": [each.as_json() for each in account.webhooks.all()]})


def remove_webhook(account: Account, request: Request, webhook_id: str) -> Answer:
	account.webhooks.remove(int(webhook_id))
	return Answer(204)


def _body(request: Request, name: str) -> Any:
	if "json" not in request.content_type:
		raise UnsupportedMediaType(f"The media type '{request.content_type}' is not supported; send JSON.")
	try:
		content = json.loads(request.body)
	except ValueError as error:
		raise InvalidRequest({name: [f"The body is not JSON: {error}"]}) from None
	if content is None:
		raise InvalidRequest({name: [f"The {name} field is required."]})
	return content


ENDPOINTS: list[tuple[str, str, Callable[..., Answer]]] = [
	("GET", r"/accounts/listtags", list_tags),
	("POST", r"/orders/createorder", create_order),
	("POST", r"/orders/createorders", create_orders),
	("GET", r"/orders", list_orders),
	("GET", r"/orders/(\d+)", get_order),
	("GET", r"/shipments", list_shipments),
	("GET", r"/stores", list_stores),
	("POST", r"/webhooks/subscribe", subscribe),
	("GET", r"/webhooks", list_webhooks),
	("DELETE", r"/webhooks/(\d+)", remove_webhook),
]
