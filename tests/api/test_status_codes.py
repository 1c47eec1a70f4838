"""Every row of the contract's "HTTP Status Code Reference", over HTTP, in the contract's error shape."""

import json
from urllib.parse import quote

import frappe
import pytest

from tests.support import limits
from tests.support.http import Browser, Caller, error, message
from tests.support.records import ITEM_GROUP


def ok(callers, catalog):
	return callers["customer"].get("medgrid.catalog.list_warehouses")


def missing_field(callers, catalog):
	return callers["customer"].get("medgrid.catalog.search_items")


def no_credentials(callers, catalog):
	return callers["anonymous"].get("medgrid.catalog.list_warehouses")


def role_lacks_permission(callers, catalog):
	return callers["customer"].request("GET", "/api/resource/Sales Order")


def wrong_doctype(callers, catalog):
	return callers["manager"].request("GET", "/api/resource/No Such DocType")


def wrong_document(callers, catalog):
	return callers["manager"].request("GET", "/api/resource/Item/NO-SUCH-ITEM")


def typo_in_endpoint(callers, catalog):
	return callers["customer"].get("medgrid.catalog.list_warehuoses")


def typo_in_module(callers, catalog):
	return callers["customer"].get("medgrid.katalog.list_warehouses")


def typo_in_app(callers, catalog):
	return callers["customer"].get("medgird.catalog.list_warehouses")


def not_an_endpoint(callers, catalog):
	return callers["manager"].get("medgrid.install.drop_indexes")


def already_there(callers, catalog):
	values = {"item_code": "MGT-GAUZE", "item_group": ITEM_GROUP, "stock_uom": "Nos"}
	return callers["manager"].request("POST", "/api/resource/Item", json=values)


def business_rule(callers, catalog):
	return callers["customer"].get("medgrid.catalog.items_in_warehouse", warehouse=catalog.group)


@pytest.mark.parametrize(
	("call", "status", "exc_type"),
	[
		(missing_field, 400, "ValidationError"),
		(no_credentials, 401, "AuthenticationError"),
		(role_lacks_permission, 403, "PermissionError"),
		(wrong_doctype, 404, "DoesNotExistError"),
		(wrong_document, 404, "DoesNotExistError"),
		(typo_in_endpoint, 404, "DoesNotExistError"),
		(typo_in_module, 404, "DoesNotExistError"),
		(typo_in_app, 404, "DoesNotExistError"),
		(not_an_endpoint, 404, "DoesNotExistError"),
		(already_there, 409, "DuplicateEntryError"),
		(business_rule, 417, "ValidationError"),
	],
)
def test_status_table(anonymous, customer, manager, catalog, call, status, exc_type):
	callers = {"anonymous": anonymous, "customer": customer, "manager": manager}
	assert error(call(callers, catalog), status, exc_type)


def test_200_wraps_what_was_returned_in_message(customer, catalog):
	assert message(ok({"customer": customer}, catalog))


def test_rest_wraps_in_data(manager, catalog):
	answer = manager.request("GET", "/api/resource/Item/MGT-GAUZE")
	assert answer.status_code == 200
	assert answer.json()["data"]["item_code"] == "MGT-GAUZE"


def test_429_when_an_endpoint_limits_its_rate(anonymous, site):
	"""Frappe's own limited endpoint; the counters are taken away again."""
	site.cache.delete_keys("rl:")
	try:
		for _attempt in range(20):
			answer = anonymous.request(
				"POST",
				"/api/method/frappe.core.doctype.user.user.reset_password",
				json={"user": "nobody@mgt.example"},
			)
			if answer.status_code == 429:
				break
		error(answer, 429, "RateLimitExceededError")
	finally:
		site.cache.delete_keys("rl:")


@pytest.fixture
def broken_catalog(site):
	"""A database that lacks a table which the catalog reads."""
	table, away = "tabMedgrid Warehouse Priority", "tabMedgrid Warehouse Priority Away"
	site.db.sql_ddl(f"RENAME TABLE `{table}` TO `{away}`")
	yield table
	site.db.sql_ddl(f"RENAME TABLE `{away}` TO `{table}`")


@pytest.mark.parametrize("person", ["customer", "manager"])
def test_500_says_when_and_where_but_names_no_sql(request, broken_catalog, person):
	caller = request.getfixturevalue(person)
	answer = caller.get("medgrid.catalog.list_warehouses_ordered")
	assert answer.status_code == 500
	body = answer.json()
	assert sorted(body) == ["_server_messages", "exc_type", "exception"]
	text = json.loads(body["_server_messages"])[0]["message"]
	assert "UTC in /api/method/medgrid.catalog.list_warehouses_ordered" in text
	assert body["exception"].endswith(text)
	for secret in (broken_catalog, "SELECT", "Traceback", ".py"):
		assert secret.lower() not in answer.text.lower()


