"""The client of Vertex' REST API v2: calculates and books sales, looks up and reverses transactions.

It does not depend on Frappe. `medgrid.http_client` sends the requests.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

from pydantic import SecretStr

from medgrid.clients.vertex.access_tokens import CONNECT_SECONDS, AccessTokens
from medgrid.clients.vertex.answers import AnswerRefused, RemoteSale, read_sale
from medgrid.clients.vertex.calculation import Calculation, read_calculation
from medgrid.clients.vertex.responses import SERVICE, AddressRejected, classify
from medgrid.clients.vertex.wire import (
	LIMITS,
	ExistsAnswer,
	Location,
	ReversalAnswer,
	ReversalData,
	ReversalRequest,
	SaleRequest,
)
from medgrid.core.redaction import MASK
from medgrid.core.waiting.patience import Patience
from medgrid.http_client.errors import (
	CredentialsRejected,
	IntegrationError,
	NotSent,
	RateLimited,
	RequestRejected,
	UnexpectedResponse,
)
from medgrid.http_client.exchanges import Observer, log_exchange
from medgrid.http_client.messages import Request
from medgrid.http_client.service_client import ServiceClient, content_of
from medgrid.http_client.transport import Transport

# The time of one exchange: while somebody waits for a calculation, and while a job books.
QUOTATION_SECONDS, BOOKING_SECONDS = 8, 30
# Statuses after which the same request may succeed at once: those of a gateway before Vertex.
PASSING = (502, 503, 504)
# A shorter text may be a part of any sentence.
_MIN_MASKED = 3


class VertexClient(ServiceClient):
	"""A client with one merchant's credentials. A context manager that closes the connection.

	:param tokens: provides the access token, and another one if Vertex rejects it.
	:param deadline: a value of `time.monotonic()`; the client waits for nothing beyond it.
	:param exchange_seconds: QUOTATION_SECONDS or BOOKING_SECONDS.
	:param merchant: the merchant's name in the records of exchanges.
	:param heartbeat: called before each request and each wait; may raise.
	:param patience: see `ServiceClient`.
	:param observer: receives one record for each exchange.
	"""

	max_retries = 1

	def __init__(
		self,
		tokens: AccessTokens,
		*,
		deadline: float,
		exchange_seconds: float = QUOTATION_SECONDS,
		merchant: str = "",
		heartbeat: Callable[[], None] = lambda: None,
		patience: Patience | None = None,
		observer: Observer = log_exchange,
	):
		transport = Transport(
			tokens.endpoints.base_url,
			service=SERVICE,
			observer=observer,
			exchange_seconds=exchange_seconds,
			connect_seconds=CONNECT_SECONDS,
			limits=LIMITS,
		)
		super().__init__(transport, deadline=deadline, heartbeat=heartbeat, patience=patience)
		self.tokens, self.merchant = tokens, merchant

	def calculate(self, sale: SaleRequest) -> Calculation:
		"""Calculates the taxes of a sale. An INVOICE is also stored in Vertex' Tax Journal, and is sent once;
		a QUOTATION changes nothing and is repeated once.

		:raises AddressRejected: Vertex finds no tax area for an address.
		:raises RequestRejected: Vertex cannot tax the request as it is.
		:raises OutcomeUnknown: an INVOICE may have been stored.
		:raises UnexpectedResponse: the answer makes no sense; an INVOICE may have been stored.
		:raises IntegrationError: the request failed; `was_sent` is False if it certainly was not sent.
		"""
		is_quotation = sale.saleMessageType == "QUOTATION"
		request = self._request(
			"POST",
			"/vertex-ws/v2/supplies",
			sale.saleMessageType,
			repeatable=is_quotation,
			body=sale.body(),
			unparsed=True,
		)
		rejection: RequestRejected | None = None
		try:
			content = self._call(request)
		except RequestRejected as error:
			rejection = error
		if rejection:
			_raise_without_addresses(rejection, sale)
		return read_calculation(_sale_in(content), sale)

	def transaction_exists(self, transaction_id: str) -> bool:
		"""Whether Vertex has stored a transaction that is not deleted.

		:param transaction_id: the ID that MedGrid sent with it.
		:raises IntegrationError: the request failed.
		"""
		request = self._request(
			"GET",
			"/vertex-ws/v2/transaction-exists/{transaction_id}",
			"transaction-exists",
			repeatable=True,
			values={"transaction_id": transaction_id},
		)
		answer = self._answer(ExistsAnswer, self._call(request))
		if answer.transactionId not in (None, transaction_id):
			raise _unexpected("an answer about another transaction")
		return answer.transactionExistsIndicator == "true"

	def reverse(
		self, transaction_id: str, *, reversal_id: str, posting_date: str, document_number: str | None = None
	) -> None:
		"""Books the opposite of a transaction. It is sent once.

		:param transaction_id: the transaction that is reversed.
		:param reversal_id: the ID of the reversal.
		:param posting_date: `YYYY-MM-DD`.
		:raises IntegrationError: see `calculate`.
		"""
		data = ReversalData(
			transactionId=reversal_id, postingDate=posting_date, documentNumber=document_number
		)
		request = self._request(
			"POST",
			"/vertex-ws/v2/transactions/{transaction_id}/reversal",
			"reversal",
			repeatable=False,
			values={"transaction_id": transaction_id},
			body=ReversalRequest(data=data).model_dump(exclude_none=True),
		)
		answer = self._answer(ReversalAnswer, self._call(request))
		if answer.data.transactionId not in (None, reversal_id):
			raise _unexpected("an answer about another transaction")

	# Requests

	def _request(self, method: str, path: str, operation: str, **options: Any) -> Request:
		name = f"{operation}:{self.merchant}" if self.merchant else operation
		return Request(method, path, deadline=self.deadline, operation=name, **options)

	def _call(self, request: Request) -> Any:
		"""Sends a request; if Vertex has forgotten the token, once more with another one."""
		token = self._token_for(None)
		rejection: CredentialsRejected | None = None
		try:
			return self._exchange(_authorized(request, token), self._attempt)
		except CredentialsRejected as error:
			rejection = error
		other = self._token_for(token)
		if other is None:
			raise rejection
		return self._exchange(_authorized(request, other), self._attempt)

	def _token_for(self, rejected: SecretStr | None) -> Any:
		"""The token, or another one than the rejected one; None if there is no other.

		:raises IntegrationError: there is no token. The request itself was not sent, or was rejected.
		"""
		self.heartbeat()
		failure: IntegrationError | None = None
		try:
			return self.tokens.get() if rejected is None else self.tokens.replace(rejected)
		except IntegrationError as error:
			failure = error
		failure.was_sent = False
		raise failure

	def _attempt(self, request: Request) -> Any:
		self.heartbeat()
		return content_of(self.transport.send(request), classify)

	def _is_worth_repeating(self, failure: IntegrationError) -> bool:
		return isinstance(failure, NotSent | RateLimited) or failure.status in PASSING

	def _answer(self, model: Any, content: Any) -> Any:
		failure: IntegrationError | None = None
		try:
			return self._parsed(model, content)
		except UnexpectedResponse as error:
			failure = error
		# Unlike a record of a list, an answer that cannot be read is a failure of the exchange.
		raise _unexpected(failure.detail)


def _sale_in(text: bytes) -> RemoteSale:
	try:
		return read_sale(text)
	except AnswerRefused as refused:
		reason = str(refused)
	# Outside the except block: its context may quote the text.
	raise _unexpected(reason)


def _authorized(request: Request, token: SecretStr) -> Request:
	header = SecretStr(f"Bearer {token.get_secret_value()}")
	return replace(request, headers={**request.headers, "Authorization": header})


def _raise_without_addresses(error: RequestRejected, sale: SaleRequest) -> NoReturn:
	"""Raises a rejection again, without the addresses that Vertex may have quoted: they are personal data."""
	facts: dict[str, Any] = {"service": SERVICE, "status": error.status, "request_id": error.request_id}
	if isinstance(error, AddressRejected):
		origin = bool(sale.seller.physicalOrigin) or any(line.seller for line in sale.lineItems)
		sent = "origin and destination" if origin else "destination"
		raise AddressRejected(sent, **facts)
	texts = {text for location in sale.locations() for text in _private_texts(location)}
	reason = error.detail
	for text in sorted(texts, key=len, reverse=True):
		reason = re.sub(re.escape(text), MASK, reason, flags=re.IGNORECASE)
	raise RequestRejected(reason, **facts)


def _private_texts(location: Location) -> list[str]:
	texts = (location.streetAddress1, location.streetAddress2, location.city, location.postalCode)
	return [text for text in texts if text and len(text) >= _MIN_MASKED]


def _unexpected(reason: str) -> UnexpectedResponse:
	return UnexpectedResponse(reason, service=SERVICE, was_sent=True)
