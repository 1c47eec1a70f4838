"""The states of a document on its way to another system, and which of them may follow which. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum


class State(Enum):
	"""Where a document is on its way."""

	# Due, also between two attempts.
	WAITING = "waiting"
	# Claimed by a worker.
	SENDING = "sending"
	# The call was made and its answer lost: the next step is to ask the other side.
	UNKNOWN = "unknown"
	# The other side has it.
	SENT = "sent"
	# It has a valid label or fulfillment.
	SHIPPED = "shipped"
	# Its Delivery Note has the tracking number.
	DELIVERED = "delivered"
	# Parked with its reason until somebody retries it.
	FAILED = "failed"
	# Cancelled here or there.
	CANCELLED = "cancelled"
	# No row is left for this vendor.
	NOT_OURS = "not_ours"


class WhoActs(Enum):
	"""Who must do something before it can go on; the values are the options of `who_acts`."""

	VENDOR = "Vendor"
	WHOLESALER = "Wholesaler"
	ADMINISTRATOR = "Administrator"
	NOBODY = "Nobody"


# As a Select field stores them. A DocType may have labels of its own for them.
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

# A worker that was taken for dead may come back and say that the other side has the document. Then it
# has it, whatever was concluded meanwhile: SENT may follow each state in which it was believed not to.
NEXT: Mapping[State, frozenset[State]] = {
	State.WAITING: frozenset({State.SENDING, State.SENT, State.FAILED, State.CANCELLED, State.NOT_OURS}),
	State.SENDING: frozenset(
		{State.WAITING, State.UNKNOWN, State.SENT, State.FAILED, State.CANCELLED, State.NOT_OURS}
	),
	State.UNKNOWN: frozenset({State.WAITING, State.SENT, State.FAILED, State.CANCELLED}),
	State.SENT: frozenset({State.SHIPPED, State.CANCELLED}),
	State.SHIPPED: frozenset({State.SENT, State.DELIVERED, State.CANCELLED}),
	State.DELIVERED: frozenset({State.SENT, State.SHIPPED, State.CANCELLED}),
	State.FAILED: frozenset({State.WAITING, State.SENDING, State.SENT, State.CANCELLED, State.NOT_OURS}),
	State.CANCELLED: frozenset(),
	State.NOT_OURS: frozenset({State.WAITING, State.SENDING, State.SENT, State.CANCELLED}),
}

# Nothing was sent, as far as is known: a worker may claim it.
CLAIMABLE = frozenset({State.WAITING, State.FAILED, State.NOT_OURS})
# An attempt whose outcome is not recorded.
OPEN = frozenset({State.SENDING, State.UNKNOWN})
# The other side has it, or had it.
ACCEPTED = frozenset({State.SENT, State.SHIPPED, State.DELIVERED})


class TransitionForbidden(ValueError):
	"""Code asks for a transition that NEXT does not have: a fault of ours."""


def check(before: State, after: State) -> None:
	"""Checks that a state may follow another one. A state may follow itself: its other fields change.

	:raises TransitionForbidden: it may not.
	"""
	if after is not before and after not in NEXT[before]:
		raise TransitionForbidden(f"{before.value} does not become {after.value}")


@dataclass(frozen=True)
class Timing:
	"""How long an attempt at one destination takes.

	:param claim_seconds: no attempt takes longer from its claim to its outcome: the worker of an older claim
		is dead.
	:param search_lag_seconds: for so long the other side may not find a document that it has.
	"""

	claim_seconds: int
	search_lag_seconds: int = 0

	def certain_from(self, state: State, claimed_at: datetime) -> datetime:
		"""From when on a document that the other side does not find is not there.

		:param state: one of OPEN.
		:param claimed_at: when the attempt began (SENDING), or when its outcome was lost (UNKNOWN).
		"""
		seconds = self.search_lag_seconds
		if state is State.SENDING:
			seconds += self.claim_seconds
		return claimed_at + timedelta(seconds=seconds)
