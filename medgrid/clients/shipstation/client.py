"""The client of ShipStation's V1 API: its endpoints and its rate limit.

It does not depend on Frappe. `medgrid.http_client` sends the requests.
"""

import math
from base64 import b64encode
from collections.abc import Callable, Collection, Iterator
from itertools import takewhile
from typing import Any

from pydantic import SecretStr

from medgrid.clients.shipstation.limits import (
	MAX_PAGES,
	MAX_PAGES_OF_CANCELLED,
	MAX_PAGES_OF_ORDER,
	PAGE_SIZE,
)
from medgrid.clients.shipstation.order_payload import OrderPayload
from medgrid.clients.shipstation.orders import (
	CreatedOrder,
	FoundOrders,
	OrderPage,
	RemoteOrder,
	Store,
	Stores,
)
from medgrid.clients.shipstation.request_window import LIMIT, RequestWindow
from medgrid.clients.shipstation.responses import MAX_WAIT_SECONDS, SERVICE, classify, seconds_to_wait
from medgrid.clients.shipstation.shipments import OrderShipments, ShipmentPage
from medgrid.clients.shipstation.webhooks import SHIP_NOTIFY, CreatedWebhook, Webhooks
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import InvalidRecord, RequestRejected, ResourceNotFound, UnexpectedResponse
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request, Response
from medgrid.http_client.retrying import number_in
from medgrid.http_client.service_client import ServiceClient, content_of
from medgrid.http_client.transport import Transport

# A search for several orders reads so many pages before it is made narrower; a search for one order, so many
# at all.
MOST_PAGES_FOR_SEVERAL, MOST_PAGES_FOR_ONE = 2, 20
# The highest limit that the client accepts from a response; no account has more requests per window.
MAX_LIMIT = 10_000


