"""Finds where MedGrid locks or writes rows that somebody else may have changed since its transaction's first
read: there MariaDB's snapshot isolation undoes the transaction (1020), and only what runs in
`core/transactions.py` is repeated. See docs/adr/0004-transactions-are-repeated-whole.md.

`install` puts the probe before every statement of a process: of the tests', and of the web server and the
workers of their site. In a transaction that has read, and outside of the helper, it asks from a second
connection whether the rows could be locked, so whether somebody else could have changed them. Rows that this
transaction has locked or made itself are safe. What it finds goes to a file, a line of JSON for each place,
and `tests/conftest.py` fails the test.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from tests.support.statements import ends_transaction, may_lock_rows, opens_snapshot, rows_locked_by

ROOT = Path(__file__).resolve().parents[2]
APP, TESTS = f"{ROOT / 'medgrid'}{os.sep}", f"{ROOT / 'tests'}{os.sep}"
HELPER = f"{APP}core{os.sep}transactions.py"
HELPERS = {"in_transaction", "in_short_transaction"}
# What Frappe and RQ call: what comes before in the transaction is not MedGrid's to choose.
BORDERS = (f"{APP}core{os.sep}faults{os.sep}borders.py", f"{APP}api{os.sep}endpoint.py")
MOST_OF_A_STATEMENT = 300
# Frappe notes when a session was last used and a user last active, whoever asks for the session's token, and
# that a user has a notification.
FRAPPES_OWN = (
	"`tabSessions`",
	"UPDATE `tabUser` SET `last_active`",
	"UPDATE `tabNotification Settings` SET `seen`",
)
NOWAIT = 1205

# Function -> why its writes after a read are safe. This list only shrinks; tests/core/test_lock_probe.py
# counts its entries.
_UNINSTALLS = "Uninstalling drops the tables next; the site serves nobody, and the command can be repeated."
EXCEPTIONS = {
	"medgrid/install.py:_delete_system_settings": _UNINSTALLS,
	"medgrid/install.py:forget_settings": _UNINSTALLS,
	"medgrid/install.py:remove_jobs": _UNINSTALLS,
	"medgrid/integrations/shipstation/sales_order_events.py:forget_unsent": (
		"Frappe looks for links next, in the same transaction. The order is cancelled or a draft, so no sync "
		"claims it; if one notes just then that it is not due, the user deletes the order once more."
	),
	"medgrid/medgrid/doctype/vendor_connection/vendor_connection.py:VendorConnection.on_trash": (
		"Frappe has looked for links before, in the same transaction. If a sync writes one of the products "
		"at that very moment, the administrator deletes the connection once more."
	),
	"medgrid/vertex/documents/on_request.py:quote": (
		"The user's own save of a draft, as Frappe's form does it: it must fail if somebody else has saved "
		"the draft since."
	),
}


@dataclass(frozen=True)
class Finding:
	"""A place that may meet 1020.

	:param place: file and line that lock or write.
	:param function: the same as file and function.
	:param statement: what it does.
	:param read: the statement that opened the snapshot.
	:param read_at: the place of MedGrid that read, or Frappe.
	:param through: MedGrid's functions on the way there, the innermost first.
	"""

	place: str
	function: str
	statement: str
	read: str
	read_at: str
	through: list[str]

	def __str__(self) -> str:
		way = " < ".join(self.through)
		return f"{self.place}: {self.statement}\n    after {self.read_at}: {self.read}\n    through {way}"


@dataclass
class _Snapshot:
	statement: str
	read_at: str | None


class _Probe:
	"""The probe of one process.

	:param file: where findings go.
	:param everything: whether each call counts. In the tests' own process only those do that Frappe or a
		border (RPC, job, hook) made: a test also calls functions whose callers repeat the transaction, and
		may have read what it likes before.
	"""

	def __init__(self, file: Path, everything: bool):
		self.file, self.everything = file, everything
		self.own = threading.local()
		self.told: set[str] = set()

	def before(self, database: Any, text: str, whole: Callable[[], str]) -> None:
		"""
		:param text: of the statement, without its values.
		:param whole: the statement with its values; few are looked at so closely.
		"""
		snapshot = getattr(database, "_snapshot_of_probe", None)
		if snapshot is None or not may_lock_rows(text) or not (lock := rows_locked_by(statement := whole())):
			return
		if any(own in statement for own in FRAPPES_OWN):
			return
		frames = list(_frames())
		if not (ours := _place_in_app(frames)) or _is_in_helper(frames):
			return
		function = _function(ours)
		if function in EXCEPTIONS or f"{function} {statement[:MOST_OF_A_STATEMENT]}" in self.told:
			return
		if not self.everything and not _is_called_by_frappe(frames):
			return
		if self._is_free(database, lock):
			self._tell(ours, frames, statement, snapshot)

	def after(self, database: Any, text: str, whole: Callable[[], str]) -> None:
		if ends_transaction(text) or "START TRANSACTION" in text[:200]:
			database._snapshot_of_probe = None
			return
		known = getattr(database, "_snapshot_of_probe", None)
		if (known is None or not known.read_at) and opens_snapshot(text):
			ours = _place_in_app(list(_frames()))
			if known is None or ours:
				database._snapshot_of_probe = _Snapshot(whole(), ours and _place(ours))

	def _is_free(self, database: Any, lock: str) -> bool:
		"""Whether somebody else could lock some of the rows now."""
		if getattr(self.own, "process", None) != os.getpid():
			# A forked worker must not use its parent's.
			self.own.process, self.own.connection = os.getpid(), database.get_connection()
			cursor = self.own.connection.cursor()
			cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
		cursor = self.own.connection.cursor()
		try:
			cursor.execute(lock)
			return bool(cursor.fetchall())
		except Exception as error:
			if error.args and error.args[0] == NOWAIT:
				return False
			raise
		finally:
			self.own.connection.rollback()

	def _tell(self, ours: FrameType, frames: list[FrameType], statement: str, snapshot: _Snapshot) -> None:
		function = _function(ours)
		self.told.add(f"{function} {statement[:MOST_OF_A_STATEMENT]}")
		finding = Finding(
			_place(ours),
			function,
			statement[:MOST_OF_A_STATEMENT],
			snapshot.statement[:MOST_OF_A_STATEMENT],
			snapshot.read_at or "Frappe",
			[_function(frame) for frame in frames if frame.f_code.co_filename.startswith(APP)],
		)
		with self.file.open("a") as file:
			file.write(json.dumps(asdict(finding)) + "\n")


def install(file: str | Path, *, everything: bool = True) -> None:
	"""Puts the probe before every statement of this process; for `everything` see `_Probe`."""
	from frappe.database.database import Database

	probe, run = _Probe(Path(file), everything), Database.sql

	def sql(database: Any, query: Any, *arguments: Any, **options: Any) -> Any:
		if database.db_type != "mariadb" or options.get("run") is False or not database._conn:
			return run(database, query, *arguments, **options)
		text = str(query).strip()
		whole = partial(_whole, database, text, arguments[0] if arguments else options.get("values"))
		probe.before(database, text, whole)
		result = run(database, query, *arguments, **options)
		probe.after(database, text, whole)
		return result

	Database.sql = sql


def findings(file: Path, start: int = 0) -> list[Finding]:
	"""What processes have found.

	:param start: the size that the file had before.
	"""
	if not file.exists() or file.stat().st_size <= start:
		return []
	with file.open() as lines:
		lines.seek(start)
		return [Finding(**json.loads(line)) for line in lines]


def _whole(database: Any, text: str, values: Any) -> str:
	if not values and values != 0:
		return text
	if not isinstance(values, tuple | list | dict):
		values = (values,)
	return str(database.mogrify(text, values))


def _frames() -> Iterator[FrameType]:
	"""The frames of this call, the innermost first, without the probe's own."""
	frame: FrameType | None = sys._getframe(1)
	while frame:
		if frame.f_code.co_filename != __file__:
			yield frame
		frame = frame.f_back


