"""Functions of Frappe's that call another one by its name: what is checked of a call is checked of that one,
and MedGrid's RPCs have their own address only."""

import frappe
import pytest

from tests.support.http import Caller, error

# A parameter for each function: its name, with which the function that is called is named.
BY_NAME = {
	"upload_file": ("method", {}),
	"frappe.handler.upload_file": ("method", {}),
	"frappe.model.mapper.make_mapped_doc": ("method", {"source_name": "x"}),
	"frappe.model.mapper.map_docs": ("method", {"source_names": '["x"]', "target_doc": "{}"}),
	"frappe.desk.treeview.get_all_nodes": (
		"tree_method",
		{"doctype": "Item Group", "label": "x", "parent": "x"},
	),
	"frappe.desk.search.search_link": ("query", {"doctype": "Item", "txt": "x"}),
	"frappe.desk.search.search_widget": ("query", {"doctype": "Item", "txt": "x"}),
	"medgrid.desk.link_search.search_link": ("query", {"doctype": "Item", "txt": "x"}),
}
OURS = [
	"medgrid.catalog.list_warehouses",
	"medgrid.catalog.search_items",
	"medgrid.integrations.list_connections",
	"medgrid.integrations.shopify_callback",
	"medgrid.integrations.shopify_webhook",
	"medgrid.exoceuticals.sync_catalog",
	"medgrid.exoceuticals.webhook",
	"medgrid.contact_api.submit_contact_form",
	"medgrid.vertex.health",
	"medgrid.vertex.app_install",
	"medgrid.desk.cards.orders_pushed_today",
	"medgrid.nosuch.thing",
	" medgrid.catalog.list_warehouses",
]
WHERE = {
	"v1": lambda caller, function, values: caller.request("POST", f"/api/method/{function}", json=values),
	"v2": lambda caller, function, values: caller.request("POST", f"/api/v2/method/{function}", json=values),
	"cmd": lambda caller, function, values: caller.request("POST", "/", json={**values, "cmd": function}),
	"form": lambda caller, function, values: caller.request("POST", f"/api/method/{function}", data=values),
	"multipart": lambda caller, function, values: caller.request(
		"POST", f"/api/method/{function}", data=values, files={"file": ("a.txt", b"text")}
	),
}


@pytest.fixture(scope="module")
def callers(environment, customer, manager):
	return {"customer": customer, "manager": manager}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("function", BY_NAME)
def test_medgrids_rpcs_are_called_at_their_own_address_only(callers, function, where):
	if function.startswith("medgrid.") and where in ("form", "multipart"):
		pytest.skip("Its own address takes JSON")
	name, values = BY_NAME[function]
	for who, caller in callers.items():
		for command in OURS:
			answer = WHERE[where](caller, function, {**values, name: command})
			assert answer.status_code == 404, (who, command, answer.text)
			assert f"There is no endpoint {command.strip()}." in answer.text, answer.text


def test_a_guest_learns_nothing_there(environment):
	for function, (name, values) in BY_NAME.items():
		answers = [
			Caller(environment).request(
				"POST", f"/api/method/{function}", json={**values, name: f"medgrid.{called}"}
			)
			for called in ("catalog.list_warehouses", "exoceuticals.webhook", "no.such")
		]
		# Guests may call `upload_file`: the site's settings decide.
		assert {answer.status_code for answer in answers} == {404 if "upload" in function else 401}


# A function of Frappe's that takes POST, and not GET.
@pytest.mark.parametrize("function", [name for name in BY_NAME if "upload" not in name])
@pytest.mark.parametrize("called", ["frappe.client.insert", "frappe.client.delete", "frappe.handler.logout"])
def test_what_is_called_by_its_name_keeps_its_verbs(callers, function, called):
	if called.endswith("logout") and frappe.__version__.startswith("15."):
		pytest.skip("Frappe 15 signs out by any verb")
	name, values = BY_NAME[function]
	for caller in callers.values():
		answer = caller.request("GET", f"/api/method/{function}", params={**values, name: called})
		error(answer, 405, "WrongVerbError")
		assert "GET" not in answer.headers["Allow"]
		assert "POST" in answer.headers["Allow"]


def test_functions_of_others_are_called_by_their_name_as_before(callers):
	for caller in callers.values():
		for where in ("v1", "cmd", "form", "multipart"):
			answer = WHERE[where](caller, "upload_file", {"method": "frappe.ping"})
			assert (answer.status_code, answer.json()) == (200, {"message": "pong"}), answer.text