class ShipStationClient(ServiceClient):
	"""A client with one account's key pair. A context manager that closes the connection.

	:param base_url: e.g. `https://ssapi.shipstation.com`.
	:param window: the rate limit of the key pair; None for credentials that no connection has yet.
	:param deadline: a value of `time.monotonic()`; the client waits for nothing beyond it.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	:param observer: receives one record for each exchange.
	:param patience: see `ServiceClient`.
	"""

	def __init__(
		self,
		base_url: str,
		api_key: SecretStr,
		api_secret: SecretStr,
		window: RequestWindow | None,
		*,
		deadline: float,
		heartbeat: Callable[[], None] = lambda: None,
		observer: Observer = log_exchange,
		patience: Patience | None = None,
	):
		headers = {"Authorization": basic_auth(api_key, api_secret)}
		transport = Transport(base_url, service=SERVICE, headers=headers, observer=observer)
		super().__init__(transport, deadline=deadline, heartbeat=heartbeat, patience=patience)
		self.window = window

	# Endpoints

	def list_tags(self) -> None:
		"""Tests the credentials: succeeds if ShipStation accepts them.

		:raises IntegrationError: ShipStation rejects the credentials, or the request failed.
		"""
		if not isinstance(self._get("/accounts/listtags"), list):
			raise UnexpectedResponse("not a list of tags", service=SERVICE)

	def list_stores(self) -> list[Store]:
		"""The account's stores that are not switched off.

		:raises IntegrationError: the request failed.
		"""
		found = self._parsed(Stores, {"stores": self._get("/stores")})
		return [store for store in found.stores if store.active is not False]

	def create_order(self, payload: OrderPayload) -> CreatedOrder:
		"""Creates an order, or replaces the order with the same `orderKey`; repeating the request is safe.

		Contract: "Order Payload Structure".

		:raises IntegrationError: ShipStation rejects the order, or the request failed.
		"""
		body = payload.model_dump(mode="json", exclude_none=True)
		request = Request("POST", "/orders/createorder", deadline=self.deadline, repeatable=True, body=body)
		return self._parsed(CreatedOrder, self._exchange(request, self._attempt))

	def find_order(self, order_key: str) -> RemoteOrder | None:
		"""The order whose key and number are `order_key`; None if ShipStation has none.

		:raises InvalidRecord: ShipStation has the order, and what it sends of it is not one.
		:raises RequestRejected: too many orders begin with this number to find it among them.
		:raises IntegrationError: the request failed.
		"""
		found = self.find_orders([order_key])
		if order_key in found.unreadable:
			raise InvalidRecord("an order without a valid ID", service=self.service)
		return found.orders.get(order_key)

	def find_orders(self, order_keys: Collection[str]) -> FoundOrders:
		"""The orders whose keys and numbers these are.

		ShipStation finds orders by the beginning of their numbers, 500 at a time. Numbers of one series begin
		alike, so one request usually finds them all; if too many other orders begin so, each half of the
		numbers is searched for itself.

		:raises RequestRejected: too many orders begin with one of these numbers to find it among them.
		:raises IntegrationError: a request failed.
		"""
		found = FoundOrders({}, set())
		groups = [sorted(set(order_keys))] if order_keys else []
		while groups:
			group = groups.pop()
			prefix = _common_beginning(group[0], group[-1])
			page = self._order_page(1, orderNumber=prefix) if prefix else None
			if len(group) > 1 and (page is None or page.pages > MOST_PAGES_FOR_SEVERAL):
				middle = len(group) // 2
				groups += [group[:middle], group[middle:]]
			elif page:
				self._add_found(found, group, prefix, page)
		return found

	def _add_found(self, found: FoundOrders, keys: Collection[str], prefix: str, first: OrderPage) -> None:
		for page in self._all_pages(prefix, first):
			found.orders.update(
				{order.orderKey: order for order in page.orders if order.orderKey and order.orderKey in keys}
			)
			found.unreadable.update(key for key in page.unreadable_keys if key in keys)

	def _all_pages(self, prefix: str, first: OrderPage) -> list[OrderPage]:
		if first.pages > MOST_PAGES_FOR_ONE:
			raise RequestRejected(f"{first.pages} pages of orders begin with {prefix}", service=self.service)
		return self._order_pages(first, first.pages, orderNumber=prefix)

	def _order_pages(self, first: OrderPage, last: int, **parameters: str) -> list[OrderPage]:
		return [first, *(self._order_page(number, **parameters) for number in range(2, last + 1))]

	def _order_page(self, page: int, **parameters: str) -> OrderPage:
		wanted = {**parameters, "page": page, "pageSize": PAGE_SIZE}
		return self._parsed(OrderPage, self._get("/orders", parameters=wanted))

	def orders_with_number(self, order_number: str) -> list[RemoteOrder]:
		"""The orders with this number: several if ShipStation has split the order. Orders that are not valid
		are left out.

		:raises RequestRejected: too many orders begin with this number to find them among them.
		:raises IntegrationError: a request failed.
		"""
		pages = self._all_pages(order_number, self._order_page(1, orderNumber=order_number))
		return [order for page in pages for order in page.orders if order.orderNumber == order_number]

	def get_order(self, order_id: str) -> RemoteOrder | None:
		"""The order with this ID; None if ShipStation has none."""
		try:
			answer = self._get("/orders/{order_id}", values={"order_id": order_id})
		except ResourceNotFound:
			return None
		return self._parsed(RemoteOrder, answer)

	def cancelled_orders(self, changed_since: str) -> list[RemoteOrder]:
		"""The cancelled orders that were changed since a time, the latest first, on at most
		MAX_PAGES_OF_CANCELLED pages. Orders that are not valid are left out.

		:param changed_since: Pacific time, from `shipments.to_pacific`.
		"""
		return self._latest(orderStatus="cancelled", modifyDateStart=changed_since)

	def held_orders(self) -> list[RemoteOrder]:
		"""As `cancelled_orders`, the orders that are on hold, whenever they were changed."""
		return self._latest(orderStatus="on_hold")

	def _latest(self, **wanted: str) -> list[RemoteOrder]:
		wanted |= {"sortBy": "ModifyDate", "sortDir": "DESC"}
		first = self._order_page(1, **wanted)
		pages = self._order_pages(first, min(first.pages, MAX_PAGES_OF_CANCELLED), **wanted)
		return [order for page in pages for order in page.orders]

	def shipments_of_order(self, order_id: str) -> OrderShipments:
		"""The shipments of an order, including voided ones, on at most MAX_PAGES_OF_ORDER pages."""
		return self._shipments({"orderId": order_id})

	def shipments_with_number(self, order_number: str) -> OrderShipments:
		"""The shipments of all orders with a number, as of `shipments_of_order`: an order that was split or
		merged in ShipStation has several IDs."""
		return self._shipments({"orderNumber": order_number})

	def shipments_of_batch(self, batch_id: str) -> OrderShipments:
		"""The shipments that a webhook speaks of, as of `shipments_of_order`."""
		return self._shipments({"batchId": batch_id})

	def shipments_since(self, created_since: str) -> OrderShipments:
		"""The shipments created since a time, as of `shipments_of_order`.

		:param created_since: Pacific time, from `shipments.to_pacific`.
		"""
		return self._shipments({"createDateStart": created_since})

	def _shipments(self, parameters: dict[str, Any]) -> OrderShipments:
		pages = list(self._pages(parameters, MAX_PAGES_OF_ORDER))
		return OrderShipments(
			[shipment for page in pages for shipment in page.shipments],
			sum(page.unreadable for page in pages),
			sum(page.incomplete for page in pages),
			is_complete=pages[-1].pages <= MAX_PAGES_OF_ORDER,
		)

	def shipment_pages(self, created_since: str) -> Iterator[ShipmentPage]:
		"""The shipments created since a time, page by page, on at most MAX_PAGES pages. Contract: "How
		Tracking Pull Works".

		:param created_since: Pacific time, from `shipments.to_pacific`.
		"""
		return self._pages({"createDateStart": created_since}, MAX_PAGES)

	def _pages(self, parameters: dict[str, Any], most: int) -> Iterator[ShipmentPage]:
		number, last = 1, 1
		while number <= last:
			paged = {**parameters, "includeShipmentItems": "true", "page": number, "pageSize": PAGE_SIZE}
			page = self._parsed(ShipmentPage, self._get("/shipments", parameters=paged))
			yield page
			number, last = number + 1, min(page.pages, most)

	def subscribe(self, target_url: str) -> str:
		"""Subscribes to the webhook SHIP_NOTIFY, unless the account has this subscription.

		:param target_url: has the secret.
		:returns: the subscription's ID.
		"""
		subscriptions = self._parsed(Webhooks, self._get("/webhooks"))
		for each in subscriptions.webhooks:
			if (each.HookType, each.Url) == (SHIP_NOTIFY, target_url):
				return each.WebHookID
		body = {"target_url": target_url, "event": SHIP_NOTIFY, "store_id": None, "friendly_name": "MedGrid"}
		request = Request("POST", "/webhooks/subscribe", deadline=self.deadline, repeatable=False, body=body)
		return self._parsed(CreatedWebhook, self._exchange(request, self._attempt)).id

	# Requests

	def _get(
		self, path: str, *, values: dict[str, str] | None = None, parameters: dict[str, Any] | None = None
	) -> Any:
		more: dict[str, Any] = {"values": values or {}, "parameters": parameters or {}}
		request = Request("GET", path, deadline=self.deadline, repeatable=True, **more)
		return self._exchange(request, self._attempt)

	def _attempt(self, request: Request) -> Any:
		self.heartbeat()
		while self.window and (seconds := self.window.acquire()):
			self._wait(seconds)
		response = self.transport.send(request)
		if self.window:
			_update(self.window, response)
		return content_of(response, classify)


