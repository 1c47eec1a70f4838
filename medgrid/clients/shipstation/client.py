"""The HTTP client of ShipStation's V1 API. One request path: window, send, classify, retry.

It knows nothing of Frappe's documents. Credentials leave it only in the `Authorization` header, and no
exception of the HTTP library leaves it at all: their frames hold that header.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import requests
from frappe import _
from pydantic import BaseModel, SecretStr, ValidationError
from requests.auth import AuthBase
from tenacity import retry_if_exception_type

from medgrid.clients.shipstation.models import (
	CreatedOrder,
	OrderPage,
	OrderPayload,
	RemoteOrder,
	Shipment,
	ShipmentPage,
)
from medgrid.clients.shipstation.request_window import LIMIT, RequestWindow
from medgrid.clients.shipstation.responses import (
	ResourceNotFound,
	content_of,
	seconds_to_wait,
	unexpected_response,
)
from medgrid.http_client.errors import DeadlineExceeded, RateLimited, ServiceUnavailable, UnexpectedResponse
from medgrid.http_client.retrying import retrying, seconds_left

CONNECT_SECONDS, READ_SECONDS = 5, 20
PAGE_SIZE = 500


class BasicAuth(AuthBase):
	"""`Authorization: Basic …`, made when a request is sent and kept nowhere."""

	def __init__(self, api_key: SecretStr, api_secret: SecretStr):
		self.api_key, self.api_secret = api_key, api_secret

	def __call__(self, request):
		pair = requests.auth._basic_auth_str(
			self.api_key.get_secret_value(), self.api_secret.get_secret_value()
		)
		request.headers["Authorization"] = pair
		return request


class ShipStationClient:
	"""
	:param base_url: e.g. `https://ssapi.shipstation.com`.
	:param window: the key pair's share of the rate limit.
	:param deadline: `time.monotonic()` after which nothing is waited for.
	:param heartbeat: called before each request and each wait, e.g. to renew a lease; may raise.
	"""

	def __init__(
		self,
		base_url: str,
		api_key: SecretStr,
		api_secret: SecretStr,
		window: RequestWindow,
		*,
		deadline: float,
		heartbeat: Callable[[], None] = lambda: None,
	):
		self.base_url, self.window = base_url, window
		self.deadline, self.heartbeat = deadline, heartbeat
		self.session = requests.Session()
		self.session.auth = BasicAuth(api_key, api_secret)
		self.session.headers["Accept"] = "application/json"

	# What MedGrid asks of ShipStation

	def list_tags(self) -> None:
		"""The probe: succeeds if the credentials are good."""
		if not isinstance(self._request("GET", "/accounts/listtags"), list):
			raise UnexpectedResponse(unexpected_response())

	def create_order(self, payload: OrderPayload) -> CreatedOrder:
		"""Creates the order, or replaces the one that has its `orderKey`: repeating it is safe."""
		body = payload.model_dump(mode="json", exclude_none=True)
		return self._parsed(CreatedOrder, self._request("POST", "/orders/createorder", body=body))

	def find_order(self, order_key: str) -> RemoteOrder | None:
		"""The order that was created with this key and number, or None."""
		answer = self._request("GET", "/orders", parameters={"orderNumber": order_key, "pageSize": PAGE_SIZE})
		page = self._parsed(OrderPage, answer)
		return next((order for order in page.orders or [] if order.orderKey == order_key), None)

	def get_order(self, order_id: str) -> RemoteOrder | None:
		"""An order by its id; None if ShipStation has none."""
		try:
			return self._parsed(RemoteOrder, self._request("GET", f"/orders/{order_id}"))
		except ResourceNotFound:
			return None

	def shipments_of_order(self, order_id: str) -> list[Shipment]:
		"""All shipments of an order, voided ones included."""
		return [shipment for page in self._pages({"orderId": order_id}) for shipment in page.shipments]

	def shipment_pages(self, created_since: str) -> Iterator[ShipmentPage]:
		"""All shipments since a moment, page by page.

		:param created_since: Pacific time, as ShipStation writes it.
		"""
		return self._pages({"createDateStart": created_since})

	def _pages(self, parameters: dict[str, Any]) -> Iterator[ShipmentPage]:
		number, last = 1, 1
		while number <= last:
			asked = {**parameters, "page": number, "pageSize": PAGE_SIZE}
			page = self._parsed(ShipmentPage, self._request("GET", "/shipments", parameters=asked))
			yield page
			number, last = number + 1, page.pages

	def keep_alive(self) -> None:
		"""For work between requests: renews the lease.

		:raises DeadlineExceeded: the deadline is over.
		"""
		if not seconds_left(self.deadline):
			raise DeadlineExceeded(_("There was not enough time to finish. Try again."))
		self.heartbeat()

	# How it is asked

	def _request(
		self, verb: str, path: str, *, parameters: dict | None = None, body: dict | None = None
	) -> Any:
		"""One request with its retries, all of which are safe: reads, and an upsert by key.

		:raises IntegrationError: see `responses.content_of`; DeadlineExceeded when the rate limit asks for a
			wait beyond the deadline.
		"""
		passing = retry_if_exception_type((RateLimited, ServiceUnavailable, UnexpectedResponse))
		return retrying(passing, self.deadline)(self._send, verb, path, parameters, body)

	def _send(self, verb: str, path: str, parameters: dict | None, body: dict | None) -> Any:
		self.heartbeat()
		while seconds := self.window.acquire():
			self._wait_for_the_window(seconds)
		response = failure = None
		try:
			response = self.session.request(
				verb,
				self.base_url + path,
				params=parameters,
				json=body,
				timeout=(CONNECT_SECONDS, min(READ_SECONDS, max(1, seconds_left(self.deadline)))),
				allow_redirects=False,
			)
		except requests.Timeout:
			failure = ServiceUnavailable(_("ShipStation does not answer in time. Try again later."))
		except requests.RequestException:
			failure = ServiceUnavailable(_("ShipStation cannot be reached. Try again later."))
		if failure:
			# Outside the except block: no trace of the HTTP library's frames stays with it.
			raise failure
		self._learn(response)
		return content_of(response)

	def _learn(self, response: requests.Response) -> None:
		"""Tells all workers what the answer said of the window; a 429 says that it is used up."""
		headers = response.headers
		if response.status_code == 429:
			self.window.update(_number(headers, "X-Rate-Limit-Limit") or LIMIT, 0, seconds_to_wait(response))
			return
		names = ("X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset")
		limit, left, reset = (_number(headers, name) for name in names)
		if limit and left is not None and reset is not None:
			self.window.update(limit, left, reset)

	def _wait_for_the_window(self, seconds: float) -> None:
		if seconds > seconds_left(self.deadline):
			raise DeadlineExceeded(_("ShipStation's rate limit is used up for now. Try again in a minute."))
		self.heartbeat()
		time.sleep(seconds)

	def _parsed(self, model: type[BaseModel], content: Any) -> Any:
		parsed = None
		with suppress(ValidationError):
			parsed = model.model_validate(content)
		if parsed is None:
			raise UnexpectedResponse(unexpected_response())
		return parsed


def _number(headers, name: str) -> int | None:
	try:
		return int(float(headers[name]))
	except (KeyError, ValueError):
		return None
