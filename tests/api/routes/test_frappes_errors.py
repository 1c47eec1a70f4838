"""Frappe's own addresses answer a program as the contract's table says: what the caller got wrong is 400, 401
or 404 in the contract's shape, with a sentence, and no row in the Error Log that a guest could make."""

import base64
import json

import frappe
import pytest

from tests.support import people, records, vendors
from tests.support.http import Browser, Caller, error

QUEUE = "insert_queue_for_Error Log"
LISTS = {
	"v1": "/api/resource/ToDo?",
	"v1 explicitly": "/api/v1/resource/ToDo?",
	"v2": "/api/v2/document/ToDo?",
	"client": "/api/method/frappe.client.get_list?doctype=ToDo&",
	"client by v2": "/api/v2/method/frappe.client.get_list?doctype=ToDo&",
	"reports": "/api/method/frappe.desk.reportview.get_list?doctype=ToDo&",
	"reports of Desk": "/api/method/frappe.desk.reportview.get?doctype=ToDo&",
	"cmd": "/?cmd=frappe.client.get_list&doctype=ToDo&",
}
WRONG_QUERIES = [
	"fields=nope",
	'fields=["nope"]',
	"fields=[1]",
	"fields=5",
	'fields=["sleep(1)"]',
	"filters=nope",
	"filters=5",
	'filters=["a"]',
	"filters=[1]",
	"filters=[[]]",
	'filters=[["ToDo"]]',
	'filters=[["nope","=","x"]]',
	'filters=["name","=","x"]',
	'filters=["ToDo","name","=","x"]',
	'filters=[["name","=","x"],"or"]',
	'or_filters=["name","=","x"]',
	'filters={"nope":1}',
	'filters=[["ToDo","name","nope","x"]]',
	"order_by=nope",
	"order_by=name;drop",
]
WRONG_OFFSETS = ["-1", "abc", "1.5", "99999999999999999999", "[]", "1e3", "٣"]


@pytest.fixture(scope="module")
def callers(environment, customer, manager):
	return {"guest": Caller(environment), "customer": customer, "manager": manager}


@pytest.fixture
def logged(site):
	"""How many rows wait for the Error Log."""
	return lambda: site.cache.llen(QUEUE)


def check(answer, *statuses):
	"""Any of the statuses, in the shape of the address's version, and no words of Python's."""
	assert answer.status_code in statuses, (answer.status_code, answer.text)
	assert answer.headers["Content-Type"] == "application/json"
	body = answer.json()
	if "/v2/" in answer.url:
		assert list(body) == ["errors"], body
		sentences = [entry["message"] for entry in body["errors"]]
		types = {entry["type"] for entry in body["errors"]}
	else:
		assert sorted(body) == ["_server_messages", "exc_type", "exception"], body
		sentences = [entry["message"] for entry in json.loads(body["_server_messages"])]
		types = {body["exc_type"]}
	assert all(sentences), body
	assert not types & {"Exception", "TypeError", "KeyError", "JSONDecodeError", "Fault"}, body
	for word in ("Traceback", "NoneType", "<details", "</", "monoframe", "MedGrid's end"):
		assert word not in answer.text
	return sentences[-1]


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("query", WRONG_QUERIES)
def test_a_broken_query_is_400_and_a_guest_comes_no_further_than_401(callers, logged, where, query):
	path, before = LISTS[where] + query, logged()
	check(callers["guest"].request("GET", path), 401)
	for who in ("customer", "manager"):
		answer = callers[who].request("GET", path)
		# Version 2 reads some as conditions, or leaves unknown columns out.
		if where != "v2" or answer.status_code != 200:
			check(answer, 400, 403)
		assert logged() == before, who


