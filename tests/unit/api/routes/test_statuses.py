import pytest

from medgrid.api.routes.statuses import contract_status, contract_type, is_search


@pytest.mark.parametrize(
	("status", "exc_type", "is_guest", "expected"),
	[
		(417, "MandatoryError", False, 400),
		(417, "LinkValidationError", False, 400),
		(417, "FrappeTypeError", False, 400),
		(417, "DataError", True, 400),
		(417, "ValidationError", False, 417),
		(417, "TimestampMismatchError", False, 417),
		(417, "UniqueValidationError", False, 409),
		(409, "DuplicateEntryError", False, 409),
		(400, "InvalidAuthorizationToken", True, 401),
		(400, "CSRFTokenError", False, 400),
		(403, "PermissionError", True, 401),
		(403, "PermissionError", False, 403),
		(405, "", False, 405),
		(500, "TypeError", False, 500),
		(500, "SecurityException", True, 429),
		(503, "SessionStopped", True, 503),
	],
)
def test_the_contracts_status_of_frappes_errors(status, exc_type, is_guest, expected):
	assert contract_status(status, exc_type, is_guest=is_guest) == expected


@pytest.mark.parametrize("exc_type", ["", "Exception"])
@pytest.mark.parametrize(
	"status", [400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 417, 418, 429, 500, 501, 503]
)
def test_no_error_is_called_just_exception(status, exc_type):
	assert contract_type(status, exc_type) not in ("", "Exception")


def test_a_known_class_keeps_its_name():
	assert contract_type(429, "SecurityException") == "RateLimitExceededError"
	assert contract_type(404, "DoesNotExistError") == "DoesNotExistError"
	assert contract_type(417, "MandatoryError") == "ValidationError"


@pytest.mark.parametrize(
	("verb", "path", "command", "expected"),
	[
		("GET", "/api/resource/ToDo", None, True),
		("GET", "/api/v1/resource/ToDo/", None, True),
		("GET", "/api/v2/document/ToDo", None, True),
		("GET", "/api/v2/doctype/ToDo/count", None, True),
		("POST", "/api/method/frappe.client.get_list", "frappe.client.get_list", True),
		("GET", "/", "frappe.desk.reportview.get_count", True),
		("GET", "/api/resource/ToDo/x", None, False),
		("GET", "/api/v2/document/ToDo/x", None, False),
		("GET", "/api/v2/doctype/ToDo/meta", None, False),
		("POST", "/api/resource/ToDo", None, False),
		("GET", "/api/method/frappe.client.get", "frappe.client.get", False),
		("GET", "/api/resource/ToDo", "frappe.client.delete", False),
		("GET", "/api/method/frappe.desk.query_report.run", "frappe.desk.query_report.run", False),
	],
)
def test_a_search_can_only_miss_what_its_conditions_name(verb, path, command, expected):
	assert is_search(verb, path, command) is expected
