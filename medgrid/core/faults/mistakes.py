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
import redis.exceptions
from rq.exceptions import NoSuchJobError

from medgrid.core.faults.tracebacks import is_unread_request
from medgrid.core.transactions import is_conflict

# The key in `frappe.local.flags`: the contract's status for a request that failed by no fault of the
# server's, where Frappe has 500.
STATUS = "medgrid_status"
UNUSABLE, UNKNOWN, BUSY = 400, 404, 503

DESK_USER = "System User"
# What Python raises at a value of a wrong kind, and at the name of a file that does not exist.
OF_PYTHON = (
	*(TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError),
	*(UnboundLocalError, FileNotFoundError),
	# A key for Redis that is neither a text nor a number.
	redis.exceptions.DataError,
)
# The same, and it can be nothing else.
CERTAIN = (json.JSONDecodeError, UnicodeError)
# What MariaDB answers to names and values that it cannot use: column, syntax, function, length, range, date,
# number, collation, NULL, GROUP BY, constraint, a table's name. Neither a lost connection nor a lock.
OF_DATABASE = {
	*(1048, 1052, 1054, 1055, 1056, 1059, 1060, 1064, 1066, 1103, 1109, 1111, 1115, 1136, 1140, 1210),
	*(1222, 1235, 1241, 1242, 1247, 1253, 1264, 1265, 1267, 1270, 1271, 1292, 1300, 1305),
	*(1166, 1327, 1365, 1366, 1406, 1411, 1441, 1525, 1580, 1582, 1630, 1690, 4025),
}
# What Frappe says when it looks for the Python module of a DocType, and there is none.
NO_MODULE = re.compile(r"Module import failed for (.*?), the DocType", re.DOTALL)
# A table that is missing, as it is in the error's message.
NO_TABLE, TABLE = 1146, re.compile(r"\.tab([^']*)'")


def is_mistake(error: BaseException) -> bool:
	"""Whether an exception says that a value or a name cannot be used."""
	# Frappe raises Exception itself where an argument is missing or too long.
	is_of_frappe = type(error) is Exception
	# Nothing has bounded the depth of what Frappe reads itself.
	is_too_deep = isinstance(error, RecursionError) and is_unread_request()
	# So does Frappe where a file is missing; an error of the system's has a number.
	is_of_file = type(error) is OSError and error.errno is None
	known = is_of_frappe or is_too_deep or is_of_file or isinstance(error, OF_PYTHON)
	return known or _is_of_database(error) or is_unknown(error)


def is_unknown(error: BaseException) -> bool:
	"""Whether an exception says that there is no job, no module of a DocType, or none of a function, that the
	request names. Any other import that fails is a fault of a program."""
	if not isinstance(error, ImportError):
		return isinstance(error, NoSuchJobError)
	if isinstance(error, ModuleNotFoundError) and error.name:
		return any(f"{text}.".startswith(f"{error.name}.") for text in _texts_of_request())
	named = NO_MODULE.match(str(error))
	doctype = named.group(1) if named else str(error)
	# Of a class that a module lacks, Frappe says the DocType's name only.
	return (bool(named) or doctype in _texts_of_request()) and not _is_stored(doctype)


def _texts_of_request() -> list[str]:
	parameters = getattr(frappe.local, "form_dict", None) or {}
	return [value for value in parameters.values() if isinstance(value, str)]


def _is_stored(doctype: str) -> bool:
	with suppress(Exception):
		return frappe.db.get_value("DocType", doctype, "name") == doctype
	return True


def is_certain(error: BaseException) -> bool:
	"""Whether only a bad request can cause this exception."""
	return isinstance(error, CERTAIN) or _is_of_database(error)


def note_mistake(title: str | None) -> BaseException | None:
	"""Notes, while Frappe logs what failed a request, that it is the sender's mistake, or that another
	request was in the way.

	:param title: of Frappe's log entry.
	:returns: the exception, if it is a mistake; None: it is none, or something else is being logged.
	"""
	failure = sys.exc_info()[1]
	if failure is None or not getattr(frappe.local, "request", None):
		return None
	# Others log what they have caught and go on; Frappe's title for what failed the request is this one.
	if title != (str(failure) or "Error"):
		return None
	if is_conflict(failure):
		frappe.local.flags[STATUS] = BUSY
		return None
	if not is_mistake(failure):
		return None
	frappe.local.flags[STATUS] = UNKNOWN if is_unknown(failure) else UNUSABLE
	return failure


def is_guests() -> bool:
	"""Whether the current request is a guest's, or has no user yet."""
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
	if not named and not (rest and code == "DocType"):
		return False
	doctype = named.group(1) if named else rest[0]
	with suppress(Exception):
		facts = frappe.db.get_value("DocType", doctype, ["issingle", "is_virtual"])
		return not facts or any(facts)
	return False