# Where else documents are looked for by conditions.
SEARCHES = {
	**LISTS,
	"count by v2": "/api/v2/doctype/ToDo/count?",
	"count of Desk": "/api/method/frappe.desk.reportview.get_count?doctype=ToDo&",
	"count": "/api/method/frappe.client.get_count?doctype=ToDo&",
	"value": "/api/method/frappe.client.get_value?doctype=ToDo&fieldname=name&",
	"export": '/?cmd=frappe.desk.reportview.export_query&doctype=ToDo&file_format_type=CSV&fields=["name"]&',
	"tags": '/api/method/frappe.desk.reportview.get_sidebar_stats?doctype=ToDo&stats=["_user_tags"]&',
	"suggestions": "/api/method/frappe.desk.search.search_link?doctype=ToDo&txt=&",
}


@pytest.mark.parametrize("where", SEARCHES)
@pytest.mark.parametrize(
	"condition", [["Nope", "name"], ["Nope", "nope"], ["status", "Open"], ["x" * 200, "name"]]
)
def test_a_condition_that_names_no_doctype_is_400_since_the_documents_have_theirs(
	callers, logged, where, condition
):
	path, before = f"{SEARCHES[where]}filters={json.dumps([[*condition, '=', 'x']])}", logged()
	check(callers["guest"].request("GET", path), 401)
	# To who may not read DocType, Frappe 16 does not say which there are.
	check(callers["customer"].request("GET", path), 400, 403)
	check(callers["manager"].request("GET", path), 400)
	assert logged() == before


# Some versions of Frappe read some of these, at some addresses.
ODD_CONDITIONS = [
	["name", "=", "x"],
	["name", "like", "x"],
	["name", 5],
	["ToDo", "name", "=", "x"],
	["x", "y"],
	[["status", "Open"]],
	[["", "name", "=", "x"]],
	[["name", "=", "x"], "or", ["name", "=", "y"]],
	[["name", "=", "x"], "or"],
	[["ToDo"]],
]


@pytest.mark.parametrize("where", SEARCHES)
@pytest.mark.parametrize("name", ["filters", "or_filters"])
@pytest.mark.parametrize("conditions", ODD_CONDITIONS, ids=str)
def test_an_odd_condition_is_read_or_refused_and_never_404(callers, logged, where, name, conditions):
	path, before = f"{SEARCHES[where]}{name}={json.dumps(conditions)}", logged()
	for who in ("customer", "manager"):
		answer = callers[who].request("GET", path)
		if answer.status_code != 200:
			check(answer, 400, 403)
	assert logged() == before


def test_version_2_reads_texts_as_names_where_frappe_does(manager):
	answer = manager.request("GET", '/api/v2/document/DocType?filters=["ToDo","User"]&order_by=name asc')
	if frappe.__version__.startswith("15."):
		check(answer, 400)
		return
	assert answer.status_code == 200, answer.text
	assert [row["name"] for row in answer.json()["data"]] == ["ToDo", "User"]


@pytest.mark.parametrize("where", [name for name in LISTS if name != "v2"])
@pytest.mark.parametrize("query", ["order_by=nope", "order_by=name desc, nope asc", "group_by=nope"])
def test_an_unknown_column_is_400_and_no_lack_of_a_permission(manager, where, query):
	check(manager.request("GET", LISTS[where] + query), 400)


def test_a_known_column_of_forbidden_documents_stays_403(customer):
	check(customer.request("GET", "/api/resource/Error Log?order_by=nope"), 403)


def test_a_program_never_gets_the_databases_queries(manager):
	for path in LISTS.values():
		answer = manager.request("GET", f"{path}debug=1")
		assert answer.status_code == 200 and "SELECT" not in answer.text.upper()


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("value", WRONG_OFFSETS)
@pytest.mark.parametrize("name", ["limit_start", "start"])
def test_an_offset_that_is_no_number_of_rows_is_400(callers, where, value, name):
	answer = callers["manager"].request("GET", f"{LISTS[where]}{name}={value}")
	assert check(answer, 400) == f"Parameter {name} must be a whole number, 0 or more."


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize("value", ["", "0", "3"])
def test_a_right_offset_is_taken(manager, where, value):
	assert manager.request("GET", f"{LISTS[where]}limit_start={value}").status_code == 200


