"""What a body is declared as, and what MedGrid reads of it. Contract: "HTTP Methods"."""

import json

import pytest

from tests.support.http import error, message

PATH = "/api/method/medgrid.integrations.disconnect"
BODY = json.dumps({"integration_type": "sendblue"})


@pytest.mark.parametrize("path", [PATH, "/api/v1/method/medgrid.integrations.disconnect"])
@pytest.mark.parametrize(
	"media",
	[
		"text/json",
		"text/plain",
		"text/xml",
		"application/octet-stream",
		"application/x-ndjson",
		"application/x-www-form-urlencoded",
		"",
	],
)
def test_json_under_another_name_is_415_and_says_what_to_send(customer, path, media):
	answer = customer.request("POST", path, data=BODY, headers={"Content-Type": media})
	sentence = error(answer, 415, "UnsupportedMediaType")
	assert sentence == "The body must be JSON, with Content-Type: application/json."


@pytest.mark.parametrize(
	"media", ["application/json", "application/json; charset=utf-8", "application/vnd.api+json"]
)
def test_json_is_taken(customer, media):
	answer = customer.request("POST", PATH, data=BODY, headers={"Content-Type": media})
	assert message(answer)["ok"] is True


def test_forms_and_queries_are_taken_as_frappe_takes_them(customer):
	values = {"integration_type": "sendblue"}
	for options in (
		{"data": values},
		{"files": {"integration_type": (None, "sendblue")}},
		{"params": values},
	):
		assert message(customer.request("POST", PATH, **options))["ok"] is True


def test_an_empty_body_needs_no_type(customer):
	headers = {"Content-Type": "text/plain"}
	assert customer.request("POST", f"{PATH}?integration_type=sendblue", headers=headers).status_code == 200
