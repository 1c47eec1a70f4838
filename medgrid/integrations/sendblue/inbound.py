"""Processes vendors' replies: STOP, START, HELP. STOP and START work from any number, HELP from verified
ones.

Sendblue repeats a delivery until it is acknowledged; a repetition changes nothing.
"""

import hmac
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any

import frappe

from medgrid.clients.sendblue.webhooks import InboundMessage
from medgrid.core import rate_limits
from medgrid.core.faults.borders import job
from medgrid.core.jobs import SHORT, enqueue
from medgrid.core.rate_limits import MINUTE, Limit
from medgrid.exceptions import InvalidInput, MedgridError, TooManyRequests
from medgrid.integrations.sendblue import messages, opt_outs, recipients, settings
from medgrid.integrations.sendblue.phone_numbers import to_e164
from medgrid.services.failure_texts import failure_text
from medgrid.webhooks.events import Event
from medgrid.webhooks.source import (
	Delivery,
	Handler,
	HandlerResult,
	Signer,
	Source,
	WebhookOutcome,
	json_object,
)

# The header that contains the secret.
SECRET = "sb-signing-secret"
# Sendblue's name for the webhook about received messages.
REPLY = "receive"
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"}
START = {"START", "UNSTOP"}
HELP = {"HELP", "INFO"}
# How long an answered HELP is remembered: longer than Sendblue repeats a delivery.
REMEMBERED_SECONDS = 7 * 86400
# Another machine could answer MedGrid's answer.
HELPS = Limit("sendblue help, one number", times=5, seconds=3600)


@job
def answer_help(phone: str, key: str) -> None:
	"""Answers HELP, once for each message. The RQ job.

	:param key: the key of the message.
	"""
	if not frappe.cache.set(f"{key}:answered", 1, nx=True, ex=REMEMBERED_SECONDS):
		return
	try:
		with settings.client() as client:
			client.send(phone, messages.help_text())
	except MedgridError as failure:
		frappe.log_error("HELP could not be answered", failure_text(failure))


def _verify(body: bytes, headers: Mapping[str, str]) -> Signer | None:
	"""Compares the secret with that of Medgrid Settings: Sendblue does not sign webhooks, it sends the
	secret."""
	given, expected = headers.get(SECRET), settings.webhook_secret()
	if not given or not expected:
		return None
	if not hmac.compare_digest(given.encode("utf-8", "replace"), expected.get_secret_value().encode()):
		return None
	return Signer(settings.WEBHOOK_SECRET)


def _read(body: bytes, headers: Mapping[str, str], signer: Signer) -> Delivery:
	content = json_object(body)
	is_reply = "from_number" in content and not content.get("is_outbound")
	handle = content.get("message_handle")
	# The body of a repeated delivery may differ, for example in its times.
	identity = handle.encode() if isinstance(handle, str) and handle else body
	return Delivery(signer=signer, topic=REPLY if is_reply else "", content=content, identity=identity)


def _reply(delivery: Delivery) -> HandlerResult:
	"""Carries out the command in a vendor's reply."""
	message = InboundMessage.model_validate(delivery.content)
	try:
		phone = to_e164(message.from_number)
	except InvalidInput:
		return HandlerResult(WebhookOutcome.IGNORED, error="not from a phone number")
	if frappe.cache.get(_key(message)) is not None:
		# Release 0.1 stored the keys of processed messages there for a week.
		return HandlerResult(WebhookOutcome.UNCHANGED)
	if message.word in STOP:
		opt_outs.add(phone)
		recipients.turn_alerts(phone, off=True)
		return HandlerResult(WebhookOutcome.UPDATED)
	if message.word in START:
		opt_outs.remove(phone)
		recipients.turn_alerts(phone, off=False)
		return HandlerResult(WebhookOutcome.UPDATED)
	if message.word in HELP and recipients.with_phone(phone):
		frappe.db.after_commit.add(lambda: _enqueue_help(phone, _key(message)))
		return HandlerResult(WebhookOutcome.ANSWERED)
	return HandlerResult(WebhookOutcome.IGNORED, error="nothing to do")


def _enqueue_help(phone: str, key: str) -> None:
	with suppress(TooManyRequests):
		rate_limits.take((HELPS, phone))
		enqueue(answer_help, queue=SHORT, job_id=key, phone=phone, key=key)


def _key(message: InboundMessage) -> str:
	handle = sha256(f"{frappe.conf.db_name}:{message.message_handle}".encode()).hexdigest()[:32]
	return f"medgrid-sendblue-inbound-{handle}"


def _respond(event: Event) -> dict[str, Any]:
	return {"status": "ok"}


WEBHOOKS = Source(
	name="sendblue",
	max_bytes=20_000,
	verify=_verify,
	read=_read,
	handlers={REPLY: Handler(_reply)},
	respond=_respond,
	wrong_signatures=Limit("sendblue webhook, one address", times=120, seconds=MINUTE),
)
