"""What a record says, and how a DocType with labels of its own stores its states."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from medgrid.outbox import destinations
from medgrid.outbox.destinations import Outbox, Reason, Record
from medgrid.outbox.states import ACCEPTED, CLAIMABLE, LABELS, OPEN, State, Timing, WhoActs

BEGAN = datetime(2026, 3, 8, 6, 59, 59, tzinfo=timezone.utc)
TIMING = Timing(claim_seconds=60, search_lag_seconds=120)
ORDERS = Outbox("Order", TIMING)
# A DocType that uses six of the states, and calls them in its own way.
TAXES = Outbox(
	"Tax Document",
	TIMING,
	source_field="name",
	source="Tax Document",
	labels={
		State.WAITING: "Pending",
		State.SENDING: "Sending",
		State.UNKNOWN: "In Doubt",
		State.SENT: "Committed",
		State.FAILED: "Failed",
		State.CANCELLED: "Void",
	},
	reason_field="error",
	who_acts_field=None,
)


def record(state: State, claimed_at: datetime | None = BEGAN) -> Record:
	return Record(ORDERS, "r1", "SO-1", state, "token", claimed_at, attempts=1)


def test_a_label_stands_for_its_state():
	assert {ORDERS.state_of(label) for label in LABELS.values()} == set(State)
	assert TAXES.state_of("In Doubt") is State.UNKNOWN


def test_a_label_of_another_doctype_is_none():
	with pytest.raises(KeyError):
		TAXES.state_of("Outcome Unknown")


def test_only_the_states_that_a_doctype_uses_have_labels():
	assert sorted(ORDERS.labels_of(OPEN)) == ["Outcome Unknown", "Sending"]
	assert sorted(TAXES.labels_of(OPEN)) == ["In Doubt", "Sending"]
	assert TAXES.labels_of(ACCEPTED) == ["Committed"]


@pytest.mark.parametrize("state", State, ids=lambda state: state.value)
def test_only_what_is_being_sent_or_of_unknown_outcome_is_open(state):
	assert record(state).is_open() is (state in {State.SENDING, State.UNKNOWN})


@pytest.mark.parametrize(("state", "seconds"), [(State.UNKNOWN, 120), (State.SENDING, 180)])
def test_an_attempt_is_conclusive_from_its_moment_on(monkeypatch, state, seconds):
	moment = BEGAN + timedelta(seconds=seconds)
	monkeypatch.setattr(destinations, "database_now", lambda: moment - timedelta(microseconds=1))
	assert not record(state).is_conclusive()
	monkeypatch.setattr(destinations, "database_now", lambda: moment)
	assert record(state).is_conclusive()


def test_an_attempt_without_a_time_is_conclusive():
	assert record(State.SENDING, claimed_at=None).is_conclusive()


@pytest.mark.parametrize("state", State, ids=lambda state: state.value)
@pytest.mark.parametrize("token", ["token", None])
def test_what_was_parked_with_an_unknown_outcome_is_searched_before_it_is_claimed(state, token):
	found = replace(record(state), token=token)
	assert found.is_parked_unknown() is (state is State.FAILED and token is not None)
	assert found.may_be_claimed() is (state in CLAIMABLE and not found.is_parked_unknown())


@pytest.mark.parametrize(
	("state", "later", "seconds", "is_being_sent"),
	[
		(State.SENDING, 0, 180, True),
		(State.SENDING, 179, 1, True),
		(State.SENDING, 180, 1, False),
		(State.SENDING, 10_000, 1, False),
		(State.UNKNOWN, 0, 120, False),
	],
)
def test_the_time_until_an_attempt_is_conclusive(monkeypatch, state, later, seconds, is_being_sent):
	monkeypatch.setattr(destinations, "database_now", lambda: BEGAN + timedelta(seconds=later))
	found = record(state)
	assert (found.seconds_until_conclusive(), found.is_being_sent()) == (seconds, is_being_sent)


def test_an_attempt_without_a_time_is_conclusive_at_once():
	assert record(State.SENDING, claimed_at=None).seconds_until_conclusive() == 1


def test_a_reason_is_written_to_the_fields_that_the_doctype_has():
	reason = Reason("The address is not complete.", WhoActs.WHOLESALER)
	assert ORDERS.reason_values(reason) == {
		"reason": "The address is not complete.",
		"who_acts": WhoActs.WHOLESALER.value,
	}
	assert TAXES.reason_values(reason) == {"error": "The address is not complete."}
