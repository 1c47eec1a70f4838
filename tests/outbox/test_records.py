"""What each step of claim, call, record writes, and when it writes nothing."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.core.clock import from_stored_utc, utc_now
from medgrid.core.transactions import in_transaction
from medgrid.exceptions import Conflict, NotFound, RuleViolated
from medgrid.outbox import attempts, cancellations, destinations, due_documents, records
from medgrid.outbox.delivery import look_up
from medgrid.outbox.destinations import Claim, Reason, Record
from medgrid.outbox.schedule import Schedule
from medgrid.outbox.states import State, TransitionForbidden, WhoActs
from tests.support.outbox import CLAIM_SECONDS, SEARCH_LAG_SECONDS
from tests.support.vendors import failing_since_days

REASON = Reason("The address has no city.", WhoActs.WHOLESALER)


def cancel(document: str) -> None:
	frappe.db.rollback()
	frappe.get_doc("Sales Order", document).cancel()
	frappe.db.commit()


def advance(destination, name: str) -> None:
	values = {"tracking_number": "1Z"}
	in_transaction(lambda: records.advance(destination.outbox, name, State.SHIPPED, values))


def attempt_of(destination, document) -> Record:
	"""The open attempt, as another worker reads it."""
	frappe.db.rollback()
	(attempt,) = records.open_attempts(destination.outbox, destination.key(document))
	return attempt


@pytest.fixture
def clock(monkeypatch):
	"""`clock(moment)`: what the outbox takes for now."""
	return lambda moment: monkeypatch.setattr(destinations, "database_now", lambda: moment)


# Claiming


def test_a_claim_is_committed_with_what_is_to_be_sent(destination, document, row):
	claim = attempts.claim(destination, document)
	assert isinstance(claim, Claim)
	record = row()
	assert (record.status, record.claim, record.lines) == ("Sending", claim.token, '["row"]')
	assert abs(from_stored_utc(record.claimed_at) - utc_now()) < timedelta(seconds=10)
	assert (record.attempts, record.who_acts, record.reason) == (1, "Nobody", None)


def test_of_two_claims_the_second_one_gets_the_record(destination, document):
	first = attempts.claim(destination, document)
	second = attempts.claim(destination, document)
	assert isinstance(second, Record)
	assert (second.state, second.token) == (State.SENDING, first.token)
	assert destination.prepared == 1


def test_a_document_that_cannot_be_sent_as_it_is_is_not_claimed(destination, document, row):
	cancel(document)
	with pytest.raises(RuleViolated):
		attempts.claim(destination, document)
	assert row() is None


def test_a_document_that_is_gone_is_not_found(destination):
	with pytest.raises(NotFound, match="SAL-ORD-NONE"):
		attempts.claim(destination, "SAL-ORD-NONE")


# What became of it


def test_a_document_that_was_sent_is_recorded_and_never_claimed_again(destination, document, row):
	attempts.claim(destination, document)
	attempts.record_sent(destination, document, "1")
	record = row()
	assert (record.status, record.shipstation_order_id, record.claim) == ("Sent", "1", None)
	again = attempts.claim(destination, document)
	assert isinstance(again, Record) and again.state is State.SENT


def test_a_document_that_was_not_made_waits_with_its_reason_and_can_be_claimed_again(
	destination, document, row
):
	claim = attempts.claim(destination, document)
	moment = datetime(2026, 12, 1, 5, tzinfo=timezone(timedelta(hours=-6)))
	attempts.release(claim, REASON, next_attempt_at=moment)
	record = row()
	assert (record.status, record.reason, record.who_acts) == ("Waiting", REASON.text, "Wholesaler")
	assert (str(record.next_attempt_at), record.claim) == ("2026-12-01 11:00:00", None)
	assert isinstance(attempts.claim(destination, document), Claim)
	assert (row().attempts, row().reason, row().next_attempt_at) == (2, None, None)


def test_a_document_that_is_parked_goes_on_when_somebody_retries_it(destination, document, row):
	attempts.fail(attempts.claim(destination, document), REASON)
	assert (row().status, row().reason) == ("Failed", REASON.text)
	due_documents.retry(destination.outbox, row().name)
	assert (row().status, row().attempts, row().reason) == ("Waiting", 0, None)


@pytest.fixture
def unknown(destination, document, row):
	"""A document that was parked before anybody knew whether the other side has made it."""
	destination.outbox = replace(
		destination.outbox, schedule=Schedule([timedelta(minutes=1)], timedelta(days=3))
	)
	claim = attempts.claim(destination, document)
	assert isinstance(claim, Claim)
	attempts.leave_unknown(claim, REASON)
	failing_since_days(row(), 3)
	attempts.note_failed_search(attempt_of(destination, document), REASON)
	assert row().status == "Failed"
	return document


@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_parked_with_an_unknown_outcome_is_looked_up_before_it_is_sent(
	destination, unknown, row, clock, is_there
):
	destination.makes = is_there
	if is_there:
		destination.send(unknown)
	for step in (
		lambda: attempts.claim(destination, unknown),
		lambda: attempts.postpone(destination, unknown, REASON),
		lambda: due_documents.note_not_ours(destination, unknown),
	):
		step()
		assert row().status == "Failed", "nobody sends it, and nobody forgets it"
	due_documents.retry(destination.outbox, row().name)
	assert (row().status, row().attempts, row().first_failed_at) == ("Outcome Unknown", 0, None)
	assert isinstance(attempts.claim(destination, unknown), Record)
	clock(from_stored_utc(row().claimed_at) + timedelta(seconds=SEARCH_LAG_SECONDS))
	look_up(destination, attempt_of(destination, unknown))
	assert row().status == ("Sent" if is_there else "Waiting")
	assert isinstance(attempts.claim(destination, unknown), Record if is_there else Claim)


@pytest.mark.parametrize("is_there", [True, False])
def test_what_was_parked_with_an_unknown_outcome_and_is_cancelled_is_looked_up(
	destination, unknown, row, clock, is_there
):
	if is_there:
		destination.send(unknown)
	cancel(unknown)
	cancellations.note_cancellation(destination.outbox, unknown, lambda _record: REASON)
	assert row().status == "Outcome Unknown"
	clock(from_stored_utc(row().claimed_at) + timedelta(seconds=SEARCH_LAG_SECONDS))
	look_up(destination, attempt_of(destination, unknown))
	assert (row().status, row().who_acts) == ("Cancelled", "Vendor" if is_there else "Nobody")


def test_retrying_what_is_not_parked_changes_nothing(destination, document, row):
	attempts.claim(destination, document)
	due_documents.retry(destination.outbox, row().name)
	assert row().status == "Sending"
	with pytest.raises(NotFound):
		due_documents.retry(destination.outbox, "no-record")


def test_a_document_that_cannot_be_prepared_waits_and_each_time_counts(destination, document, row):
	attempts.postpone(destination, document, REASON)
	attempts.postpone(destination, document, REASON)
	assert (row().status, row().reason, row().attempts) == ("Waiting", REASON.text, 2)


def test_postponing_leaves_alone_what_somebody_else_is_sending(destination, document, row):
	attempts.claim(destination, document)
	attempts.postpone(destination, document, REASON)
	due_documents.note_not_ours(destination, document)
	assert (row().status, row().reason) == ("Sending", None)


def test_a_document_without_rows_for_the_vendor_is_not_theirs_until_it_has_some(destination, document, row):
	attempts.postpone(destination, document, REASON)
	due_documents.note_not_ours(destination, document)
	before = row()
	assert (before.status, before.attempts, before.reason) == ("Not Ours", 0, None)
	due_documents.note_not_ours(destination, document)
	assert row().modified == before.modified, "nothing new was written"
	assert isinstance(attempts.claim(destination, document), Claim)


# Attempts without an outcome


def test_an_attempt_is_open_until_its_outcome_is_recorded(destination, document):
	claim = attempts.claim(destination, document)
	assert attempt_of(destination, document).is_open()
	attempts.leave_unknown(claim, REASON)
	attempt = attempt_of(destination, document)
	assert (attempt.state, attempt.token) == (State.UNKNOWN, claim.token)
	attempts.record_sent(destination, document, "1")
	assert records.open_attempts(destination.outbox, destination.key(document)) == []


@pytest.mark.parametrize(
	("is_lost", "seconds"), [(False, CLAIM_SECONDS + SEARCH_LAG_SECONDS), (True, SEARCH_LAG_SECONDS)]
)
def test_what_the_other_side_does_not_find_is_not_there_from_one_moment_on(
	destination, document, row, clock, is_lost, seconds
):
	claim = attempts.claim(destination, document)
	if is_lost:
		attempts.leave_unknown(claim, REASON)
	began = from_stored_utc(row().claimed_at)
	state = row().status
	clock(began + timedelta(seconds=seconds) - timedelta(microseconds=1))
	assert look_up(destination, attempt_of(destination, document)) is None
	assert row().status == state, "too early to know"
	clock(began + timedelta(seconds=seconds))
	assert look_up(destination, attempt_of(destination, document)) is None
	record = row()
	assert (record.status, record.reason, record.who_acts) == (
		"Waiting",
		"It came to nothing.",
		"Wholesaler",
	)
	assert (record.attempts, record.claim) == (1, None)


def test_what_the_other_side_finds_is_recorded_however_early(destination, document, row):
	claim = attempts.claim(destination, document)
	destination.send(claim.payload)
	assert look_up(destination, attempt_of(destination, document)) == f"id of {document}"
	assert (row().status, row().shipstation_order_id) == ("Sent", f"id of {document}")


def test_a_search_that_began_too_early_does_not_become_conclusive_while_it_runs(
	destination, document, row, clock, monkeypatch
):
	attempts.leave_unknown(attempts.claim(destination, document), REASON)
	lost = from_stored_utc(row().claimed_at)
	clock(lost)

	def slow_search(_document):
		clock(lost + timedelta(seconds=SEARCH_LAG_SECONDS))

	monkeypatch.setattr(destination, "find", slow_search)
	look_up(destination, attempt_of(destination, document))
	assert row().status == "Outcome Unknown"


def test_an_attempt_that_another_worker_resolved_and_repeated_is_left_to_that_worker(
	destination, document, row
):
	first = attempts.claim(destination, document)
	attempt = attempt_of(destination, document)
	attempts.resolve(destination, attempt, None)
	second = attempts.claim(destination, document)
	attempts.resolve(destination, attempt, None)
	attempts.release(first, REASON)
	attempts.leave_unknown(first, REASON)
	assert (row().status, row().claim) == ("Sending", second.token)


def test_a_worker_that_was_taken_for_dead_is_believed_when_it_comes_back(destination, document, row):
	attempts.claim(destination, document)
	attempts.resolve(destination, attempt_of(destination, document), None)
	attempts.record_sent(destination, document, "1")
	assert (row().status, row().shipstation_order_id, row().reason) == ("Sent", "1", None)


def test_a_second_document_at_the_other_side_is_a_conflict_and_changes_nothing(destination, document, row):
	attempts.claim(destination, document)
	attempts.record_sent(destination, document, "1")
	with pytest.raises(Conflict, match="is there twice"):
		attempts.record_sent(destination, document, "2")
	assert row().shipstation_order_id == "1"


def test_recording_twice_does_not_take_back_what_came_since(destination, document, row):
	attempts.claim(destination, document)
	attempts.record_sent(destination, document, "1")
	advance(destination, row().name)
	frappe.db.commit()
	attempts.record_sent(destination, document, "1")
	assert (row().status, row().tracking_number) == ("Shipped", "1Z")


# Cancelled here


def note_cancellation(destination, document) -> None:
	cancellations.note_cancellation(
		destination.outbox, document, lambda _record: Reason("Cancel it there.", WhoActs.VENDOR)
	)


def test_what_was_sent_says_what_is_to_be_done_at_the_other_side(destination, document, row):
	attempts.claim(destination, document)
	attempts.record_sent(destination, document, "1")
	cancel(document)
	note_cancellation(destination, document)
	assert (row().status, row().reason, row().who_acts) == ("Cancelled", "Cancel it there.", "Vendor")


def test_what_was_not_sent_needs_nobody(destination, document, row):
	attempts.postpone(destination, document, REASON)
	cancel(document)
	note_cancellation(destination, document)
	assert (row().status, row().who_acts) == ("Cancelled", "Nobody")
	assert row().reason == "The document was cancelled before it was sent."


def test_an_open_attempt_is_left_to_whoever_records_its_outcome(destination, document, row):
	attempts.claim(destination, document)
	cancel(document)
	note_cancellation(destination, document)
	assert row().status == "Sending"
	attempts.record_sent(destination, document, "1")
	record = row()
	assert (record.status, record.shipstation_order_id, record.reason) == (
		"Cancelled",
		"1",
		"Cancel it there.",
	)


@pytest.mark.parametrize("end", [attempts.release, attempts.fail], ids=["released", "parked"])
def test_a_document_that_was_cancelled_before_it_was_not_made_does_not_wait(destination, document, row, end):
	claim = attempts.claim(destination, document)
	cancel(document)
	end(claim, REASON)
	assert (row().status, row().reason) == ("Cancelled", "The document was cancelled before it was sent.")


def test_nothing_is_noted_of_a_document_that_is_not_cancelled_or_gone(destination, document, row):
	attempts.postpone(destination, document, REASON)
	note_cancellation(destination, document)
	note_cancellation(destination, "SAL-ORD-NONE")
	assert row().status == "Waiting"


# Afterwards


def test_a_record_goes_on_only_as_the_table_of_states_says(destination, document, row):
	attempts.claim(destination, document)
	with pytest.raises(TransitionForbidden):
		advance(destination, row().name)
	assert (row().status, row().tracking_number) == ("Sending", None)


def test_a_cancelled_record_keeps_its_state_and_takes_the_values(destination, document, row):
	attempts.claim(destination, document)
	attempts.record_sent(destination, document, "1")
	cancel(document)
	note_cancellation(destination, document)
	advance(destination, row().name)
	frappe.db.commit()
	assert (row().status, row().tracking_number, row().reason) == ("Cancelled", "1Z", "Cancel it there.")


# A rival at the worst moment, with snapshot isolation as MariaDB has it from 11.6 on


@pytest.fixture
def snapshot_isolation(site):
	frappe.db.sql("SET SESSION innodb_snapshot_isolation = ON, innodb_lock_wait_timeout = 2")
	yield
	frappe.db.rollback()
	frappe.db.sql("SET SESSION innodb_snapshot_isolation = DEFAULT, innodb_lock_wait_timeout = DEFAULT")


def write_as(rival, name: str) -> None:
	rival.sql("UPDATE `tabShipStation Order` SET tracking_number = 'theirs' WHERE name = %s", name)
	rival.commit()


STEPS = {
	"release": lambda destination, claim: attempts.release(claim, REASON),
	"leave_unknown": lambda destination, claim: attempts.leave_unknown(claim, REASON),
	"record_sent": lambda destination, claim: attempts.record_sent(destination, claim.document, "1"),
	"resolve": lambda destination, claim: attempts.resolve(
		destination, attempt_of(destination, claim.document), None
	),
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_succeeds_although_somebody_wrote_the_same_record(
	destination, document, row, rival, snapshot_isolation, monkeypatch, step
):
	claim = attempts.claim(destination, document)
	real, written = records.lock_document, []

	def lock_and_be_overtaken(*arguments):
		found = real(*arguments)
		frappe.db.get_value("Sales Order", document, "status")
		if not written:
			written.append(write_as(rival, claim.name))
		return found

	monkeypatch.setattr(records, "lock_document", lock_and_be_overtaken)
	STEPS[step](destination, claim)
	assert row().status != "Sending"
	assert row().tracking_number == "theirs"