def test_a_program_never_gets_more_than_500_rows_by_desks_methods(manager):
	query = 'doctype=DocField&parent_doctype=DocType&fields=["name"]'
	for length, most in (("&page_length=2000", 500), ("&page_length=0", 500), ("", 20)):
		path = f"/api/method/frappe.desk.reportview.get?{query}{length}"
		answer = manager.request("GET", path)
		assert answer.status_code == 200, answer.text
		assert len(answer.json()["message"]["values"]) == most


@pytest.mark.parametrize(
	("verb", "path"),
	[
		("GET", "/api/resource/{}"),
		("GET", "/api/resource/{}/1"),
		("POST", "/api/resource/{}"),
		("PUT", "/api/resource/{}/1"),
		("DELETE", "/api/resource/{}/1"),
		("GET", "/api/v2/document/{}"),
		("GET", "/api/v2/document/{}/1"),
		("GET", "/api/v2/doctype/{}/meta"),
		("GET", "/api/method/frappe.client.get_list?doctype={}"),
		("GET", "/api/method/frappe.client.get?doctype={}&name=1"),
	],
)
@pytest.mark.parametrize("doctype", ["Nope", "No Such DocType", "x" * 200, "todo", "Item%20", "é"])
def test_an_unknown_doctype_is_404_and_401_for_a_guest(callers, logged, verb, path, doctype):
	before = logged()
	for who, status in (("guest", 401), ("customer", 404), ("manager", 404)):
		check(callers[who].request(verb, path.format(doctype), json={} if verb != "GET" else None), status)
	assert logged() == before


def test_a_single_document_has_no_list(callers, logged):
	before = logged()
	for path in ("/api/resource/System Settings", "/api/v2/document/System Settings"):
		check(callers["manager"].request("GET", path), 400)
		check(callers["guest"].request("GET", path), 401)
	assert logged() == before


METHODS = [
	"frappe.client.get",
	"frappe.client.get_list",
	"frappe.client.get_value",
	"frappe.client.set_value",
	"frappe.client.insert",
	"frappe.client.insert_many",
	"frappe.client.save",
	"frappe.client.submit",
	"frappe.client.cancel",
	"frappe.client.delete",
	"frappe.client.bulk_update",
	"frappe.client.get_count",
	"frappe.desk.reportview.get_count",
	"frappe.desk.search.search_widget",
	"frappe.desk.form.load.getdoctype",
	"frappe.desk.form.save.savedocs",
	"run_doc_method",
]
ODD = {"doctype": "ToDo", "name": ["x"], "doc": "x", "docs": [1], "filters": 5, "fieldname": 5, "method": "x"}


@pytest.mark.parametrize("base", ["/api/method/", "/api/v2/method/", "/?cmd="])
@pytest.mark.parametrize("method", METHODS)
def test_missing_and_odd_arguments_of_frappes_methods_are_the_callers_fault(callers, logged, base, method):
	for values in ({}, ODD):
		before = logged()
		for who in ("guest", "customer", "manager"):
			body = {**values, "cmd": method} if "cmd" in base else values
			path = "/" if "cmd" in base else f"{base}{method}"
			answer = callers[who].request("POST", path, json=body)
			if answer.status_code != 200:
				check(answer, 400, 401, 403, 404, 405)
			assert logged() == before, (who, values)


