"""The interface that a destination of documents implements, and the values of its records. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from medgrid.core.database_clock import database_now
from medgrid.exceptions import MedgridError
from medgrid.outbox.schedule import Schedule
from medgrid.outbox.states import CLAIMABLE, LABELS, OPEN, Operation, State, Timing, WhoActs

Payload = TypeVar("Payload")
Receipt = TypeVar("Receipt")


class Parked(MedgridError):
	"""`Destination.check` or `make_way` raises a subclass for a document that must not be sent until a user
	has acted: the record becomes FAILED."""


@dataclass(frozen=True)
class Outbox:
	"""Describes the DocType in which a destination's records are stored.

	:param doctype: the DocType of the records. It has the fields `status` (a Select), `claim`, `claimed_at`
		and `next_attempt_at` (both UTC), `attempts`, and those that the last two parameters name.
	:param source_field: the record's field that links to the document.
	:param source: the DocType of the documents. A document's row is locked before its record's row.
	:param labels: the value of `status` for each state; a DocType may leave out states that it does not use.
	:param reason_field: the field with the reason for the state, for people.
	:param who_acts_field: the field with the party that must act; None if the DocType has no such field.
	:param since_field: the field with the time since when the record has its state, UTC; None if the DocType
		has no such field.
	:param schedule: when a document is tried again after a failure. The DocType then has the field
		`first_failed_at` (UTC), too. None: the destination's next run tries it again, for ever.
	:param parks_open: whether the schedule's end parks a document whose outcome is unknown, too; it keeps
		its claim, and a retry searches for it first. False: only a search settles it, and counts.
	:param has_operations: whether documents that the other system has are sent again or cancelled there: the
		DocType then has the field `operation` (a Select), too.
	:param parked: is called in the transaction that parks a document, with its record and the reason.
	:param unparked: is called in the transaction in which a parked document goes on.
	:param not_made: is called in the transaction that records that an attempt certainly created nothing, with
		its record and the reason; the document waits for another attempt.
	:param outcome_unknown: is called in the transaction that records that a response was lost, with the
		document's record.
	:param outcome_known: is called in the transaction that records the outcome after all.
	"""

	doctype: str
	timing: Timing
	source_field: str = "sales_order"
	source: str = "Sales Order"
	labels: Mapping[State, str] = field(default_factory=lambda: LABELS)
	reason_field: str = "reason"
	who_acts_field: str | None = "who_acts"
	since_field: str | None = None
	schedule: Schedule | None = None
	parks_open: bool = True
	has_operations: bool = False
	parked: "Callable[[Record, Reason], None] | None" = None
	unparked: "Callable[[Record], None] | None" = None
	not_made: "Callable[[Record, Reason], None] | None" = None
	outcome_unknown: "Callable[[Record], None] | None" = None
	outcome_known: "Callable[[Record], None] | None" = None

	def state_of(self, label: str) -> State:
		"""Returns the state that a label stands for.

		:raises KeyError: the DocType has no such label.
		"""
		return {own: state for state, own in self.labels.items()}[label]

	def reason_values(self, reason: "Reason") -> dict[str, Any]:
		"""Returns the fields and values that say why a record is in its state, and who must act."""
		values: dict[str, Any] = {self.reason_field: reason.text}
		if self.who_acts_field:
			values[self.who_acts_field] = reason.who_acts.value
		return values

	def labels_of(self, states: frozenset[State]) -> list[str]:
		"""Returns the labels of some states, without states that the DocType does not use."""
		return [label for state, label in self.labels.items() if state in states]


@dataclass(frozen=True)
class Reason:
	"""Why a record is in its state, for people.

	:param text: a full sentence that contains no secret.
	:param who_acts: the party that must act before the document can be processed further.
	:param counts: whether a failure concerns this document, and counts as one of its attempts. False: it
		concerns all documents, e.g. the other system is down.
	"""

	text: str | None = None
	who_acts: WhoActs = WhoActs.NOBODY
	counts: bool = True


NO_REASON = Reason()


@dataclass(frozen=True)
class Record:
	"""The values of a record.

	:param document: the name of the document that is sent.
	:param token: the token of the claim, until its outcome is recorded.
	:param claimed_at: when the last attempt or operation began, or when an attempt's response was lost;
		aware.
	:param attempts: the number of attempts.
	:param first_failed_at: when the first of the attempts that failed since then failed; aware. None: none
		has failed, or the outbox has no schedule.
	:param operation: what is done with a document that the other system has, until its outcome is recorded.
	"""

	outbox: Outbox
	name: str
	document: str
	state: State
	token: str | None
	claimed_at: datetime | None
	attempts: int
	first_failed_at: datetime | None = None
	operation: Operation | None = None

	def is_open(self) -> bool:
		"""Whether the outcome of the last attempt is not recorded."""
		return self.state in OPEN

	def is_parked_unknown(self) -> bool:
		"""Whether the document was parked before the outcome of its last attempt was known."""
		return self.state is State.FAILED and self.token is not None

	def may_be_claimed(self) -> bool:
		"""Whether, as far as MedGrid knows, the other system does not have the document."""
		return self.state in CLAIMABLE and not self.is_parked_unknown()

	def is_conclusive(self) -> bool:
		"""For an open attempt: whether the document certainly does not exist in the other system if a search
		that begins now does not find it. Call it before the search."""
		if self.claimed_at is None:
			return True
		return database_now() >= self.outbox.timing.certain_from(self.state, self.claimed_at)

	def seconds_until_conclusive(self) -> int:
		"""The seconds after which an open attempt is conclusive, at least 1."""
		if self.claimed_at is None:
			return 1
		certain = self.outbox.timing.certain_from(self.state, self.claimed_at)
		return max(1, round((certain - database_now()).total_seconds()))

	def is_being_sent(self) -> bool:
		"""Whether another worker sends the document at this moment, as far as is known."""
		return self.state is State.SENDING and not self.is_conclusive()

	def is_being_changed(self) -> bool:
		"""Whether another worker carries out an operation on the document at this moment, as far as is
		known."""
		if not self.operation or not self.token or not self.claimed_at:
			return False
		return database_now() < self.outbox.timing.certain_from(State.SENDING, self.claimed_at)


@dataclass(frozen=True)
class Claim(Generic[Payload]):
	"""The exclusive right to send one document. Its owner must record the outcome.

	:param name: the record's name.
	:param attempts: the number of this attempt, from 1.
	"""

	outbox: Outbox
	name: str
	document: str
	token: str
	payload: Payload
	attempts: int


@dataclass(frozen=True)
class Outcome:
	"""What to record of a document that the other system has.

	:param values: values of the record's own fields, e.g. the other system's id.
	:param state: CANCELLED if the document was cancelled in MedGrid in the meantime.
	"""

	values: dict[str, Any]
	state: State = State.SENT
	reason: Reason = NO_REASON


class Destination(Protocol[Payload, Receipt]):
	"""Another system to which one worker sends documents, with its credentials and client."""

	outbox: Outbox

	def key(self, document: str) -> dict[str, str]:
		"""Returns the fields and values that identify the document's record."""
		...

	def prepare(self, document: Any) -> Payload:
		"""Builds the payload, after checking that the document may be sent. It is called in the claim's
		transaction, after the document was locked and read. It may read further data, but it writes nothing
		and calls no other system.

		:raises MedgridError: the document cannot be sent as it is; then nothing is claimed.
		"""
		...

	def content(self, payload: Payload) -> dict[str, Any]:
		"""Returns the record's fields and values that describe the payload; they are stored before the
		call."""
		...

	def check(self, payload: Payload) -> None:
		"""Checks with the other system whether the document can be created there. It changes nothing there.

		:raises Parked: it cannot be created until a user has acted.
		:raises MedgridError: it cannot be created now, or the check failed.
		"""
		...

	def make_way(self, payload: Payload) -> None:
		"""Changes what must not stay beside the document in the other system: for example, cancels the order
		that this one amends. It is called after `check`.

		:raises Parked: see `check`.
		:raises MedgridError: it cannot be changed; the document is not sent.
		"""
		...

	def send(self, payload: Payload) -> Receipt:
		"""Creates the document in the other system.

		:raises Exception: the call failed; `is_not_made` says whether the document certainly was not created.
		"""
		...

	def is_not_made(self, error: Exception) -> bool:
		"""Whether a failure of `send` means that the other system certainly did not create the document."""
		...

	def is_refused(self, error: Exception) -> bool:
		"""Whether a failure of `send` means that the other system refuses the document as it is: it is parked
		until a user retries it, unless the other system has it already."""
		...

	def pause_after(self, error: Exception, attempts: int) -> timedelta | None:
		"""Returns how long a document that was certainly not created waits before it is sent again.

		:param attempts: the number of the attempt that failed, from 1.
		:returns: None: as the outbox's schedule says.
		"""
		...

	def find(self, document: str) -> Receipt | None:
		"""Searches the other system for the document, by a key that was sent with it.

		:returns: None if the document is not found, which is conclusive only after
			`Timing.search_lag_seconds`.
		:raises MedgridError: the search failed.
		"""
		...

	def outcome(self, document: str, record: Record | None, receipt: Receipt) -> Outcome:
		"""Returns what to record of a document that the other system has. It is called in the record's
		transaction, with the document's row locked, and may write the document's own fields.

		:raises Conflict: another receipt is recorded already.
		"""
		...

	def reason_of(self, error: Exception) -> Reason:
		"""Returns the reason that people read after a failure."""
		...

	def reason_of_nothing(self) -> Reason:
		"""Returns the reason that people read if an earlier attempt did not create the document."""
		...
