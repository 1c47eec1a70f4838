"""Which state of a document on its way may follow which, and when an attempt is conclusive."""

from datetime import datetime, timedelta, timezone

import pytest

from medgrid.outbox.states import (
	ACCEPTED,
	CLAIMABLE,
	LABELS,
	NEXT,
	OPEN,
	State,
	Timing,
	TransitionForbidden,
	check,
)

BEGAN = datetime(2026, 3, 8, 6, 59, 59, tzinfo=timezone.utc)
ALLOWED = {
	"waiting": "sending sent failed cancelled not_ours",
	"sending": "waiting unknown sent failed cancelled not_ours",
	"unknown": "waiting sent failed cancelled",
	"sent": "shipped cancelled",
	"shipped": "sent delivered cancelled",
	"delivered": "sent shipped cancelled",
	"failed": "waiting sending unknown sent cancelled not_ours",
	"cancelled": "",
	"not_ours": "waiting sending sent cancelled",
}


def test_every_state_has_a_row_and_a_label_of_its_own():
	assert {state.value for state in State} == set(ALLOWED) == {state.value for state in NEXT}
	assert len(set(LABELS.values())) == len(LABELS) == len(State)


def test_the_labels_are_those_that_people_read():
	assert [LABELS[state] for state in State] == [
		"Waiting",
		"Sending",
		"Outcome Unknown",
		"Sent",
		"Shipped",
		"Delivered",
		"Failed",
		"Cancelled",
		"Not Ours",
	]


@pytest.mark.parametrize("before", State, ids=lambda state: state.value)
@pytest.mark.parametrize("after", State, ids=lambda state: state.value)
def test_a_state_follows_another_one_only_if_the_table_says_so(before, after):
	if after is before or after.value in ALLOWED[before.value].split():
		check(before, after)
	else:
		with pytest.raises(TransitionForbidden, match=f"{before.value} does not become {after.value}"):
			check(before, after)


def test_every_state_is_either_claimable_open_accepted_or_final():
	groups = [CLAIMABLE, OPEN, ACCEPTED, frozenset({State.CANCELLED})]
	assert frozenset.union(*groups) == frozenset(State)
	assert sum(map(len, groups)) == len(State)


@pytest.mark.parametrize("before", CLAIMABLE, ids=lambda state: state.value)
def test_what_is_claimable_may_be_sent(before):
	check(before, State.SENDING)


@pytest.mark.parametrize("before", CLAIMABLE | OPEN, ids=lambda state: state.value)
def test_what_was_believed_not_to_be_there_may_turn_out_to_be(before):
	"""A worker that was taken for dead comes back with the other side's answer."""
	check(before, State.SENT)


@pytest.mark.parametrize("before", (OPEN - {State.SENDING}) | ACCEPTED, ids=lambda state: state.value)
def test_what_is_or_may_be_there_is_not_claimed_again(before):
	with pytest.raises(TransitionForbidden):
		check(before, State.SENDING)


def test_an_attempt_whose_answer_was_lost_is_conclusive_when_the_search_no_longer_lags():
	timing = Timing(claim_seconds=60, search_lag_seconds=120)
	assert timing.certain_from(State.UNKNOWN, BEGAN) == BEGAN + timedelta(seconds=120)


def test_a_claim_without_outcome_is_conclusive_when_its_worker_is_dead_and_the_search_no_longer_lags():
	timing = Timing(claim_seconds=60, search_lag_seconds=120)
	assert timing.certain_from(State.SENDING, BEGAN) == BEGAN + timedelta(seconds=180)


def test_where_a_search_never_lags_a_lost_answer_is_conclusive_at_once():
	assert Timing(claim_seconds=600).certain_from(State.UNKNOWN, BEGAN) == BEGAN