# What Frappe then imports, or looks for, is the caller's word.
NAMES_OF_NOTHING = [
	("upload_file", {"method": "no.such"}),
	("upload_file", {"method": "frappe.nosuch.x"}),
	("upload_file", {"method": "frappe.client.nosuch"}),
	("upload_file", {"method": "medgrid.nosuch.x"}),
	("upload_file", {"method": "x"}),
	("frappe.model.mapper.make_mapped_doc", {"method": "frappe.nosuch.x", "source_name": "x"}),
	("frappe.desk.form.load.getdoc", {"doctype": '["a"]', "name": "x"}),
	("frappe.desk.form.load.getdoc", {"doctype": "{}", "name": None}),
	("frappe.desk.form.save.discard", {"doctype": '["a"]', "name": "x"}),
	("frappe.client.get", {"doctype": "{}", "name": "x"}),
	("frappe.client.cancel", {"doctype": "[]", "name": "x"}),
	("frappe.model.rename_doc.update_document_title", {"doctype": '{"a":[1]}', "docname": "x"}),
	("frappe.utils.weasyprint.download_pdf", {"doctype": "[1]", "name": "x", "print_format": "x"}),
	("frappe.www.list.get_list_data", {"doctype": '["a"]'}),
	("frappe.model.workflow.can_cancel_document", {"doctype": True}),
	("frappe.push_notification.subscribe", {"fcm_token": "x", "project_name": ["x"]}),
	(
		"frappe.desk.doctype.event.event.delete_communication",
		{"event": "x", "reference_doctype": "Nope", "reference_docname": "x"},
	),
	# A blank is the name of no DocType.
	("frappe.desk.doctype.tag.tag.add_tag", {"tag": "x", "dt": "", "dn": "x", "color": "x"}),
	("frappe.desk.doctype.tag.tag.remove_tag", {"tag": "x", "dt": "", "dn": "x"}),
	(
		"frappe.desk.doctype.event.event.delete_communication",
		{"event": "x", "reference_doctype": "", "reference_docname": "x"},
	),
	# Longer than the name of a table.
	("frappe.desk.doctype.tag.tag.add_tag", {"tag": "x", "dt": "a" * 300, "dn": "x", "color": "x"}),
	("frappe.desk.doctype.tag.tag.remove_tag", {"tag": "x", "dt": "a" * 65, "dn": "x"}),
	# No job, no column, no file.
	("frappe.core.doctype.prepared_report.prepared_report.stop_prepared_report", {"report_name": {}}),
	("frappe.core.doctype.prepared_report.prepared_report.stop_prepared_report", {"report_name": "x"}),
	(
		"frappe.desk.doctype.kanban_board.kanban_board.add_card",
		{"board_name": "[null]", "docname": True, "colname": "x"},
	),
	("frappe.core.page.permission_manager.permission_manager.get_standard_permissions", {"doctype": {}}),
	(
		"frappe.utils.goal.get_monthly_goal_graph_data",
		{
			**dict.fromkeys(("title", "doctype", "docname", "goal_doctype", "goal_doctype_link"), "{}"),
			**dict.fromkeys(("goal_value_field", "goal_total_field", "goal_history_field"), "{}"),
			**dict.fromkeys(("goal_field", "date_field"), "{}"),
		},
	),
]


@pytest.mark.parametrize("base", ["/api/method/", "/api/v2/method/", "cmd"])
@pytest.mark.parametrize(("method", "values"), NAMES_OF_NOTHING, ids=str)
def test_what_a_request_names_and_does_not_exist_is_no_fault_of_ours(callers, logged, base, method, values):
	before = logged()
	for who in ("guest", "customer", "manager"):
		path, body = ("/", {**values, "cmd": method}) if base == "cmd" else (f"{base}{method}", values)
		check(callers[who].request("POST", path, json=body), 400, 401, 403, 404, 405, 417)
		assert logged() == before, who


def test_a_document_that_another_request_holds_is_503_and_when_to_try_again(site, manager):
	todo = {"description": "MGT held"}
	name = manager.request("POST", "/api/resource/ToDo", json=todo).json()["data"]["name"]
	site.db.rollback()
	site.db.sql("SELECT `name` FROM `tabToDo` WHERE `name` = %s FOR UPDATE", name)
	for verb, path in (
		("PUT", f"/api/resource/ToDo/{name}"),
		("PUT", f"/api/v2/document/ToDo/{name}"),
		("DELETE", f"/api/resource/ToDo/{name}"),
	):
		answer = manager.request(verb, path, json={"description": "MGT changed"})
		assert check(answer, 503) == "The site is busy. Try again in a few seconds."
		assert int(answer.headers["Retry-After"]) > 0
	site.db.rollback()
	answer = manager.request("PUT", f"/api/resource/ToDo/{name}", json={"description": "MGT changed"})
	assert answer.status_code == 200, answer.text


