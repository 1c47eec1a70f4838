"""Caching of answers, and cookies. Contract: "Performance Best Practices"."""

import pytest

from tests.support.http import Browser, Caller

LISTS = ["medgrid.catalog.list_warehouses", "medgrid.catalog.list_warehouses_ordered"]


@pytest.mark.parametrize("method", LISTS)
@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_lists_of_warehouses_may_be_kept_for_15_minutes(customer, catalog, method, verb):
	answer = customer.request(verb, f"/api/method/{method}")
	assert answer.status_code == 200
	assert answer.headers["Cache-Control"] == "private, max-age=900"
	assert "Authorization" in answer.headers["Vary"]


@pytest.mark.parametrize("method", LISTS)
def test_no_other_answer_may_be_kept(customer, anonymous, catalog, method):
	for answer in (
		customer.post(method),
		anonymous.get(method),
		customer.get(method, limit_start="x"),
		customer.get("medgrid.catalog.search_items", query="a"),
		customer.get("medgrid.integrations.list_connections"),
	):
		assert "max-age=900" not in answer.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
	("verb", "path"),
	[
		("GET", "/api/method/medgrid.catalog.list_warehouses"),
		("GET", "/api/resource/Item"),
		("GET", "/api/resource/Item/NO-SUCH"),
		("GET", "/api/method/frappe.auth.get_logged_user"),
		("GET", "/api/nope"),
		("POST", "/api/method/medgrid.account.api_access"),
	],
)
def test_an_answer_to_a_token_sets_no_cookies(manager, environment, verb, path):
	caller = Caller(environment, manager.user)
	answer = caller.request(verb, path)
	assert "Set-Cookie" not in answer.headers
	wrong = Caller(environment)
	wrong.session.headers["Authorization"] = "token no:no"
	assert "Set-Cookie" not in wrong.request(verb, path).headers


def test_signing_in_still_sets_the_sessions_cookie(environment, customer):
	assert Browser(environment, customer.user).session.cookies.get("sid") not in (None, "Guest")
