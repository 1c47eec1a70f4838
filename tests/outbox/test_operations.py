"""What an operation on a document that the other system has writes, and when it writes nothing."""

from dataclasses import replace
from datetime import timedelta

import frappe
import pytest

from medgrid.core.clock import utc_now
from medgrid.exceptions import RuleViolated
from medgrid.outbox import attempts, cancellations, destinations, operations, records
from medgrid.outbox.destinations import Claim, Reason, Record
from medgrid.outbox.operations import Plan
from medgrid.outbox.states import Operation, State, WhoActs
from tests.support.outbox import CLAIM_SECONDS, AnswerLost, NotMade

BEFORE, CONTENT = '["row"]', '["row", "new row"]'


@pytest.fixture
def outbox(destination):
	destination.outbox = replace(destination.outbox, has_operations=True)
	return destination.outbox


@pytest.fixture
def sent(outbox, destination, document, row):
	"""The record of a document that the other system has."""
	assert isinstance(attempts.claim(destination, document), Claim)
	attempts.record_sent(destination, document, "1")
	return row().name


@pytest.fixture
def later(monkeypatch):
	"""`later(seconds)`: what the outbox takes for now."""
	return lambda seconds: monkeypatch.setattr(
		destinations, "database_now", lambda: utc_now() + timedelta(seconds=seconds)
	)


def claim(outbox, name, operation=Operation.SEND_AGAIN, payload="changed"):
	return operations.claim(outbox, name, operation, lambda _record: Plan(payload, {"lines": CONTENT}))


def call(claimed, error: Exception | None = None):
	def send(payload):
		if error:
			raise error
		return payload

	return operations.call(claimed, send, is_not_made=lambda error: isinstance(error, NotMade))


def forbidden(record: Record) -> None:
	raise AssertionError(f"{record.name} was written")


def says(row) -> tuple:
	record = row()
	return record.status, record.operation or "", bool(record.claim), record.lines


@pytest.mark.parametrize("operation", Operation)
def test_a_claim_is_committed_with_what_is_to_be_sent_and_the_state_stays(outbox, sent, row, operation):
	claim(outbox, sent, operation)
	assert says(row) == ("Sent", operation.value, True, CONTENT)
	assert row().attempts == 2


def test_what_is_recorded_ends_the_operation(outbox, sent, row):
	claimed = claim(outbox, sent)
	assert call(claimed) == "changed"
	values = {"lines": '["new row"]'}
	work = lambda record: records.advance(outbox, record.name, record.state, values)  # noqa: E731
	assert operations.record(claimed, work) is True
	assert says(row) == ("Sent", "", False, '["new row"]')


def test_what_was_certainly_not_done_leaves_the_record_as_it_was(outbox, sent, row):
	with pytest.raises(NotMade):
		call(claim(outbox, sent), NotMade("It is refused."))
	assert says(row) == ("Sent", "", False, BEFORE)


@pytest.mark.parametrize("second", [NotMade, AnswerLost])
def test_an_operation_whose_answer_was_lost_is_unknown_until_the_next_one(outbox, sent, row, second):
	with pytest.raises(AnswerLost):
		call(claim(outbox, sent), AnswerLost("No answer."))
	assert says(row) == ("Sent", "Send Again", False, CONTENT)
	with pytest.raises(second):
		call(claim(outbox, sent, Operation.CANCEL), second("Again."))
	left = "Send Again" if second is NotMade else "Cancel"
	assert says(row) == ("Sent", left, False, CONTENT)


def test_nothing_is_claimed_if_nothing_is_to_be_done(outbox, sent, row):
	assert operations.claim(outbox, sent, Operation.CANCEL, lambda _record: None) is None

	def refuse(_record):
		raise RuleViolated("The Sales Order has no address.")

	with pytest.raises(RuleViolated):
		operations.claim(outbox, sent, Operation.SEND_AGAIN, refuse)
	assert says(row) == ("Sent", "", False, BEFORE)


@pytest.mark.parametrize("operation", Operation)
def test_of_two_workers_one_has_the_claim_until_its_lease_is_over(outbox, sent, row, later, operation):
	first = claim(outbox, sent)
	later(CLAIM_SECONDS - 10)
	assert claim(outbox, sent, operation) is None
	assert operations.observe(outbox, sent, operation, forbidden) is False
	later(CLAIM_SECONDS + 60)
	second = claim(outbox, sent, operation, "newer")
	assert operations.record(first, forbidden) is False
	with pytest.raises(NotMade):
		call(first, NotMade("Too late."))
	assert says(row) == ("Sent", operation.value, True, CONTENT)
	assert operations.record(second, lambda _record: None) is True
	assert says(row) == ("Sent", "", False, CONTENT)


def test_a_worker_that_was_taken_for_dead_is_believed_if_nobody_took_over(outbox, sent, row, later):
	claimed = claim(outbox, sent)
	later(CLAIM_SECONDS + 60)
	assert operations.record(claimed, lambda _record: None) is True
	assert says(row) == ("Sent", "", False, CONTENT)


@pytest.mark.parametrize("operation", Operation)
def test_a_look_settles_only_what_it_shows(outbox, sent, row, later, operation):
	claim(outbox, sent)
	later(CLAIM_SECONDS + 60)
	seen: list[Record] = []
	assert operations.observe(outbox, sent, operation, seen.append) is True
	assert [record.name for record in seen] == [sent]
	is_shown = operation is Operation.SEND_AGAIN
	assert says(row)[1:3] == (("", False) if is_shown else ("Send Again", True))


def test_an_attempt_to_send_it_first_is_left_to_its_worker(outbox, destination, document, row):
	attempts.claim(destination, document)
	assert claim(outbox, row().name) is None
	assert says(row) == ("Sending", "", True, BEFORE)


def test_a_cancellation_in_medgrid_during_the_operation_is_what_its_worker_finds(outbox, sent, document, row):
	claimed = claim(outbox, sent)
	frappe.db.rollback()
	frappe.get_doc("Sales Order", document).cancel()
	frappe.db.commit()
	reason = Reason("Cancel it there.", WhoActs.VENDOR)
	cancellations.note_cancellation(outbox, document, lambda _record: reason)
	call(claimed)
	states = []
	assert operations.record(claimed, lambda record: states.append(record.state)) is True
	assert states == [State.CANCELLED]
	assert (says(row), row().who_acts) == (("Cancelled", "", False, CONTENT), "Vendor")


def test_a_record_that_another_document_takes_over_has_nothing_under_way(outbox, sent, row):
	claimed = claim(outbox, sent)
	records.replace_document(outbox, sent, State.SENT, {})
	frappe.db.commit()
	assert says(row) == ("Sent", "", False, CONTENT)
	assert operations.record(claimed, forbidden) is False
