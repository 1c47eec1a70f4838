"""Transactions that another one undid are repeated whole; rows are locked before anything is read.

MariaDB undoes a whole transaction for a deadlock (1213) and, with `innodb_snapshot_isolation=ON` (the default
from 11.6 on), for a row that somebody changed since this transaction's first read (1020); after a lock wait
(1205) only the statement is undone. None of them is a fault: the same work succeeds when it begins anew.
See docs/adr/0004-transactions-are-repeated-whole.md.
"""

import random
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import frappe
from frappe import _

from medgrid.exceptions import Busy

ATTEMPTS = 5
# Of a pause between two attempts, in seconds; nobody who waits for an answer may wait for longer.
LONGEST_PAUSE = 1.0
RECORD_CHANGED, LOCK_WAIT_TIMEOUT, DEADLOCK = 1020, 1205, 1213

Result = TypeVar("Result")


def in_transaction(work: Callable[[], Result], *, attempts: int = ATTEMPTS) -> Result:
	"""Runs `work` in a transaction of its own, from its first read to its commit, and again if another
	transaction undid it.

	Commits what the caller has done before: `work` must see what is there now. It must contain everything
	that it decides on, call nothing outside the database (such calls belong into `frappe.db.after_commit`),
	and may change Python objects only in a way that a repetition makes anew.

	:param attempts: how often at most.
	:returns: what `work` returns.
	:raises Busy: it was undone every time.
	"""
	frappe.db.commit()
	for attempt in range(1, attempts + 1):
		try:
			result = work()
			frappe.db.commit()
			return result
		except Exception as error:
			frappe.db.rollback()
			if not is_conflict(error):
				raise
		# Outside the except block: what is raised in the end has no frames of `work`, whose variables may be
		# secret.
		if attempt < attempts:
			_clear_messages_and_pause(attempt)
	raise Busy(_("Somebody else is changing the same data at this moment. Try again in a few seconds."))


def locked_row(doctype: str, name: str, fields: Iterable[str]) -> Any:
	"""A row as it is now, locked until the transaction ends. Commits what the caller has done before: a
	locking read must be its transaction's first, or it meets 1020 on a row that somebody changed since.

	:returns: the fields as attributes; None if there is no such row.
	"""
	# Loading the DocType's meta reads, and would begin the transaction.
	frappe.get_meta(doctype)
	frappe.db.commit()
	return frappe.db.get_value(doctype, name, list(fields), as_dict=True, for_update=True)


def is_conflict(error: BaseException) -> bool:
	"""Whether another transaction is why this one failed: nothing is wrong, and the whole may be repeated."""
	if isinstance(error, frappe.QueryDeadlockError | frappe.QueryTimeoutError):
		return True
	# Frappe 15 has no class of its own for 1020.
	return isinstance(error, frappe.db.OperationalError | frappe.db.InternalError) and bool(
		error.args and error.args[0] in (RECORD_CHANGED, LOCK_WAIT_TIMEOUT, DEADLOCK)
	)


def _clear_messages_and_pause(attempt: int) -> None:
	frappe.clear_messages()
	time.sleep(random.uniform(0, min(LONGEST_PAUSE, 0.05 * 2**attempt)))
