"""The interface between the receiver and the senders of webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from medgrid.core.rate_limits import Limit
from medgrid.http_client.json_reader import JsonRefused, read_json


class WebhookOutcome(str, Enum):
	"""The outcome of a webhook. The values are the options of Integration Event's `outcome`."""

	UPDATED = "Updated"
	UNCHANGED = "Unchanged"
	# Older than the stored state.
	STALE = "Stale"
	# A job asks the sender whether it is true: see `verification`.
	TO_BE_VERIFIED = "To Be Verified"
	# The app was uninstalled, and a connection ended.
	DISCONNECTED = "Disconnected"
	# A job sends a reply.
	ANSWERED = "Answered"
	UNKNOWN_ORDER = "Unknown Order"
	# Not for this site, or a topic that MedGrid does not handle.
	IGNORED = "Ignored"
	# The signature is valid, but the body cannot be read.
	FAILED = "Failed"

	@property
	def is_processed(self) -> bool:
		"""Whether a repetition of the webhook needs no processing."""
		return self not in (
			WebhookOutcome.UNKNOWN_ORDER,
			WebhookOutcome.IGNORED,
			WebhookOutcome.FAILED,
			WebhookOutcome.TO_BE_VERIFIED,
		)

	@property
	def is_waiting(self) -> bool:
		"""Whether a job must verify the webhook."""
		return self is WebhookOutcome.TO_BE_VERIFIED


@dataclass(frozen=True)
class Signer:
	"""The secret that signed a body.

	:param secret: the fieldname of the secret.
	:param shop: the shop that the same settings name, in lower case; None: they name none.
	"""

	secret: str
	shop: str | None = None


@dataclass(frozen=True)
class Delivery:
	"""A received webhook with a valid signature. The signature covers only `content`: somebody who has seen a
	webhook can send its body again with other headers.

	:param signer: the secret that signed the body.
	:param topic: e.g. "orders/fulfilled"; not signed.
	:param content: the body's JSON object; empty if the body is not a JSON object.
	:param identity: bytes that are equal only for repetitions of the same webhook.
	:param shop: the shop that the headers state; not signed.
	"""

	signer: Signer
	topic: str
	content: Mapping[str, Any]
	identity: bytes
	shop: str = ""


@dataclass(frozen=True)
class HandlerResult:
	"""What a handler did.

	:param order_id: the GID of the Shopify order.
	:param sales_order: the name of the Sales Order.
	:param error: why the webhook was ignored, or what cannot be read; never customer data.
	:param shop: the shop that the body names; None: record the one that the headers state.
	"""

	outcome: WebhookOutcome
	order_id: str | None = None
	sales_order: str | None = None
	error: str | None = None
	shop: str | None = None


@dataclass(frozen=True)
class Handler:
	"""How one topic is processed.

	:param work: processes a webhook in the receiver's transaction. It must not commit, and must call other
		systems only in `frappe.db.after_commit`. It may raise pydantic's ValidationError.
	:param always: whether repetitions are processed, too. For events that have the same body each time: an
		app may be uninstalled, installed again and uninstalled again.
	:param repeated: called for a repetition of a processed webhook, with the recorded event, in its own
		transaction; the rules of `work` apply.
	"""

	work: Callable[[Delivery], HandlerResult]
	always: bool = False
	repeated: Callable[[Delivery, Any], None] | None = None


@dataclass(frozen=True)
class Source:
	"""One sender of webhooks.

	:param name: the `source` of its Integration Events.
	:param max_bytes: the largest body.
	:param verify: returns who signed a body, from the body and its headers; None: the signature is not valid.
		It compares in constant time.
	:param read: reads a body with a valid signature, and its headers.
	:param handlers: by topic.
	:param respond: builds the body of the response from the recorded event.
	:param wrong_signatures: the rate limit for wrong signatures of one network address.
	:param signed: the rate limit for webhooks with the same rightly used secret; None: whoever has the secret
		is trusted not to flood.
	:param lock_seconds: how many seconds a webhook waits for locked rows. The sender closes a connection that
		takes too long, and repeats a webhook that failed.
	"""

	name: str
	max_bytes: int
	verify: Callable[[bytes, Mapping[str, str]], Signer | None]
	read: Callable[[bytes, Mapping[str, str], Signer], Delivery]
	handlers: Mapping[str, Handler]
	respond: Callable[[Any], dict[str, Any]]
	wrong_signatures: Limit
	signed: Limit | None = None
	lock_seconds: int = 2


def json_object(body: bytes) -> dict[str, Any]:
	"""The JSON object in a body; empty if the body is not one, or exceeds the limits of `json_reader`."""
	try:
		content = read_json(body)
	except JsonRefused:
		return {}
	return content if isinstance(content, dict) else {}
