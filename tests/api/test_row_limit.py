"""Never more than 500 rows, by any of Frappe's parameter names and routes. Contract: "Pagination"."""

import json

import frappe
import pytest

from tests.support.http import error, message

ROWS = 520


@pytest.fixture(scope="module", autouse=True)
def many_rows(environment):
	"""More than 500 documents of a small DocType that the manager may read."""
	frappe.set_user("Administrator")
	missing = ROWS - frappe.db.count("ToDo", {"description": ("like", "MGT row%")})
	for number in range(max(0, missing)):
		frappe.get_doc({"doctype": "ToDo", "description": f"MGT row {number}"}).insert()
	frappe.db.commit()


FILTERS = json.dumps([["description", "like", "MGT row%"]])


def rows(answer):
	assert answer.status_code == 200, answer.text
	body = answer.json()
	return len(body.get("data", body.get("message")))


@pytest.mark.parametrize("path", ["/api/resource/ToDo", "/api/v1/resource/ToDo", "/api/resource/ToDo/"])
@pytest.mark.parametrize(
	("parameters", "expected"),
	[
		({}, 20),
		({"limit_page_length": 30}, 30),
		({"limit": 30}, 30),
		({"limit_page_length": 500}, 500),
		({"limit_page_length": 501}, 500),
		({"limit_page_length": 0}, 500),
		({"limit_page_length": ""}, 20),
		({"limit": 0}, 500),
		({"limit": 9999}, 500),
		({"limit": "", "limit_page_length": ""}, 20),
		({"limit_page_length": 10, "limit": 9999}, 10),
	],
)
def test_rest_lists_of_version_1(manager, path, parameters, expected):
	answer = manager.request("GET", path, params={"filters": FILTERS, **parameters})
	assert rows(answer) == expected


@pytest.mark.parametrize(
	("parameters", "expected"), [({}, 20), ({"limit": 30}, 30), ({"limit": 501}, 500), ({"limit": 0}, 500)]
)
def test_rest_lists_of_version_2(manager, parameters, expected):
	answer = manager.request("GET", "/api/v2/document/ToDo", params={"filters": FILTERS, **parameters})
	assert rows(answer) == expected


@pytest.mark.parametrize("name", ["limit_page_length", "limit"])
@pytest.mark.parametrize("value", [0, 501, 9999, ""])
def test_client_get_list(manager, name, value):
	for path in ("/api/method/frappe.client.get_list", "/api/method/ping?cmd=frappe.client.get_list"):
		answer = manager.request("GET", path, params={"doctype": "ToDo", "filters": FILTERS, name: value})
		assert rows(answer) <= 500


def test_client_get_list_by_post_and_version_2(manager):
	values = {"doctype": "ToDo", "filters": json.loads(FILTERS), "limit_page_length": 0}
	assert rows(manager.request("POST", "/api/method/frappe.client.get_list", json=values)) == 500
	assert rows(manager.request("POST", "/api/v2/method/frappe.client.get_list", json=values)) == 500


@pytest.mark.parametrize("value", ["many", "-1", "1.5", "[]"])
def test_a_length_that_is_no_row_count_is_400(manager, value):
	answer = manager.request("GET", "/api/resource/ToDo", params={"limit_page_length": value})
	assert "limit_page_length" in error(answer, 400, "ValidationError")


def test_a_documents_own_field_called_limit_is_left_alone(manager):
	values = {"description": "MGT other", "limit": "not a number"}
	answer = manager.request("POST", "/api/resource/ToDo", json=values)
	assert answer.status_code == 200, answer.text


def test_limit_start_leaves_rows_out(manager):
	parameters = {"filters": FILTERS, "order_by": "name asc", "limit_page_length": 4}
	first = manager.request("GET", "/api/resource/ToDo", params=parameters).json()["data"]
	rest = manager.request("GET", "/api/resource/ToDo", params={**parameters, "limit_start": 2}).json()[
		"data"
	]
	assert rest[:2] == first[2:]


def test_a_catalog_page_never_has_more_than_500_rows(manager, catalog):
	for length in (0, 501, 10**9):
		answer = manager.get("medgrid.catalog.list_warehouses", limit_page_length=length)
		assert 0 < len(message(answer)) <= 500