def _update(window: RequestWindow, response: Response) -> None:
	"""Stores the window's state from the response headers for all workers; after a 429 the window is
	full."""
	limit = _number(response, "X-Rate-Limit-Limit", MAX_LIMIT)
	left = _number(response, "X-Rate-Limit-Remaining", MAX_LIMIT)
	reset = _number(response, "X-Rate-Limit-Reset", MAX_WAIT_SECONDS)
	if response.status == 429:
		window.update(limit or LIMIT, 0, seconds_to_wait(response.headers))
	elif limit and left is not None and reset is not None:
		window.update(limit, left, reset)


def _common_beginning(first: str, last: str) -> str:
	"""The longest beginning of both texts; of all in a sorted list, if these are its ends."""
	pairs = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
	return "".join(character for character, _same in pairs)


def basic_auth(api_key: SecretStr, api_secret: SecretStr) -> SecretStr:
	"""The value of the `Authorization` header."""
	pair = f"{api_key.get_secret_value()}:{api_secret.get_secret_value()}"
	return SecretStr("Basic " + b64encode(pair.encode("utf-8", "replace")).decode())


def _number(response: Response, name: str, most: int) -> int | None:
	number = number_in(response.headers, name)
	return None if number is None or math.isinf(number) else int(min(max(number, 0), most))
