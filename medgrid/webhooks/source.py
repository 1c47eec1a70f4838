"""What the receiver must know of a sender of webhooks, and what passes between the two."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from medgrid.core.rate_limits import Limit
from medgrid.http_client.json_reader import JsonRefused, read_json


class Outcome(str, Enum):
	"""What came of a webhook. The values are the options of Integration Event's `outcome`."""

	UPDATED = "Updated"
	UNCHANGED = "Unchanged"
	# Older than what is known already.
	STALE = "Stale"
	# The app was uninstalled, and a connection ended.
	DISCONNECTED = "Disconnected"
	# A job answers it.
	ANSWERED = "Answered"
	UNKNOWN_ORDER = "Unknown Order"
	# Not for this site, or not a topic that it knows.
	IGNORED = "Ignored"
	# Signed, and not readable.
	FAILED = "Failed"

	@property
	def is_processed(self) -> bool:
		"""Whether a repetition has nothing left to do."""
		return self not in (Outcome.UNKNOWN_ORDER, Outcome.IGNORED, Outcome.FAILED)


@dataclass(frozen=True)
class Signer:
	"""Which secret signed a body.

	:param secret: the name of the field that holds it.
	:param shop: the shop that the settings name beside it, in small letters; None: they name none.
	"""

	secret: str
	shop: str | None = None


@dataclass(frozen=True)
class Delivery:
	"""A webhook as it arrived, its signature checked. Only `content` is signed: whoever has seen one webhook
	can send its body again under other headers.

	:param topic: what it is about, e.g. "orders/fulfilled".
	:param content: the body's JSON object; empty if it is none.
	:param identity: what is the same in a repetition and in nothing else.
	:param shop: which shop sent it, as it says.
	:param triggered_at: when it happened, as it says; aware.
	"""

	signer: Signer
	topic: str
	content: Mapping[str, Any]
	identity: bytes
	shop: str = ""
	triggered_at: datetime | None = None


@dataclass(frozen=True)
class Result:
	"""
	:param order_id: the GID of the order that it is about, at Shopify.
	:param error: why it was ignored, or what is not readable; never a customer's data.
	"""

	outcome: Outcome
	order_id: str | None = None
	sales_order: str | None = None
	error: str | None = None


@dataclass(frozen=True)
class Handler:
	"""
	:param work: what a topic asks for, in the receiver's transaction: it does not commit, and calls nothing
		outside the database but in `frappe.db.after_commit`. May raise pydantic's ValidationError.
	:param always: whether it is carried out however often it arrives. For events whose bodies are the same
		each time that they happen: an app may be uninstalled, installed again and uninstalled again.
	:param repeated: what a repetition of a processed webhook leaves to do, with what is on record of it; in a
		transaction of its own, on the same terms as `work`.
	"""

	work: Callable[[Delivery], Result]
	always: bool = False
	repeated: Callable[[Delivery, Any], None] | None = None


@dataclass(frozen=True)
class Source:
	"""One sender of webhooks.

	:param name: Integration Event's `source`.
	:param max_bytes: of a body.
	:param verify: who signed a body, from the body and its headers; None: nobody whom this site knows.
		Compares in constant time.
	:param read: a body that was signed, with its headers.
	:param handlers: by topic.
	:param respond: the body of the answer, from what is on record.
	:param wrong_signatures: how many wrong signatures one network address may send.
	:param lock_seconds: how long a webhook waits for what others have locked. The sender repeats what failed,
		and ends a connection that takes too long.
	"""

	name: str
	max_bytes: int
	verify: Callable[[bytes, Mapping[str, str]], Signer | None]
	read: Callable[[bytes, Mapping[str, str], Signer], Delivery]
	handlers: Mapping[str, Handler]
	respond: Callable[[Any], dict[str, Any]]
	wrong_signatures: Limit
	lock_seconds: int = 2


def json_object(body: bytes) -> dict[str, Any]:
	"""A body's JSON object; empty if it is none, or not within the limits of `json_reader`."""
	try:
		content = read_json(body)
	except JsonRefused:
		return {}
	return content if isinstance(content, dict) else {}