def test_a_method_that_is_not_an_endpoint_is_404_or_401(callers):
	path = "/api/method/frappe.utils.now"
	assert check(callers["manager"].request("GET", path), 404) == "There is no endpoint frappe.utils.now."
	check(callers["guest"].request("GET", path), 404)


NO_FUNCTIONS = (
	*("medgrid.__version__", "medgrid.hooks.app_name", "medgrid.hooks.fixtures", "medgrid.hooks.doc_events"),
	*(
		"medgrid.catalog.__name__",
		"medgrid.catalog.__dict__",
		"medgrid.catalog.__doc__",
		"frappe.client.json",
	),
	*(
		"frappe.client.__dict__",
		"frappe.local",
		"frappe.db",
		"frappe.client.os",
		"medgrid.exceptions.Conflict",
	),
	*("medgrid.exceptions.MedgridError.__name__", "frappe.handler.ALLOWED_MIMETYPES", "__name__", "json"),
)


@pytest.mark.parametrize("base", ["/api/method/", "/api/v2/method/", "/?cmd="])
@pytest.mark.parametrize("name", NO_FUNCTIONS)
def test_what_is_no_function_is_404(callers, logged, base, name):
	before = logged()
	for who in ("guest", "customer", "manager"):
		for verb in ("GET", "POST"):
			check(callers[who].request(verb, f"{base}{name}"), 404)
	assert logged() == before


@pytest.mark.parametrize("name", ["x" * 141, "x" * 5_000, "é" * 1_000])
def test_a_user_name_that_is_none_is_400_and_not_repeated(environment, logged, name):
	before = logged()
	for body in ({"json": {"usr": name, "pwd": "x"}}, {"data": {"usr": name, "pwd": "x"}}):
		answer = Caller(environment).request("POST", "/api/method/login", **body)
		assert check(answer, 400) == "Parameter usr is too long: at most 140 characters."
	assert logged() == before


def test_a_wrong_field_of_a_single_is_400(manager):
	for doctype in ("Item", "System Settings"):
		asked = {"doctype": doctype, "field": "nope"}
		check(manager.get("frappe.client.get_single_value", **asked), 400)


def test_a_guest_is_asked_for_credentials_at_frappes_methods(callers):
	answer = callers["guest"].request("GET", "/api/method/frappe.client.get_list")
	assert check(answer, 401).startswith("This endpoint needs credentials.")


# Documents


WRONG_DOCUMENTS = [
	{},
	{"description": ""},
	{"description": "x", "priority": "nope"},
	{"description": "x", "date": "nope"},
	{"description": "x", "date": [1]},
	{"description": "x", "allocated_to": "nope"},
	{"description": {"a": 1}},
	{"description": "x", "date": []},
	{"description": "x", "priority": []},
	{"description": "x", "docstatus": "x"},
	{"description": "x", "docstatus": 5},
	{"description": "x", "status": 5},
	{"description": "x", "idx": 10**20},
	# Frappe 15 ignores it.
	*([] if frappe.__version__.startswith("15.") else [{"description": "x", "meta": 5}]),
]


@pytest.mark.parametrize("values", WRONG_DOCUMENTS, ids=str)
def test_a_document_with_a_missing_or_wrong_field_is_400(callers, logged, values):
	for path, body in (
		("/api/resource/ToDo", values),
		("/api/v2/document/ToDo", values),
		("/api/method/frappe.client.insert", {"doc": {"doctype": "ToDo", **values}}),
		("/api/method/frappe.client.insert", {"doc": json.dumps({"doctype": "ToDo", **values})}),
	):
		before = logged()
		check(callers["guest"].request("POST", path, json=body), 401)
		assert logged() == before
		check(callers["manager"].request("POST", path, json=body), 400)