def _place_in_app(frames: list[FrameType]) -> FrameType | None:
	"""The innermost frame of MedGrid; None if a test's comes first, or if there is none. What Frappe, ERPNext
	and libraries do is done by whoever called them."""
	for frame in frames:
		name = frame.f_code.co_filename
		if name.startswith(APP):
			return frame
		if name.startswith(TESTS):
			return None
	return None


def _is_in_helper(frames: list[FrameType]) -> bool:
	codes = (frame.f_code for frame in frames)
	return any(code.co_filename == HELPER and code.co_name in HELPERS for code in codes)


def _is_called_by_frappe(frames: list[FrameType]) -> bool:
	"""Whether MedGrid's outermost function was called by Frappe, or is one that only Frappe or RQ calls."""
	inside = [frame.f_code.co_filename for frame in frames]
	own = [number for number, name in enumerate(inside) if name.startswith(APP)]
	caller = inside[own[-1] + 1] if own[-1] + 1 < len(inside) else ""
	return not caller.startswith(TESTS) or any(inside[number] in BORDERS for number in own)


def _place(frame: FrameType) -> str:
	return f"{_file(frame)}:{frame.f_lineno}"


def _function(frame: FrameType) -> str:
	return f"{_file(frame)}:{getattr(frame.f_code, 'co_qualname', frame.f_code.co_name)}"


def _file(frame: FrameType) -> str:
	return str(Path(frame.f_code.co_filename).relative_to(ROOT))
