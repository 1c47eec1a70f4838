"""One document to one destination, whatever goes wrong in between. Processes really die."""

import json
import os
import signal
from datetime import timedelta
from pathlib import Path

import frappe
import pytest

from medgrid.core.clock import from_stored_utc
from medgrid.core.database_clock import database_now
from medgrid.exceptions import RuleViolated
from medgrid.http_client.errors import ServiceUnavailable
from medgrid.outbox import attempts, records
from medgrid.outbox.delivery import deliver, look_up
from medgrid.outbox.destinations import Parked, Record
from medgrid.outbox.states import State
from tests.support.outbox import AnswerLost, NotMade, Refused
from tests.support.waiting import wait_for

CALLERS = 4


@pytest.fixture
def workers(environment, destination, document):
	"""`workers(count, seconds)`: processes that deliver the document, all at the same moment."""
	started = []

	def start(count: int, seconds: float = 0):
		arguments = (str(destination.path), destination.supplier, document, seconds)
		for _number in range(count):
			started.append(environment.process("tests.support.outbox.deliver", *map(json.dumps, arguments)))
		folder = destination.path.parent
		wait_for(lambda: len(list(folder.glob("*.ready"))) == count)
		Path(f"{destination.path}.go").touch()
		return started

	yield start
	for process in started:
		if process.poll() is None:
			os.kill(process.pid, signal.SIGKILL)
		process.wait()


def attempt_of(destination, document) -> Record:
	frappe.db.rollback()
	(attempt,) = records.open_attempts(destination.outbox, destination.key(document))
	return attempt


def age_claim(destination, document, seconds: int) -> None:
	"""As if the attempt had been so long ago."""
	attempt = attempt_of(destination, document)
	moment = frappe.utils.add_to_date(attempt.claimed_at, seconds=-seconds).replace(tzinfo=None)
	frappe.db.set_value(destination.outbox.doctype, attempt.name, "claimed_at", moment)
	frappe.db.commit()


def test_a_document_is_made_and_recorded(destination, document, row):
	assert deliver(destination, document) == f"id of {document}"
	assert (destination.made(), row().status, row().attempts) == ([document], "Sent", 1)


def test_a_document_that_is_there_is_not_sent_again(destination, document):
	deliver(destination, document)
	again = deliver(destination, document)
	assert isinstance(again, Record) and again.state is State.SENT
	assert destination.made() == [document]


def test_what_cannot_be_sent_as_it_is_leaves_no_record(destination, document, row):
	frappe.get_doc("Sales Order", document).cancel()
	frappe.db.commit()
	with pytest.raises(RuleViolated):
		deliver(destination, document)
	assert (destination.made(), row()) == ([], None)


@pytest.mark.parametrize("found_by", ["rejection", "obstacle"])
def test_what_the_other_side_cannot_take_waits_with_its_reason(destination, document, row, found_by):
	setattr(destination, found_by, NotMade("There is no such store."))
	with pytest.raises(NotMade):
		deliver(destination, document)
	assert destination.made() == []
	assert (row().status, row().reason, row().who_acts) == (
		"Waiting",
		"There is no such store.",
		"Administrator",
	)


@pytest.mark.parametrize("found_by", ["rejection", "obstacle"])
def test_what_must_wait_for_a_user_is_parked_with_its_reason(destination, document, row, found_by):
	class Taken(NotMade, Parked):
		pass

	setattr(destination, found_by, Taken("Something else is there."))
	with pytest.raises(Taken):
		deliver(destination, document)
	assert destination.made() == []
	assert (row().status, row().reason) == ("Failed", "Something else is there.")


def test_what_the_other_side_certainly_did_not_make_waits_with_its_reason(destination, document, row):
	destination.makes, destination.fault = False, NotMade("It is refused.")
	with pytest.raises(NotMade):
		deliver(destination, document)
	assert (row().status, row().reason) == ("Waiting", "It is refused.")
	destination.makes, destination.fault = True, None
	deliver(destination, document)
	assert (destination.made(), row().status, row().attempts) == ([document], "Sent", 2)


def test_what_the_other_side_refuses_is_parked_until_somebody_retries_it(destination, document, row):
	destination.makes, destination.fault = False, Refused("The address is wrong.")
	with pytest.raises(Refused):
		deliver(destination, document)
	assert (row().status, row().reason, row().claim) == ("Failed", "The address is wrong.", None)


def test_a_refused_repetition_of_what_was_made_is_recorded_as_sent(destination, document, row):
	destination.fault = Refused("There is one with this number.")
	assert deliver(destination, document) == f"id of {document}"
	assert (destination.made(), row().status, row().reason) == ([document], "Sent", None)


@pytest.mark.parametrize(
	("earlier", "status"),
	[
		pytest.param(0, "Failed", id="nothing was sent before"),
		pytest.param(1, "Outcome Unknown", id="an earlier attempt may have made it"),
	],
)
def test_a_refused_document_that_cannot_be_searched_for(destination, document, row, earlier, status):
	destination.makes, destination.fault = False, NotMade("Too many requests.")
	for _attempt in range(earlier):
		with pytest.raises(NotMade):
			deliver(destination, document)
	destination.fault, destination.search_fault = Refused("It is refused."), ServiceUnavailable()
	with pytest.raises(Refused):
		deliver(destination, document)
	assert (row().status, row().reason) == (status, "It is refused.")


def test_a_destination_may_say_how_long_a_document_waits(destination, document, row):
	destination.makes, destination.fault = False, NotMade("Too many requests.")
	destination.pause = timedelta(hours=2)
	with pytest.raises(NotMade):
		deliver(destination, document)
	assert row().status == "Waiting"
	assert abs(from_stored_utc(row().next_attempt_at) - database_now() - destination.pause) < timedelta(
		minutes=5
	)


def test_a_lost_answer_is_looked_up_and_the_document_not_made_again(destination, document, row):
	destination.fault = AnswerLost("The connection was lost.")
	with pytest.raises(AnswerLost):
		deliver(destination, document)
	assert (row().status, row().reason) == ("Outcome Unknown", "The connection was lost.")
	again = deliver(destination, document)
	assert isinstance(again, Record) and again.is_open()
	assert look_up(destination, again) == f"id of {document}"
	assert (destination.made(), row().status) == ([document], "Sent")


def test_of_workers_at_once_one_makes_the_document(destination, document, row, workers):
	for process in workers(CALLERS, seconds=0.5):
		assert process.wait(timeout=60) == 0, process.stdout.read().decode()
	assert destination.made() == [document]
	assert (row().status, row().attempts) == ("Sent", 1)
	assert frappe.db.count("ShipStation Order", destination.key(document)) == 1


def test_a_worker_killed_after_the_other_side_made_the_document(destination, document, row, workers):
	workers(1, seconds=60)
	wait_for(destination.made)
	assert row().status == "Sending"
	attempt = deliver(destination, document)
	assert isinstance(attempt, Record) and attempt.is_open()
	assert look_up(destination, attempt) == f"id of {document}"
	assert (destination.made(), row().status) == ([document], "Sent")


def test_a_worker_killed_before_the_call_blocks_the_document_for_its_time_only(destination, document, row):
	attempts.claim(destination, document)
	# The worker is dead now.
	assert look_up(destination, attempt_of(destination, document)) is None
	assert isinstance(deliver(destination, document), Record)
	age_claim(destination, document, seconds=90)
	assert look_up(destination, attempt_of(destination, document)) is None
	assert row().status == "Waiting"
	assert deliver(destination, document) == f"id of {document}"
	assert (destination.made(), row().status) == ([document], "Sent")
