"""What the contract's table of statuses says of Frappe's own errors. Pure.

Frappe answers 417 to most of what is wrong with a document, whether a field or a business rule.
Contract: "HTTP Status Code Reference".
"""

import re

# A field is missing or not acceptable.
INVALID_FIELD = {
	*("MandatoryError", "EmptyTableError", "LinkValidationError", "CancelledLinkError"),
	*("DataError", "FrappeTypeError", "InvalidColumnName", "InvalidDates", "InvalidNameError"),
	*("CharacterLengthExceededError", "DataTooLongException", "NonNegativeError"),
	*("InvalidEmailAddressError", "InvalidPhoneNumberError", "InvalidUUIDValue"),
}
# The credentials cannot be read.
UNREADABLE_CREDENTIALS = {
	*("InvalidAuthorizationHeader", "InvalidAuthorizationPrefix", "InvalidAuthorizationToken"),
}
# Frappe's methods that only read: what is wrong there is a parameter.
QUERIES = {
	*("frappe.client.get_list", "frappe.client.get_count", "frappe.client.get", "frappe.client.get_value"),
	*("frappe.desk.reportview.get_list", "frappe.desk.reportview.get", "frappe.desk.reportview.get_count"),
	*("frappe.desk.search.search_link", "frappe.desk.search.search_widget"),
	*("frappe.client.get_single_value", "frappe.desk.reportview.export_query"),
	*("frappe.desk.query_report.run", "frappe.desk.query_report.export_query"),
	*("frappe.desk.reportview.get_stats", "frappe.desk.reportview.get_sidebar_stats"),
	*("frappe.desk.reportview.get_filter_dashboard_data", "frappe.desk.listview.get_group_by_count"),
}
# Those of them that can ask for one document, or for a report, which may be what is not found.
BY_NAME = {
	*("frappe.client.get", "frappe.client.get_single_value"),
	*("frappe.desk.query_report.run", "frappe.desk.query_report.export_query"),
}
# The addresses of lists and counts.
LIST = re.compile(r"/api/(?:(?:v1/)?resource/[^/]+|v2/document/[^/]+|v2/doctype/[^/]+/count)/?$")
# A sign-in after too many wrong passwords: Frappe has the status 500 for it.
LOCKED = "SecurityException"
# It is there already.
CONFLICT = {"UniqueValidationError"}

# The class of an error that has none, or one that says nothing, by its status.
DEFAULT_TYPES = {
	401: "AuthenticationError",
	403: "PermissionError",
	404: "DoesNotExistError",
	405: "WrongVerbError",
	409: "ConflictError",
	410: "LinkExpired",
	413: "RequestTooLargeError",
	415: "UnsupportedMediaType",
	429: "RateLimitExceededError",
	503: "BusyError",
}
# The classes that everything has as its base.
NO_TYPES = {"", "Exception", "BaseException", "HTTPException"}


def is_query(verb: str, command: str | None) -> bool:
	"""Whether a request only reads. `command` is the method that it calls, if any."""
	return command in QUERIES or (not command and verb == "GET")


def is_search(verb: str, path: str, command: str | None) -> bool:
	"""Whether a request looks for documents by conditions. If their DocType is there, what is not found is
	something that a condition names."""
	if command:
		return command in QUERIES - BY_NAME
	return verb == "GET" and bool(LIST.match(path))


def contract_status(status: int, exc_type: str, *, is_guest: bool) -> int:
	"""The status that the contract has for an error of Frappe's.

	:param status: Frappe's.
	:param exc_type: the name of the error's class; empty: unknown.
	:param is_guest: whether nobody is signed in.
	"""
	if exc_type in UNREADABLE_CREDENTIALS or (status == 403 and is_guest):
		return 401
	if status == 500 and exc_type == LOCKED:
		return 429
	if status == 417 and exc_type in INVALID_FIELD:
		return 400
	if status == 417 and exc_type in CONFLICT:
		return 409
	return status


def contract_type(status: int, exc_type: str) -> str:
	"""The name of the class that an answer shows.

	:param status: the contract's.
	:param exc_type: Frappe's; empty: unknown.
	"""
	if status in (400, 417):
		return "ValidationError"
	if status == 401:
		return "AuthenticationError"
	if exc_type not in (*NO_TYPES, LOCKED):
		return exc_type
	return DEFAULT_TYPES.get(status) or ("Fault" if status >= 500 else "ValidationError")
