"""What vendors reply: STOP, START, HELP. A STOP counts from any number, HELP from verified ones.

Sendblue delivers a message again until it is acknowledged; a second time changes nothing.
"""

import hmac
from hashlib import sha256

import frappe
from pydantic import BaseModel, ValidationError

from medgrid.core import rate_limits
from medgrid.core.rate_limits import Limit
from medgrid.exceptions import InvalidInput, MedgridError, TooManyRequests
from medgrid.integrations.sendblue import messages, opt_outs, recipients, settings
from medgrid.integrations.sendblue.phone_numbers import to_e164

STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL"}
START = {"START", "UNSTOP"}
HELP = {"HELP", "INFO"}
# Longer than Sendblue repeats anything.
REMEMBERED_SECONDS = 7 * 86400
# A machine at the other end might answer our answer.
HELPS = Limit("sendblue help, one number", times=5, seconds=3600)


class InboundMessage(BaseModel):
	"""Sendblue's "receive" webhook, as far as MedGrid reads it. Reports of what was sent are outbound."""

	message_handle: str
	from_number: str
	content: str | None = None
	is_outbound: bool = False

	@property
	def word(self) -> str:
		"""The whole message, if it is but one word: `Stop.` is STOP, a sentence with "stop" in it is none."""
		return (self.content or "").strip(" \t\r\n.!?\"'").upper()


def is_authentic(secret: str | None) -> bool:
	"""Whether a webhook knows the secret of Medgrid Settings. Nobody knows one that is not set."""
	expected = settings.webhook_secret()
	return bool(expected and secret) and hmac.compare_digest(secret.encode(), expected.encode())


def receive(body: bytes) -> None:
	"""Does what a vendor's reply asks for; everything else is ignored."""
	try:
		message = InboundMessage.model_validate_json(body)
		phone = to_e164(message.from_number)
	except (ValidationError, InvalidInput):
		# Another of Sendblue's events, or a sender without a number.
		return
	if message.is_outbound or _is_known(message):
		return
	if message.word in STOP:
		opt_outs.add(phone)
		recipients.turn_alerts(phone, off=True)
	elif message.word in START:
		opt_outs.remove(phone)
		recipients.turn_alerts(phone, off=False)
	elif message.word in HELP and recipients.with_phone(phone):
		_enqueue_help(phone, message)
	# Not before: what fails must be welcome again.
	frappe.db.after_commit.add(lambda: _remember(message))


def answer_help(phone: str, key: str) -> None:
	"""The job that answers HELP, once for each message.

	:param key: of the message.
	"""
	if not frappe.cache.set(f"{key}:answered", 1, nx=True, ex=REMEMBERED_SECONDS):
		return
	try:
		with settings.client() as client:
			client.send(phone, messages.help_text())
	except MedgridError as failure:
		frappe.log_error("HELP could not be answered", str(failure))


def _enqueue_help(phone: str, message: InboundMessage) -> None:
	try:
		rate_limits.take((HELPS, phone))
	except TooManyRequests:
		return
	key = _key(message)
	frappe.enqueue(
		"medgrid.integrations.sendblue.inbound.answer_help", queue="short", job_id=key, phone=phone, key=key
	)


def _is_known(message: InboundMessage) -> bool:
	return frappe.cache.get(_key(message)) is not None


def _remember(message: InboundMessage) -> None:
	frappe.cache.set(_key(message), 1, ex=REMEMBERED_SECONDS)


def _key(message: InboundMessage) -> str:
	handle = sha256(f"{frappe.conf.db_name}:{message.message_handle}".encode()).hexdigest()[:32]
	return f"medgrid-sendblue-inbound-{handle}"