def test_500_of_version_2_shows_no_traceback(manager, broken_catalog):
	answer = manager.request("GET", "/api/v2/method/medgrid.catalog.list_warehouses_ordered")
	assert answer.status_code == 500
	assert "Traceback" not in answer.text
	assert broken_catalog not in answer.text


# 401


@pytest.mark.parametrize(
	"header",
	[
		"token",
		"token KEYWITHOUTSECRET",
		"token nokey:nosecret",
		"token a b",
		"tokenKEY:SECRET",
		"Basic !!!",
		"Bearer abc.def",
	],
)
def test_a_malformed_or_unknown_authorization_header_is_401(environment, header):
	caller = Caller(environment)
	caller.session.headers["Authorization"] = header
	error(caller.get("medgrid.catalog.list_warehouses"), 401, "AuthenticationError")


def test_the_right_key_with_a_wrong_secret_is_401(environment, customer):
	caller = Caller(environment)
	caller.session.headers["Authorization"] = f"token {customer.user.api_key}:wrong"
	error(caller.get("medgrid.catalog.list_warehouses"), 401, "AuthenticationError")


@pytest.mark.parametrize(
	"path",
	[
		"/api/resource/Item",
		"/api/resource/Item/MGT-GAUZE",
		"/api/v1/resource/Item",
		"/api/method/frappe.client.get_list?doctype=Item",
		"/api/method/medgrid.account.api_access",
		"/api/v1/method/medgrid.account.api_access",
		"/api/method/ping?cmd=medgrid.account.api_access",
		"/?cmd=medgrid.account.api_access",
		"/api/method/medgrid.account.api_access/and/more",
	],
)
def test_a_guest_gets_401_not_403(anonymous, path):
	error(anonymous.request("GET", path), 401, "AuthenticationError")


def test_a_guest_gets_401_from_version_2_as_well(anonymous):
	answer = anonymous.request("GET", "/api/v2/method/medgrid.account.api_access")
	assert answer.status_code == 401
	assert answer.json()["errors"][0]["type"] == "AuthenticationError"


def test_a_preflight_needs_no_credentials(anonymous):
	answer = anonymous.request("OPTIONS", "/api/method/medgrid.catalog.list_warehouses")
	assert answer.status_code == 200


def test_desk_keeps_frappes_own_error_shape_but_not_for_medgrids_methods(environment, manager):
	desk = Browser(environment, manager.user)
	desk.session.headers["X-Requested-With"] = "XMLHttpRequest"
	answer = desk.request("GET", "/api/resource/Item/NO-SUCH-ITEM")
	assert answer.status_code == 404
	assert isinstance(json.loads(answer.json()["_server_messages"])[0], str)
	answer = desk.request("GET", "/api/method/medgrid.catalog.search_items")
	error(answer, 400, "ValidationError")


def test_a_command_that_is_no_text_is_400(manager):
	answer = manager.request("POST", "/api/method/ping", json={"cmd": ["frappe.ping"]})
	assert error(answer, 400, "ValidationError") == "Parameter cmd must be text."


@pytest.mark.parametrize("command", ["frappe.ping", "no.such", "medgrid.account.api_access", "", "=1", ["x"]])
@pytest.mark.parametrize("place", ["query", "form", "json"])
@pytest.mark.parametrize("version", ["", "v1/"])
def test_at_an_address_of_medgrids_a_command_is_an_unknown_parameter(
	anonymous, customer, command, place, version
):
	path = f"/api/{version}method/medgrid.catalog.list_warehouses"
	given = {"query": "params", "form": "data", "json": "json"}[place]
	answer = customer.request("POST", path, **{given: {"cmd": command}})
	assert message(answer) == message(customer.get("medgrid.catalog.list_warehouses"))
	error(anonymous.request("POST", path, **{given: {"cmd": command}}), 401, "AuthenticationError")


def test_public_pages_and_methods_stay_open_to_guests(anonymous):
	assert anonymous.get("ping").json() == {"message": "pong"}
	assert anonymous.request("GET", "/login", headers={"Accept": "text/html"}).status_code == 200


