"""Transactions that another one undid are repeated whole. A second connection writes at the worst moment."""

import random

import frappe
import pytest

from medgrid.core.transactions import (
	ATTEMPTS,
	JOB_ATTEMPTS,
	in_own_connection,
	in_short_transaction,
	in_transaction,
	is_conflict,
	is_undone,
	locked_row,
)
from medgrid.core.waiting import lock_waits
from medgrid.exceptions import Busy
from tests.support.lock_limits import forget_lock_limits

DOCTYPE = "ToDo"
# How long this connection waits for locks, and how long a new one does.
LIMITS = "SELECT @@SESSION.innodb_lock_wait_timeout, @@SESSION.lock_wait_timeout"
OF_SERVER = "SELECT @@GLOBAL.innodb_lock_wait_timeout, @@GLOBAL.lock_wait_timeout"


@pytest.fixture
def todo(site):
	"""The name of a row that this test may write, committed."""
	name = frappe.get_doc({"doctype": DOCTYPE, "description": "before"}).insert(ignore_permissions=True).name
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	frappe.db.delete(DOCTYPE, {"name": name})
	frappe.db.commit()


@pytest.fixture
def rival(site):
	"""A second connection to the site's database, as another worker has it."""
	own = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	other, frappe.local.db = frappe.local.db, own
	yield other
	other.rollback()
	other.close()


@pytest.fixture(autouse=True)
def impatient(site):
	"""Snapshot isolation as MariaDB has it from 11.6 on, and short waits for locks."""
	frappe.db.sql("SET SESSION innodb_snapshot_isolation = ON, innodb_lock_wait_timeout = 1")
	yield
	frappe.db.rollback()
	frappe.db.sql("SET SESSION innodb_snapshot_isolation = DEFAULT, innodb_lock_wait_timeout = DEFAULT")


def description(name: str) -> str:
	return frappe.db.get_value(DOCTYPE, name, "description")


def write(database, name: str, text: str) -> None:
	database.sql("UPDATE `tabToDo` SET description = %s WHERE name = %s", (text, name))


def test_work_on_a_row_that_somebody_changed_meanwhile_begins_anew(todo, rival):
	seen = []

	def work():
		seen.append(description(todo))
		if len(seen) == 1:
			write(rival, todo, "theirs")
			rival.commit()
		write(frappe.db, todo, f"{seen[-1]}, then ours")

	in_transaction(work)
	frappe.db.rollback()
	assert seen == ["before", "theirs"]
	assert description(todo) == "theirs, then ours"


def test_work_that_waited_too_long_for_a_lock_begins_anew(todo, rival):
	attempts = []
	write(rival, todo, "theirs")

	def work():
		attempts.append(1)
		if len(attempts) == 2:
			rival.rollback()
		write(frappe.db, todo, "ours")

	in_transaction(work)
	assert len(attempts) == 2
	assert description(todo) == "ours"


def test_work_that_is_undone_every_time_is_busy_and_leaves_nothing(todo, rival):
	attempts = []
	write(rival, todo, "theirs")

	def work():
		attempts.append(1)
		frappe.db.sql("UPDATE `tabToDo` SET priority = 'High' WHERE name = %s", todo)

	with pytest.raises(Busy, match="changing the same data") as caught:
		in_transaction(work, attempts=2)
	rival.rollback()
	assert len(attempts) == 2 < ATTEMPTS
	assert caught.value.retry_after > 0
	assert caught.value.__context__ is None, "the frames of the work, and its variables, stay with the error"
	assert frappe.db.get_value(DOCTYPE, todo, "priority") == "Medium"


@pytest.mark.parametrize("cause", ["a row that changed", "a lock"])
def test_a_savepoint_is_gone_exactly_if_the_whole_transaction_is_undone(todo, rival, cause):
	write(frappe.db, todo, "ours")
	frappe.db.commit()
	frappe.db.begin()
	assert description(todo) == "ours"
	frappe.db.savepoint("mgt_savepoint")
	write(rival, todo, "theirs")
	if cause == "a row that changed":
		rival.commit()
	with pytest.raises(
		(frappe.db.OperationalError, frappe.QueryDeadlockError, frappe.QueryTimeoutError)
	) as caught:
		write(frappe.db, todo, "ours again")
	assert is_conflict(caught.value)
	assert is_undone(caught.value) == (cause == "a row that changed")
	if not is_undone(caught.value):
		frappe.db.rollback(save_point="mgt_savepoint")
		return
	with pytest.raises(frappe.db.OperationalError, match="SAVEPOINT"):
		frappe.db.rollback(save_point="mgt_savepoint")