@pytest.mark.parametrize("rows", ["x", [1], {"a": 1}, 5, [[1]]], ids=str)
def test_rows_that_are_none_are_400(sales_rep, rows):
	for path in ("/api/resource/Sales Order", "/api/v2/document/Sales Order"):
		check(sales_rep.request("POST", path, json={"items": rows}), 400)


def test_a_sales_order_without_its_fields_is_400_and_says_which(sales_rep):
	sentence = check(sales_rep.request("POST", "/api/resource/Sales Order", json={}), 400)
	assert sentence not in ("", "The request is not valid.")


def test_a_link_to_nothing_is_400(manager):
	values = {"item_code": "MGT-NO-GROUP", "item_group": "nope", "stock_uom": "Nos"}
	answer = manager.request("POST", "/api/resource/Item", json=values)
	assert check(answer, 400) == "Could not find Item Group: nope"


def test_what_frappe_raises_without_a_message_is_told(site, manager):
	order = vendors.order((records.item("MGT-RULES"), 1, 5))
	site.db.set_value("Sales Order", order.name, "docstatus", 2)
	site.db.commit()
	seller = Caller(manager.environment, people.person("mgt.seller@example.com", "Sales Manager"))
	for path in (f"/api/resource/Sales Order/{order.name}", f"/api/v2/document/Sales Order/{order.name}"):
		sentence = check(seller.request("PUT", path, json={"po_no": "MGT"}), 417)
		assert sentence == "Cannot edit cancelled document"


@pytest.mark.parametrize("where", [name for name in LISTS if "v2" not in name])
@pytest.mark.parametrize("field", ["name; drop", "sleep(1)", "name--", "(select 1)", "name, owner"])
def test_a_field_that_is_none_is_400_and_no_lack_of_a_permission(manager, where, field):
	fields = json.dumps([field])
	answer = manager.request("GET", f"{LISTS[where]}fields={fields}")
	if answer.status_code != 200:
		check(answer, 400)


def test_a_business_rule_stays_417(manager):
	answer = manager.request(
		"PUT", "/api/resource/System Settings/System Settings", json={"session_expiry": "x"}
	)
	assert check(answer, 417) == "Session Expiry must be in format hh:mm"


# Credentials


@pytest.mark.parametrize(
	"header",
	[
		"Basic xxx",
		"Basic !!!",
		"Basic",
		"Basic " + base64.b64encode(b"nobody").decode(),
		"Basic " + base64.b64encode(b"a:b").decode(),
		"Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
		"token",
		"token nope:nope",
		"token a:b:c",
		"Bearer xxx",
		"nope",
	],
)
@pytest.mark.parametrize(
	"path",
	[
		"/api/resource/ToDo",
		"/api/method/medgrid.catalog.list_warehouses",
		"/api/method/frappe.client.get_list?doctype=ToDo",
		"/api/v2/document/ToDo",
	],
)
@pytest.mark.parametrize("ajax", [{}, {"X-Requested-With": "XMLHttpRequest"}], ids=["plain", "ajax"])
def test_wrong_credentials_are_401_however_they_are_wrong(environment, path, header, ajax):
	answer = Caller(environment).request("GET", path, headers={"Authorization": header, **ajax})
	assert "Authorization: token KEY:SECRET" in check(answer, 401) or header in ("nope", "token", "Basic")


@pytest.mark.parametrize("doctype", ["Nope", "ToDo", "System Settings", "Vendor Connection", "user"])
def test_keys_of_documents_that_have_none_are_401(callers, environment, logged, manager, doctype):
	before = logged()
	headers = {"Authorization": manager.user.authorization, "Frappe-Authorization-Source": doctype}
	check(Caller(environment).request("GET", "/api/resource/ToDo", headers=headers), 401)
	assert logged() == before