def test_a_search_for_the_name_of_an_rpc_is_a_search(manager):
	answer = manager.get("frappe.desk.search.search_link", doctype="Item", txt="medgrid.catalog.x")
	assert answer.status_code == 200, answer.text
	answer = manager.get("medgrid.catalog.search_items", query="medgrid.catalog.list_warehouses")
	assert answer.json() == {"message": []}


# Methods of documents

METHODS = {"ShipStation Order": "retry", "Integration Issue": "settle"}


@pytest.mark.parametrize("verb", ["GET", "HEAD", "PUT", "DELETE"])
@pytest.mark.parametrize("doctype", METHODS)
def test_a_documents_method_that_changes_something_takes_post(callers, doctype, verb):
	method = METHODS[doctype]
	run = {"dt": doctype, "dn": "x", "method": method}
	paths = [
		("/api/method/run_doc_method", run),
		("/", {**run, "cmd": "run_doc_method"}),
		(f"/api/v2/document/{doctype}/x/method/{method}", {}),
	]
	if verb in ("GET", "HEAD"):
		paths.append((f"/api/resource/{doctype}/x", {"run_method": method}))
	for path, values in paths:
		answer = callers["manager"].request(verb, path, params=values)
		assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), (path, answer.text)


# What Desk calls

DESKS = [
	"medgrid.desk.cards.orders_pushed_today",
	"medgrid.desk.link_search.search_link",
	"medgrid.exoceuticals.settings_form.load",
	"medgrid.api.secrets.passwords.get_password",
]


@pytest.mark.parametrize("command", DESKS)
@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH"])
def test_desks_own_rpcs_take_the_verbs_of_a_read(callers, command, verb):
	answer = callers["manager"].request(verb, f"/api/method/{command}")
	error(answer, 405, "WrongVerbError")
	assert answer.headers["Allow"] == "GET, HEAD, POST"


# Functions in the modules of DocTypes, by version 2

CALLERS = ("guest", "customer", "manager")


@pytest.fixture(scope="module")
def everybody(environment, callers):
	return {"guest": Caller(environment), **callers}


def of_doctype(caller, verb, path):
	answer = caller.request(verb, f"/api/v2/method/{path}", json={} if verb != "GET" else None)
	assert answer.headers["Content-Type"].startswith("application/json")
	return answer


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize(
	"path",
	[
		"User/no_such",
		"User/STANDARD_USERS",
		"User/frappe.client.get_list",
		"User/User",
		"Item/no_such",
		"DocType/..",
		"User/get_user_image ",
		"Has Role/no_such",
	],
)
def test_what_the_module_of_a_doctype_does_not_have_is_404(everybody, verb, path):
	for who in CALLERS:
		answer = of_doctype(everybody[who], verb, path)
		assert answer.status_code == 404, (who, answer.text)
		[told] = answer.json()["errors"]
		assert told["type"] == "DoesNotExistError"
		assert "doctype." not in told["message"], "the path of a module"


@pytest.mark.parametrize(("verb", "who"), [("GET", "customer"), ("PUT", "manager"), ("GET", "guest")])
def test_a_function_of_a_doctypes_module_keeps_its_verbs(everybody, verb, who):
	answer = of_doctype(everybody[who], verb, "User/reset_password")
	assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), answer.text


def test_a_function_of_a_doctypes_module_is_called_as_before(everybody):
	answer = of_doctype(everybody["customer"], "GET", "User/get_timezones")
	assert answer.status_code == 200, answer.text
	assert answer.json()["data"]["timezones"]
	assert of_doctype(everybody["guest"], "GET", "User/get_timezones").status_code == 401
	assert of_doctype(everybody["customer"], "POST", "User/reset_password").status_code == 400


@pytest.mark.parametrize("doctype", ["Vertex Merchant", "Integration Issue", "Medgrid Settings"])
def test_the_modules_of_medgrids_doctypes_have_no_functions_to_call(everybody, doctype):
	for name in ("refuse", "is_shop_domain", "frappe", "records", "on_doctype_update"):
		for who, status in zip(CALLERS, (401, 403, 404), strict=True):
			assert of_doctype(everybody[who], "POST", f"{doctype}/{name}").status_code == status, (who, name)
