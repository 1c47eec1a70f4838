"""Repeats a transaction as a whole when another one undid it, and locks rows before anything is read.

MariaDB undoes a whole transaction after a deadlock (1213) and, with `innodb_snapshot_isolation=ON` (the
default from 11.6 on), when another transaction has changed a row since this transaction's first read (1020).
After a lock wait (1205) it undoes the statement only. None of these is a fault: the same work succeeds when
it is repeated.
See docs/adr/0004-transactions-are-repeated-whole.md and docs/adr/0030-no-web-thread-waits.md.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import frappe
from frappe import _

from medgrid.core.waiting import lock_waits, request_time
from medgrid.core.waiting.patience import Patience
from medgrid.exceptions import Busy

ATTEMPTS = 5
# Nobody waits for a job, and what it does not finish now waits for its next run.
JOB_ATTEMPTS = 20
# The longest pause between two attempts, in seconds: a caller is waiting.
LONGEST_PAUSE = 1.0
# An attempt that takes longer than this, in seconds, has waited for locks.
LONG_ATTEMPT = 1.0
RECORD_CHANGED, LOCK_WAIT_TIMEOUT, DEADLOCK = 1020, 1205, 1213

Result = TypeVar("Result")


def in_transaction(work: Callable[[], Result], *, attempts: int | None = None) -> Result:
	"""Runs `work` in its own transaction, from its first read to its commit, and repeats it if another
	transaction undid it.

	It commits the caller's earlier changes first, so that `work` reads the current data. `work` must read
	everything that its decisions depend on, must not end the transaction, and must call nothing outside the
	database (such calls belong in `frappe.db.after_commit`). It may change Python objects only in such a way
	that a repetition overwrites the change.

	In a web request, waiting for locks and repeating end when the request has waited as long as it may.

	:param attempts: the maximum number of attempts; None: 5 in a web request, 20 in a job.
	:returns: what `work` returns.
	:raises Busy: every attempt was undone.
	:raises AssertionError: it is called in the middle of another work.
	"""
	attempts = attempts or (ATTEMPTS if request_time.in_request() else JOB_ATTEMPTS)
	patience = request_time.patience()
	_commit_earlier()
	for attempt in range(1, attempts + 1):
		lock_waits.limit_in_request()
		try:
			with _counting_waits(patience):
				with _working():
					result = work()
				frappe.db.commit()
			return result
		except Exception as error:
			frappe.db.rollback()
			if not is_conflict(error):
				raise
		# Outside the except block, so that the final exception does not carry frames of `work`, whose
		# variables may be secret.
		if attempt == attempts or not patience.left_for_locks():
			break
		_clear_messages_and_pause(attempt, patience)
	raise Busy(_("Somebody else is changing the same data at this moment. Try again in a few seconds."))


def in_short_transaction(work: Callable[[], Result], *, seconds: int) -> Result:
	"""Runs `work` in its own transaction, for a request that must be answered within seconds. The caller
	commits; Frappe does so at the end of a request, which saves a round trip to the database.

	:param work: see `in_transaction`.
	:param seconds: the maximum wait for a lock; after this time `work` is not repeated.
	:returns: what `work` returns.
	:raises Exception: what `work` raised, or the last conflict; its writes are rolled back then.
	:raises AssertionError: it is called in the middle of another work.
	"""
	patience, until = request_time.patience(), time.monotonic() + seconds
	if frappe.db.transaction_writes:
		_commit_earlier()
	for attempt in range(1, ATTEMPTS + 1):
		lock_waits.begin(seconds)
		try:
			with _counting_waits(patience), _working():
				return work()
		except Exception as error:
			frappe.db.rollback()
			if not is_conflict(error) or attempt == ATTEMPTS or time.monotonic() > until:
				raise
		_clear_messages_and_pause(attempt, patience)
	raise AssertionError("unreachable")


def renew_view() -> None:
	"""Begins a new transaction if this one has written nothing: after a wait for another system, what others
	have committed meanwhile can be read and locked. Otherwise it would fail with 1020. Locks are given up."""
	if not frappe.db.transaction_writes:
		frappe.db.begin()


def in_own_connection(work: Callable[[], Result]) -> Result:
	"""Runs `work` in a transaction of a second connection to the database: it reads what is committed now,
	and what it writes stays, whatever becomes of the caller's transaction.

	It costs a connection, so it is for what is rare. `work` must not touch rows that the caller has locked.

	:returns: what `work` returns.
	:raises Busy: see `in_transaction`.
	"""
	own = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	try:
		return in_transaction(work)
	finally:
		other, frappe.local.db = frappe.local.db, own
		other.close()


def apart_from_caller(work: Callable[[], Result]) -> Result:
	"""Runs `work` in a transaction of its own, and leaves the caller's changes as they are, neither committed
	nor undone: on this connection if the caller has changed nothing, otherwise on one of its own.

	:param work: see `in_own_connection`.
	:returns: what `work` returns.
	:raises Busy: see `in_transaction`.
	"""
	return in_own_connection(work) if frappe.db.transaction_writes else in_transaction(work)


def locked_row(doctype: str, name: str, fields: Iterable[str]) -> Any:
	"""Reads a row's current values and locks it until the transaction ends. Commits the caller's earlier
	changes: the locking read must be the first read of its transaction, otherwise it fails with 1020 if
	another transaction has changed the row since.

	So within `work` of `in_transaction` it is the first lock, before any write. Further rows are locked by
	`frappe.db.get_value(…, for_update=True)`: if one has changed, the work is repeated.

	:returns: the fields as attributes; None if there is no such row.
	:raises AssertionError: the work has locked a row or has written already, which the commit would cut off
		from what is repeated.
	"""
	# Loading the DocType's meta reads from the database, so it must come before the transaction.
	frappe.get_meta(doctype)
	_commit_earlier()
	if work := _current_work():
		work.has_locked = True
	lock_waits.limit_in_request()
	with request_time.patience().waiting():
		return frappe.db.get_value(doctype, name, list(fields), as_dict=True, for_update=True)


class _Work:
	"""One attempt of a work that is repeated as a whole.

	:param database: the connection that it runs on.
	:ivar has_locked: whether `locked_row` has locked a row for it.
	"""

	def __init__(self, database: Any):
		self.database, self.has_locked = database, False


@contextmanager
def _working() -> Iterator[None]:
	outer = getattr(frappe.local, "medgrid_work", None)
	frappe.local.medgrid_work = _Work(frappe.local.db)
	try:
		yield
	finally:
		frappe.local.medgrid_work = outer


def _current_work() -> _Work | None:
	"""The attempt that runs now; None: there is none, or it runs on another connection."""
	work = getattr(frappe.local, "medgrid_work", None)
	return work if work and work.database is frappe.local.db else None


def _commit_earlier() -> None:
	"""Commits what the caller has done, so that the next read sees the current data.

	:raises AssertionError: it is half of a work that is repeated as a whole; a conflict after the commit
		would repeat the other half only.
	"""
	work = _current_work()
	if work and (work.has_locked or frappe.db.transaction_writes):
		raise AssertionError("a transaction that is repeated as a whole would be committed half done")
	frappe.db.commit()


def is_conflict(error: BaseException) -> bool:
	"""Whether another transaction made this one fail, so that it can be repeated."""
	return (
		isinstance(error, frappe.QueryTimeoutError) or _number(error) == LOCK_WAIT_TIMEOUT or is_undone(error)
	)


def is_undone(error: BaseException) -> bool:
	"""Whether the database has undone the whole transaction because of another one. Its savepoints are gone,
	so whoever catches the error must raise it."""
	return isinstance(error, frappe.QueryDeadlockError) or _number(error) in (RECORD_CHANGED, DEADLOCK)


def _number(error: BaseException) -> Any:
	"""MariaDB's number of an error; None: it has none. Frappe 15 has no exception class for 1020."""
	is_of_database = isinstance(error, frappe.db.OperationalError | frappe.db.InternalError)
	return error.args[0] if is_of_database and error.args else None


@contextmanager
def _counting_waits(patience: Patience) -> Iterator[None]:
	"""Counts an attempt that takes long as waited for locks: the database does not say how long it waited."""
	began, waited = time.monotonic(), patience.waited
	try:
		yield
	finally:
		uncounted = time.monotonic() - began - (patience.waited - waited)
		if uncounted > LONG_ATTEMPT:
			patience.note(uncounted)


def _clear_messages_and_pause(attempt: int, patience: Patience) -> None:
	frappe.clear_messages()
	pause = random.uniform(0, min(LONGEST_PAUSE, 0.05 * 2**attempt))
	patience.sleep(min(pause, patience.left_for_locks()))
