"""Receives all webhooks: verifies, processes, records and answers. Contract: "Webhook Error Response".

Every webhook with a valid signature is acknowledged, even if it cannot be read, because a repetition could
not be read either; Integration Event has the outcome. Only a fault of MedGrid raises an exception; then the
sender repeats the webhook.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from medgrid.core import rate_limits
from medgrid.core.transactions import in_short_transaction
from medgrid.http_client.partial_reading import problems_of
from medgrid.services.callers import caller
from medgrid.webhooks import events
from medgrid.webhooks.events import AlreadyProcessed, Event
from medgrid.webhooks.source import Delivery, Handler, HandlerResult, Source, WebhookOutcome

UNAUTHENTICATED = {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}


@dataclass(frozen=True)
class Answer:
	"""The response to a webhook.

	:param status: the HTTP status: 200, or 401 with the contract's body.
	:param body: is sent as JSON.
	"""

	status: int
	body: dict[str, Any]


def receive(source: Source, body: bytes, headers: Mapping[str, str]) -> Answer:
	"""Processes a webhook once. The caller commits.

	:param source: the sender.
	:param body: raw, unchanged as received, at most `source.max_bytes` bytes.
	:param headers: the request headers; lookup by name must ignore case.
	:returns: the response.
	:raises TooManyRequests: the network address has sent too many wrong signatures, or the signer too many
		webhooks.
	:raises Exception: a fault of MedGrid; nothing was changed.
	"""
	signer = source.verify(body, headers)
	if not signer:
		rate_limits.take((source.wrong_signatures, caller()))
		return Answer(401, dict(UNAUTHENTICATED))
	if source.signed:
		rate_limits.take((source.signed, signer.secret))
	delivery = source.read(body, headers, signer)
	try:
		event = in_short_transaction(lambda: _carry_out(source, delivery), seconds=source.lock_seconds)
	except AlreadyProcessed as repetition:
		event = repetition.event
		_note_repetition(source, delivery, event)
	return Answer(200, source.respond(event))


def _note_repetition(source: Source, delivery: Delivery, event: Event) -> None:
	handler = source.handlers.get(delivery.topic)
	if handler and (note := handler.repeated):
		in_short_transaction(lambda: note(delivery, event), seconds=source.lock_seconds)


def _carry_out(source: Source, delivery: Delivery) -> Event:
	handler = source.handlers.get(delivery.topic)
	result = _result(handler, delivery)
	event = Event(
		source=source.name,
		id=events.event_id(delivery.topic if handler else "", delivery.identity),
		topic=delivery.topic,
		shop=result.shop or delivery.shop,
		outcome=result.outcome,
		order_id=result.order_id,
		sales_order=result.sales_order,
		error=result.error,
	)
	return events.record(event, always=bool(handler and handler.always))


def _result(handler: Handler | None, delivery: Delivery) -> HandlerResult:
	if not handler:
		return HandlerResult(WebhookOutcome.IGNORED, error="MedGrid does not handle this topic")
	try:
		return handler.work(delivery)
	except ValidationError as error:
		return HandlerResult(WebhookOutcome.FAILED, error=problems_of(error))