def test_a_session_cookie_works_as_well_as_a_token(environment, customer):
	caller = Caller(environment)
	caller.sign_in(customer.user)
	assert caller.session.cookies.get("sid")
	assert message(caller.get("medgrid.catalog.list_warehouses"))


# 400: bodies


@pytest.mark.parametrize("body", ["{", "not json", "[1, 2]", '"text"', "7", '{"a": }', "\xff\xfe"])
def test_a_body_that_is_no_json_object_is_400(customer, body):
	headers = {"Content-Type": "application/json"}
	answer = customer.request(
		"POST", "/api/method/medgrid.account.revoke_keys", data=body.encode("latin-1"), headers=headers
	)
	assert "body must be a JSON object" in error(answer, 400, "ValidationError")
	assert message(customer.get("medgrid.account.api_access"))["has_keys"] is True


def test_deeply_nested_json_is_no_fault_of_ours(anonymous, customer):
	bomb = "[" * 100_000
	headers = {"Content-Type": "application/json"}
	answer = anonymous.request("POST", "/api/method/ping", data=bomb, headers=headers)
	error(answer, 400, "ValidationError")
	error(customer.request("POST", "/api/method/ping", data={"a": bomb}), 400, "ValidationError")


@pytest.mark.parametrize(
	("values", "field"),
	[
		({"query": 7}, "query"),
		({"query": ["a"]}, "query"),
		({"query": "a", "limit_start": {}}, "limit_start"),
		({"query": "x" * 141}, "query"),
		({"query": "a", "limit_page_length": 1.5}, "limit_page_length"),
	],
)
def test_a_parameter_of_the_wrong_type_in_a_json_body_is_400_naming_it(customer, values, field):
	answer = customer.request("GET", "/api/method/medgrid.catalog.search_items", json=values)
	assert f"Parameter {field} " in error(answer, 400, "ValidationError")


def test_parameters_that_nobody_declared_are_ignored(customer):
	plain = message(customer.get("medgrid.catalog.list_warehouses"))
	assert message(customer.get("medgrid.catalog.list_warehouses", _="123", colour="red")) == plain


@pytest.mark.parametrize(
	("limit", "path"),
	[
		("shopify_callback", "/api/method/medgrid.integrations.shopify_callback"),
		("shopify_callback", "/api/v2/method/medgrid.integrations.shopify_callback"),
		("exoceuticals_callback", "/api/method/medgrid.exoceuticals.oauth_callback"),
		("exoceuticals_callback", "/api/v2/method/medgrid.exoceuticals.oauth_callback"),
	],
)
def test_every_429_says_when_to_try_again(anonymous, site, limit, path):
	limits.use_up(limit, 300)
	try:
		answer = anonymous.request("GET", path)
		assert answer.status_code == 429, answer.text
		assert int(answer.headers["Retry-After"]) > 0
	finally:
		limits.lift()


@pytest.mark.parametrize("where", ["path", "v2", "cmd"])
@pytest.mark.parametrize(
	"command",
	[
		"..",
		".",
		"medgrid.",
		"medgrid..catalog",
		".medgrid",
		"../../etc/passwd",
		"a b.c",
		"%00",
		"7.x",
		"é.x",
		"a." * 900 + "a",
		"frappe." * 300 + "ping",
		"x" * 3000,
	],
)
def test_a_command_that_is_no_dotted_name_is_404(customer, command, where):
	path = {"path": "/api/method/", "v2": "/api/v2/method/"}.get(where)
	caller = customer
	if path:
		answer = caller.request("GET", f"{path}{quote(command, safe='.')}")
	else:
		answer = caller.request("GET", "/api/method/frappe.ping", params={"cmd": command})
	assert answer.status_code == 404, answer.text


@pytest.fixture
def unlocked(site):
	"""Nobody is locked out afterwards: Frappe counts wrong passwords by address, too."""
	limits.lift()
	yield
	limits.lift()


@pytest.mark.parametrize("accepted", ["application/json", "text/html"])
def test_a_user_who_is_locked_after_wrong_passwords_is_429(anonymous, unlocked, accepted):
	name = f"mgt-{frappe.generate_hash(length=8)}@example.com"
	credentials = {"usr": name, "pwd": "wrong"}
	for _attempt in range(30):
		path, headers = "/api/method/login", {"Accept": accepted}
		answer = anonymous.request("POST", path, json=credentials, headers=headers)
		if answer.status_code != 401:
			break
	sentence = error(answer, 429, "RateLimitExceededError")
	assert "locked" in sentence
	assert int(answer.headers["Retry-After"]) == frappe.get_system_settings("allow_login_after_fail")
