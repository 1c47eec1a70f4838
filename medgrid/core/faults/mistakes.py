"""Whether an exception inside Frappe or ERPNext is the mistake of whoever sent the request.

Frappe's functions take what a request has. A text where they expect a list, a column that does not exist, a
date that is none end in an exception of Python's or of the database's: to Frappe that is a fault of the
server's (500), and a row in the Error Log, which anybody could fill.
"""

import json
import re
import sys
from contextlib import suppress

import frappe

# The key in `frappe.local.flags`: the request failed by a mistake of its sender.
MISTAKE = "medgrid_mistake"

DESK_USER = "System User"
# What Python raises at a value of a wrong kind, and at the name of a file that does not exist.
OF_PYTHON = (
	*(TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError),
	FileNotFoundError,
)
# The same, and it can be nothing else.
CERTAIN = (json.JSONDecodeError, UnicodeError)
# What MariaDB answers to names and values that it cannot use: column, syntax, function, length, range, date,
# number, collation, NULL, GROUP BY, constraint. Neither a lost connection nor a lock.
OF_DATABASE = {
	*(1048, 1052, 1054, 1055, 1056, 1060, 1064, 1066, 1109, 1111, 1115, 1136, 1140, 1210),
	*(1222, 1235, 1241, 1242, 1247, 1253, 1264, 1265, 1267, 1270, 1271, 1292, 1300, 1305),
	*(1327, 1365, 1366, 1406, 1411, 1441, 1525, 1580, 1582, 1630, 1690, 4025),
}
# A table that is missing, as it is in the error's message.
NO_TABLE, TABLE = 1146, re.compile(r"\.tab([^']+)'")


def is_mistake(error: BaseException) -> bool:
	"""Whether an exception says that a value or a name cannot be used."""
	return isinstance(error, OF_PYTHON) or _is_of_database(error)


def is_certain(error: BaseException) -> bool:
	"""Whether it is a mistake that no fault of a program looks like."""
	return isinstance(error, CERTAIN) or _is_of_database(error)


def note_mistake(title: str | None) -> BaseException | None:
	"""Notes, while Frappe logs what failed a request, that it is the sender's mistake.

	:param title: of Frappe's log entry.
	:returns: the exception; None: it is no mistake, or something else is being logged.
	"""
	failure = sys.exc_info()[1]
	if failure is None or not getattr(frappe.local, "request", None):
		return None
	# Others log what they have caught and go on; Frappe's title for what failed the request is this one.
	if title != (str(failure) or "Error") or not is_mistake(failure):
		return None
	frappe.local.flags[MISTAKE] = True
	return failure


def is_guests() -> bool:
	"""Whether the current request is nobody's, or did not get as far as to have a user."""
	session = getattr(frappe.local, "session", None)
	return not session or session.get("user") in (None, "", "Guest")


def is_outsiders() -> bool:
	"""Whether the current request is a guest's, or that of a user who has no access to Desk."""
	with suppress(Exception):
		return is_guests() or frappe.get_cached_value("User", frappe.session.user, "user_type") != DESK_USER
	return True


def is_programs() -> bool:
	"""Whether the current request has credentials of its own: a page of Frappe's never sends an
	`Authorization` header."""
	request = getattr(frappe.local, "request", None)
	return bool(request and request.headers.get("Authorization"))


def _is_of_database(error: BaseException) -> bool:
	module = type(error).__module__.partition(".")[0]
	code = error.args[0] if error.args else None
	if module not in ("pymysql", "MySQLdb"):
		return False
	return code in OF_DATABASE or _has_no_table(error)


def _has_no_table(error: BaseException) -> bool:
	"""Whether a list was requested of a DocType that can have none: a Single, a virtual one. Frappe itself
	raises such an error with the DocType's name."""
	code, *rest = error.args or (None,)
	named = TABLE.search(str(rest[-1])) if rest and code == NO_TABLE else None
	doctype = named.group(1) if named else rest and code == "DocType" and rest[0]
	if not doctype:
		return False
	with suppress(Exception):
		facts = frappe.db.get_value("DocType", doctype, ["issingle", "is_virtual"])
		return not facts or any(facts)
	return False
