"""What a place to which documents go must be able to do, and what its records are. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from medgrid.core.clock import utc_now
from medgrid.outbox.states import LABELS, OPEN, State, Timing, WhoActs

Payload = TypeVar("Payload")
Receipt = TypeVar("Receipt")


@dataclass(frozen=True)
class Outbox:
	"""Where a destination keeps its records.

	:param doctype: of the records. It has the fields `status` (a Select), `claim`, `claimed_at` and
		`next_attempt_at` (both UTC), `attempts`, and those that the last two parameters name.
	:param source_field: the record's field that names the document.
	:param source: the DocType of the documents. A document's row is locked before its record's.
	:param labels: how `status` stores each state; a DocType may leave out states that it does not use.
	:param reason_field: what people read about the state.
	:param who_acts_field: None if the DocType has no such field.
	"""

	doctype: str
	timing: Timing
	source_field: str = "sales_order"
	source: str = "Sales Order"
	labels: Mapping[State, str] = field(default_factory=lambda: LABELS)
	reason_field: str = "reason"
	who_acts_field: str | None = "who_acts"

	def state_of(self, label: str) -> State:
		"""The state that a label stands for.

		:raises KeyError: it is no label of this DocType.
		"""
		return {own: state for state, own in self.labels.items()}[label]

	def labels_of(self, states: frozenset[State]) -> list[str]:
		"""The labels of those of the states that the DocType uses."""
		return [label for state, label in self.labels.items() if state in states]


@dataclass(frozen=True)
class Reason:
	"""Why a record is in its state, for people.

	:param text: a full sentence that names no secret.
	:param who_acts: who must do something before the document can go on.
	"""

	text: str | None = None
	who_acts: WhoActs = WhoActs.NOBODY


NO_REASON = Reason()


@dataclass(frozen=True)
class Record:
	"""A record as it was read.

	:param document: the name of the document that is sent.
	:param token: of the claim, while there is one.
	:param claimed_at: when the last attempt began, or when its outcome was lost; aware.
	:param attempts: how often it was tried.
	"""

	outbox: Outbox
	name: str
	document: str
	state: State
	token: str | None
	claimed_at: datetime | None
	attempts: int

	def is_open(self) -> bool:
		"""Whether there was an attempt whose outcome is not recorded."""
		return self.state in OPEN

	def is_conclusive(self) -> bool:
		"""Of an open attempt: whether a document that the other side does not find is not there. To be asked
		before the search."""
		if self.claimed_at is None:
			return True
		return utc_now() >= self.outbox.timing.certain_from(self.state, self.claimed_at)


@dataclass(frozen=True)
class Claim(Generic[Payload]):
	"""The right, and the duty, to send one document and to record what came of it.

	:param name: of the record.
	"""

	outbox: Outbox
	name: str
	document: str
	token: str
	payload: Payload


@dataclass(frozen=True)
class Outcome:
	"""What a record says of a document that the other side has.

	:param values: of the record's own fields, e.g. the other side's id.
	:param state: CANCELLED if it was cancelled here in the meantime.
	"""

	values: dict[str, Any]
	state: State = State.SENT
	reason: Reason = NO_REASON


class Destination(Protocol[Payload, Receipt]):
	"""One place, as one worker sees it: with its credentials and its client."""

	outbox: Outbox

	def key(self, document: str) -> dict[str, str]:
		"""The fields by which the document's record is unique."""
		...

	def prepare(self, document: Any) -> Payload:
		"""What is to be sent: whether it may go, its lines, its address. Called in the claim's transaction,
		with the document locked and just read: it reads what else it needs, writes nothing and calls nobody.

		:raises MedgridError: it cannot be sent as it is; nothing is claimed then.
		"""
		...

	def content(self, payload: Payload) -> dict[str, Any]:
		"""What the record keeps of the payload, from before the call on: fields and values."""
		...

	def check(self, payload: Payload) -> None:
		"""Asks the other side whether this document can be made there. It makes nothing.

		:raises MedgridError: it cannot, or the other side cannot be asked.
		"""
		...

	def send(self, payload: Payload) -> Receipt:
		"""Makes the document at the other side.

		:raises Exception: `is_not_made` says whether it certainly came to nothing.
		"""
		...

	def is_not_made(self, error: Exception) -> bool:
		"""Whether a failure of `send` means that the other side certainly has not made the document."""
		...

	def find(self, document: str) -> Receipt | None:
		"""Asks the other side for the document, by a key that was sent along with it.

		:returns: None if it does not find it, which says something after `Timing.search_lag_seconds` only.
		:raises MedgridError: it cannot be asked.
		"""
		...

	def outcome(self, document: str, record: Record | None, receipt: Receipt) -> Outcome:
		"""What to record of a document that the other side has. Called in the record's transaction, with the
		document's row locked: it may write the document's own fields.

		:raises Conflict: another one is recorded already.
		"""
		...

	def reason_of(self, error: Exception) -> Reason:
		"""What people read of a failure."""
		...

	def reason_of_nothing(self) -> Reason:
		"""What people read of an earlier attempt that came to nothing."""
		...