@pytest.mark.parametrize(("caller", "allowed"), [("a request", ATTEMPTS), ("a job", JOB_ATTEMPTS)])
def test_a_job_repeats_for_longer_than_a_request(todo, monkeypatch, caller, allowed):
	"""Jobs of one naming series undo each other again and again."""
	monkeypatch.setattr(random, "uniform", lambda least, most: 0)
	for name in ("request", "medgrid_patience", "medgrid_lock_seconds"):
		monkeypatch.setattr(frappe.local, name, None, raising=False)
	if caller == "a request":
		frappe.local.request = frappe._dict(method="POST")
	attempts = []

	def undone(times):
		attempts.append(1)
		if len(attempts) <= times:
			raise frappe.QueryDeadlockError
		return "done"

	assert in_transaction(lambda: undone(allowed - 1)) == "done"
	attempts.clear()
	with pytest.raises(Busy):
		in_transaction(lambda: undone(allowed))
	assert len(attempts) == allowed


def test_any_other_failure_is_not_repeated_and_is_undone(todo):
	attempts = []

	def work():
		attempts.append(1)
		write(frappe.db, todo, "ours")
		raise ZeroDivisionError

	with pytest.raises(ZeroDivisionError):
		in_transaction(work)
	assert len(attempts) == 1
	assert description(todo) == "before"


def test_what_the_caller_did_before_is_kept(todo):
	write(frappe.db, todo, "earlier")

	def work():
		raise ZeroDivisionError

	with pytest.raises(ZeroDivisionError):
		in_transaction(work)
	assert description(todo) == "earlier"


def test_a_locked_row_is_as_it_is_now_whatever_was_read_before(todo, rival):
	assert description(todo) == "before"
	write(rival, todo, "theirs")
	rival.commit()
	row = locked_row(DOCTYPE, todo, ["description"])
	write(frappe.db, todo, "ours")
	assert row.description == "theirs"
	assert locked_row(DOCTYPE, "no such row", ["name"]) is None


# A work that is repeated as a whole is not committed by halves


@pytest.fixture
def other(site):
	"""Another row that this test may lock, committed."""
	name = frappe.get_doc({"doctype": DOCTYPE, "description": "before"}).insert(ignore_permissions=True).name
	frappe.db.commit()
	yield name
	frappe.db.rollback()
	frappe.db.delete(DOCTYPE, {"name": name})
	frappe.db.commit()


# What ends the transaction that it is called in, by what it is called.
ENDS = {
	"locked_row": lambda name: locked_row(DOCTYPE, name, ["name"]),
	"in_transaction": lambda name: in_transaction(lambda: description(name)),
}
# What a work has done before, that it must not lose.
DONE = {
	"has written": lambda name: write(frappe.db, name, "ours"),
	"has locked a row": lambda name: locked_row(DOCTYPE, name, ["name"]),
}
WORKS = {
	"in_transaction": in_transaction,
	"in_short_transaction": lambda work: in_short_transaction(work, seconds=1),
}


@pytest.mark.parametrize("helper", WORKS)
@pytest.mark.parametrize("done", DONE)
@pytest.mark.parametrize("ends", ENDS)
def test_a_commit_in_the_middle_of_a_work_is_a_fault_and_nothing_is_written(todo, other, helper, done, ends):
	def work():
		DONE[done](todo)
		ENDS[ends](other)

	with pytest.raises(AssertionError, match="half done"):
		WORKS[helper](work)
	frappe.db.rollback()
	assert description(todo) == "before"


@pytest.mark.parametrize("ends", ENDS)
def test_a_work_that_has_written_nothing_may_begin_with_it(todo, ends):
	def work():
		description(todo)
		ENDS[ends](todo)
		write(frappe.db, todo, "ours")

	in_transaction(work)
	frappe.db.rollback()
	assert description(todo) == "ours"


@pytest.mark.parametrize("ends", ENDS)
def test_after_a_work_and_on_another_connection_it_is_no_fault(todo, other, ends):
	def work():
		write(frappe.db, todo, "ours")
		in_own_connection(lambda: ENDS[ends](other))

	in_transaction(work)
	write(frappe.db, todo, "then ours")
	ENDS[ends](other)
	frappe.db.rollback()
	assert description(todo) == "then ours"


def test_a_request_in_this_process_leaves_no_limits(site, monkeypatch):
	monkeypatch.setattr(frappe.local, "request", frappe._dict(method="POST"), raising=False)
	lock_waits.limit_in_request()
	assert frappe.db.sql(LIMITS)[0][0] <= lock_waits.STATEMENT_SECONDS
	forget_lock_limits()
	assert frappe.db.sql(LIMITS) == frappe.db.sql(OF_SERVER)


def test_a_short_transaction_leaves_no_limits(site):
	frappe.db.rollback()
	lock_waits.begin(1)
	assert frappe.db.sql(LIMITS)[0][0] <= 1
	forget_lock_limits()
	assert frappe.db.sql(LIMITS) == frappe.db.sql(OF_SERVER)