def test_a_wrong_password_is_told_as_one(environment, customer):
	values = {"usr": customer.user.email, "pwd": "wrong"}
	for headers in ({}, {"Accept": "text/html"}, {"Accept": "text/plain"}):
		answer = Caller(environment).request("POST", "/api/method/login", json=values, headers=headers)
		assert "Invalid" in check(answer, 401) and "token KEY" not in answer.text


def test_a_session_without_its_token_learns_what_to_send(environment, customer):
	browser = Browser(environment, customer.user)
	browser.open("/portal")
	for accept in ("application/json", "text/html"):
		answer = browser.request(
			"POST", "/api/method/medgrid.account.revoke_keys", json={}, headers={"Accept": accept}
		)
		assert "X-Frappe-CSRF-Token" in error(answer, 400, "ValidationError")


# Who a program is


@pytest.mark.parametrize(
	"path",
	[
		"/api/resource/Item/NO-SUCH",
		"/api/resource/Nope/1",
		"/api/method/frappe.client.get_list",
		"/api/method/nope.nope",
		"/api/nope",
		"/api/method/medgrid.catalog.search_items",
		"/api/resource/ToDo?fields=nope",
		"/?cmd=medgrid.catalog.search_items",
		"/api/method/frappe.client.insert",
	],
)
@pytest.mark.parametrize(
	"headers",
	[
		{"X-Requested-With": "XMLHttpRequest"},
		{"Accept": "text/plain"},
		{"Accept": "text/html"},
		{"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
		{"Accept": "*/*"},
		{"Accept": ""},
		{"Accept": "image/png"},
		{"Accept": "text/html", "X-Requested-With": "XMLHttpRequest"},
	],
	ids=str,
)
def test_a_token_gets_the_contracts_shape_whatever_else_it_sends(manager, customer, path, headers):
	for caller in (manager, customer):
		plainly = caller.request("GET", path)
		answer = caller.request("GET", path, headers=headers)
		check(answer, plainly.status_code)
		assert answer.json() == plainly.json()


@pytest.mark.parametrize("accept", ["text/html", "text/plain", "*/*"])
def test_a_guest_gets_no_html_below_api(environment, accept):
	caller = Caller(environment)
	caller.session.headers["Accept"] = accept
	for path in (
		"/api/nope",
		"/api/resource/ToDo",
		"/api/method/medgrid.catalog.list_warehouses",
		"/api/method/x.y",
	):
		check(caller.request("GET", path), 401, 404)
	headers = {"Content-Type": "application/json"}
	check(caller.request("POST", "/api/method/ping", data="{", headers=headers), 400)
	check(
		caller.request("POST", "/api/method/medgrid.contact_api.submit_contact_form", data="x" * 70_000), 413
	)


def test_the_sentence_of_a_page_that_is_replaced_survives(manager):
	values = {"item_code": "MGT-NO-GROUP", "item_group": "nope", "stock_uom": "Nos"}
	answer = manager.request("POST", "/api/resource/Item", json=values, headers={"Accept": "text/html"})
	assert check(answer, 400) == "Could not find Item Group: nope"


def nested(depth: int, opening: str, closing: str) -> str:
	return '{"_lang": ' + opening * depth + ("0" if ":" in opening else "") + closing * depth + "}"


# From some depth on, what Frappe does with the parameter ends in a RecursionError.
@pytest.mark.parametrize("depth", [1, 40, 900, 970, 1000, 5000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize(
	"path", ["/api/method/ping", "/api/resource/ToDo/x", "/api/method/%00", "/api/v2/method/ping"]
)
def test_what_frappe_reads_before_any_hook_may_be_deep_and_is_400(
	callers, logged, path, opening, closing, depth
):
	before = logged()
	body = nested(depth, opening, closing)
	for who in ("guest", "customer"):
		check(
			callers[who].request("POST", path, data=body, headers={"Content-Type": "application/json"}), 400
		)
	assert logged() == before
