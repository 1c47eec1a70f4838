"""The states of a document that is sent to another system, and their transitions. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class State(Enum):
	"""The state of a document in the outbox."""

	# Due now or at the time of the next attempt.
	WAITING = "waiting"
	# Claimed by a worker.
	SENDING = "sending"
	# The call was made and its response was lost: the next step is a search in the other system.
	UNKNOWN = "unknown"
	# The other system has it.
	SENT = "sent"
	# It has a valid label or fulfillment.
	SHIPPED = "shipped"
	# Its Delivery Note has the tracking number.
	DELIVERED = "delivered"
	# Not sent again until a user retries it; the record has the reason.
	FAILED = "failed"
	# Cancelled in MedGrid or in the other system.
	CANCELLED = "cancelled"
	# No row is left for this vendor.
	NOT_OURS = "not_ours"


class Operation(Enum):
	"""What a worker does with a document that the other system has; the values are the options of
	`operation`. See `medgrid.outbox.operations`."""

	SEND_AGAIN = "Send Again"
	CANCEL = "Cancel"


class WhoActs(Enum):
	"""The party that must act before a document can be processed further; the values are the options of
	`who_acts`."""

	VENDOR = "Vendor"
	WHOLESALER = "Wholesaler"
	ADMINISTRATOR = "Administrator"
	NOBODY = "Nobody"


# The values of the Select field `status`. A DocType may use other labels.
LABELS: Mapping[State, str] = {
	State.WAITING: "Waiting",
	State.SENDING: "Sending",
	State.UNKNOWN: "Outcome Unknown",
	State.SENT: "Sent",
	State.SHIPPED: "Shipped",
	State.DELIVERED: "Delivered",
	State.FAILED: "Failed",
	State.CANCELLED: "Cancelled",
	State.NOT_OURS: "Not Ours",
}

# A worker that was considered dead may return and report that the other system has the document. Its report
# is right in every case, so SENT may follow each state in which MedGrid assumed that the document was not
# sent.
NEXT: Mapping[State, frozenset[State]] = {
	State.WAITING: frozenset({State.SENDING, State.SENT, State.FAILED, State.CANCELLED, State.NOT_OURS}),
	State.SENDING: frozenset(
		{State.WAITING, State.UNKNOWN, State.SENT, State.FAILED, State.CANCELLED, State.NOT_OURS}
	),
	State.UNKNOWN: frozenset({State.WAITING, State.SENT, State.FAILED, State.CANCELLED}),
	State.SENT: frozenset({State.SHIPPED, State.CANCELLED}),
	State.SHIPPED: frozenset({State.SENT, State.DELIVERED, State.CANCELLED}),
	State.DELIVERED: frozenset({State.SENT, State.SHIPPED, State.CANCELLED}),
	# UNKNOWN: it was parked before anybody knew whether the other system has it.
	State.FAILED: frozenset(
		{State.WAITING, State.SENDING, State.UNKNOWN, State.SENT, State.CANCELLED, State.NOT_OURS}
	),
	State.CANCELLED: frozenset(),
	State.NOT_OURS: frozenset({State.WAITING, State.SENDING, State.SENT, State.CANCELLED}),
}

# As far as MedGrid knows, nothing was sent: a worker may claim the document, unless its record says that it
# was parked with an unknown outcome (`Record.is_parked_unknown`).
CLAIMABLE = frozenset({State.WAITING, State.FAILED, State.NOT_OURS})
# An attempt whose outcome is not recorded.
OPEN = frozenset({State.SENDING, State.UNKNOWN})
# The other system has or had the document.
ACCEPTED = frozenset({State.SENT, State.SHIPPED, State.DELIVERED})


class TransitionForbidden(ValueError):
	"""The code attempted a transition that NEXT does not contain: a fault of MedGrid."""


def check(before: State, after: State) -> None:
	"""Checks that a state may follow another one. A state may follow itself, because other fields may change.

	:raises TransitionForbidden: `after` may not follow `before`.
	"""
	if after is not before and after not in NEXT[before]:
		raise TransitionForbidden(f"{before.value} does not become {after.value}")


@dataclass(frozen=True)
class Timing:
	"""How long an attempt at one destination takes.

	:param claim_seconds: the maximum time from a claim to its outcome; the worker of an older claim is dead.
	:param search_lag_seconds: the maximum time in which the other system's search may not find a document
		that it has.
	"""

	claim_seconds: int
	search_lag_seconds: int = 0

	def certain_from(self, state: State, claimed_at: datetime) -> datetime:
		"""Returns the time from which a search is conclusive: a document that it does not find does not
		exist.

		:param state: one of OPEN.
		:param claimed_at: when the attempt began (SENDING), or when its response was lost (UNKNOWN).
		"""
		seconds = self.search_lag_seconds
		if state is State.SENDING:
			seconds += self.claim_seconds
		return claimed_at + timedelta(seconds=seconds)
