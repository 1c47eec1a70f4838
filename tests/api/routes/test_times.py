"""Times at Frappe's own addresses are UTC to the second for programs, both ways. The site is in New York."""

import csv
import io
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import frappe
import pytest

from medgrid.api.routes.time_filters import timespan
from medgrid.core.clock import utc_now
from medgrid.core.site_time import from_site_time, site_time
from tests.support import people, records, vendors
from tests.support.http import Browser, Caller, error

SITE_TIME, UTC = "2026-06-18 10:30:00.250000", "2026-06-18 14:30:00"


@pytest.fixture(scope="module")
def manager(environment):
	user = people.person("mgt.times@example.com", "System Manager", "Sales Manager", "Item Manager")
	return Caller(environment, user=user)


@pytest.fixture(scope="module", autouse=True)
def in_new_york(environment):
	before = frappe.utils.get_system_timezone()
	set_zone("America/New_York")
	yield
	set_zone(before)


def set_zone(name):
	"""Of the whole site: its web server and its workers, too."""
	frappe.db.rollback()
	frappe.db.set_single_value("System Settings", "time_zone", name)
	frappe.db.set_default("time_zone", name)
	frappe.db.commit()
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.clear_cache()
	# Frappe keeps the settings for a whole request.
	frappe.local.system_settings = None
	assert frappe.utils.get_system_timezone() == name


@pytest.fixture
def note(site, manager):
	"""A document with a Datetime field of Frappe's."""
	document = site.get_doc({"doctype": "Event", "subject": "MGT times", "event_type": "Public"})
	document.starts_on = "2026-06-18 10:30:00"
	document.insert(ignore_permissions=True)
	document.db_set({"creation": SITE_TIME, "modified": SITE_TIME}, update_modified=False)
	site.db.commit()
	return document.name


def spelled_for_16(*conditions):
	"""Conditions that name their field as SQL does, which Frappe 15 cannot read."""
	return () if frappe.__version__.startswith("15.") else conditions


READS = (
	"/api/resource/Event/{0}",
	"/api/v1/resource/Event/{0}",
	"/api/v2/document/Event/{0}/",
	'/api/resource/Event?fields=["*"]&filters={{"name":"{0}"}}',
	'/api/v2/document/Event?fields=["name","creation","modified","starts_on"]&filters={{"name":"{0}"}}',
	"/api/method/frappe.client.get?doctype=Event&name={0}",
	'/api/method/frappe.client.get_list?doctype=Event&fields=["*"]&filters=[["name","=","{0}"]]',
	"/api/method/frappe.client.get_value?doctype=Event&filters={0}"
	'&fieldname=["creation","modified","starts_on"]',
	"/api/method/frappe.desk.form.load.getdoc?doctype=Event&name={0}",
	"/?cmd=frappe.client.get&doctype=Event&name={0}",
)


def found_in(answer):
	assert answer.status_code == 200, answer.text
	waiting = [answer.json()]
	while waiting:
		value = waiting.pop(0)
		if isinstance(value, dict) and "starts_on" in value:
			return value
		waiting += value if isinstance(value, list) else value.values() if isinstance(value, dict) else []
	raise AssertionError(answer.text)


@pytest.mark.parametrize("address", READS)
def test_a_program_reads_times_in_utc_to_the_second(manager, note, address):
	read = found_in(manager.request("GET", address.format(note)))
	assert {name: read[name] for name in ("creation", "modified", "starts_on")} == {
		"creation": UTC,
		"modified": UTC,
		"starts_on": UTC,
	}


def test_the_rows_of_a_list_view_are_in_utc(manager, note):
	query = {
		"doctype": "Event",
		"fields": json.dumps(["name", "creation"]),
		"filters": json.dumps({"name": note}),
	}
	answer = manager.request("GET", "/api/method/frappe.desk.reportview.get", params=query).json()["message"]
	assert answer["values"] == [[note, UTC]]


LISTS: tuple[tuple[str, dict[str, str]], ...] = (
	("/api/resource/Event", {}),
	("/api/v1/resource/Event", {}),
	("/api/method/frappe.client.get_list", {"doctype": "Event"}),
	("/api/method/frappe.desk.reportview.get_list", {"doctype": "Event"}),
	("/api/method/frappe.desk.reportview.get", {"doctype": "Event"}),
	("/", {"cmd": "frappe.client.get_list", "doctype": "Event"}),
)


@pytest.mark.parametrize(("path", "more"), LISTS)
@pytest.mark.parametrize("columns", [["name", "creation"], ["name", "creation as made"]])
@pytest.mark.parametrize("shape", [{}, {"as_dict": "0"}, {"as_dict": "false"}, {"as_list": "1"}])
def test_lists_of_any_shape_are_in_utc(manager, note, path, more, columns, shape):
	asked = {"fields": json.dumps(columns), "filters": json.dumps([["name", "=", note]])}
	answer = manager.request("GET", path, params={**asked, **more, **shape})
	if "reportview" in (path if shape else ""):
		# Frappe takes no such parameter there.
		assert answer.status_code in (200, 400)
	else:
		assert answer.status_code == 200 and UTC in answer.text
	assert SITE_TIME[:19] not in answer.text


def test_times_under_other_names_are_in_utc(manager, note):
	for column in (
		{"MAX": "creation", "as": "made"},
		"creation as creation_of",
		"`tabEvent`.`creation` as x",
	):
		asked = {"fields": json.dumps([column]), "filters": json.dumps([["name", "=", note]])}
		answer = manager.request("GET", "/api/resource/Event", params=asked)
		# Frappe 15 knows no functions as objects.
		assert answer.status_code == 400 or UTC in answer.text, answer.text


@pytest.mark.parametrize("shape", [{}, {"as_dict": "0"}])
@pytest.mark.parametrize("fieldname", ["creation", '["creation"]', '["name","creation"]'])
def test_single_values_are_in_utc(manager, note, fieldname, shape):
	asked = {"doctype": "Event", "filters": note, "fieldname": fieldname, **shape}
	answer = manager.request("GET", "/api/method/frappe.client.get_value", params=asked)
	assert UTC in answer.text and SITE_TIME[:19] not in answer.text


@pytest.mark.parametrize(
	("method", "field", "answered"),
	[("get_single_value", "field", UTC), ("get_value", "fieldname", {"modified": UTC})],
)
def test_a_value_of_a_single_is_in_utc(site, manager, method, field, answered):
	site.db.set_single_value("Medgrid Settings", "modified", SITE_TIME, update_modified=False)
	site.db.commit()
	asked = {"doctype": "Medgrid Settings", field: "modified"}
	answer = manager.request("GET", f"/api/method/frappe.client.{method}", params=asked)
	if "Field modified does not exist" in answer.text:
		pytest.skip("this Frappe gives only the fields that a form has")
	assert answer.json() == {"message": answered}


def test_what_is_about_a_document_is_in_utc(site, manager, note):
	comment = site.get_doc(
		{
			"doctype": "Comment",
			"comment_type": "Comment",
			"reference_doctype": "Event",
			"reference_name": note,
			"content": f"It was {SITE_TIME[:19]}",
		}
	).insert(ignore_permissions=True)
	comment.db_set("creation", SITE_TIME, update_modified=False, commit=True)
	asked = {"doctype": "Event", "name": note}
	answer = manager.request("GET", "/api/method/frappe.desk.form.load.get_docinfo", params=asked)
	(told,) = answer.json()["docinfo"]["comments"]
	assert told["creation"] == UTC
	assert SITE_TIME[:19] in told["content"], "words of people are no times"


def test_what_medgrid_alone_reads_is_in_no_list(site, manager):
	order = vendors.order((records.item("MGT-TIMES"), 1, 5), submit=False)
	order.db_set("exoceuticals_fulfillments", "mgt-secret", commit=True)
	for columns in (["name", "exoceuticals_fulfillments"], ["exoceuticals_fulfillments as c"]):
		for shape in ({}, {"as_dict": "0"}):
			asked = {"fields": json.dumps(columns), "filters": json.dumps({"name": order.name}), **shape}
			answer = manager.request("GET", "/api/resource/Sales Order", params=asked)
			assert answer.status_code in (200, 400, 403), answer.text
			assert "mgt-secret" not in answer.text


def test_medgrids_own_times_are_utc_under_other_names_and_through_links(site, manager):
	order = vendors.order((records.item("MGT-TIMES"), 1, 5), submit=False)
	order.db_set("exoceuticals_sync_date", "2026-06-18 14:30:00", commit=True)
	for column in ("exoceuticals_sync_date as d", "`tabSales Order`.`exoceuticals_sync_date` as d"):
		for shape in ({}, {"as_dict": "0"}):
			asked = {"fields": json.dumps([column]), "filters": json.dumps({"name": order.name}), **shape}
			answer = manager.request("GET", "/api/resource/Sales Order", params=asked)
			assert UTC in answer.text, answer.text


def export(caller, note, file_type):
	asked = {
		"doctype": "Event",
		"fields": json.dumps(["`tabEvent`.`name`", "`tabEvent`.`creation`", "`tabEvent`.`starts_on`"]),
		"filters": json.dumps([["Event", "name", "=", note]]),
		"file_format_type": file_type,
		"title": "Event",
	}
	answer = caller.request("GET", "/api/method/frappe.desk.reportview.export_query", params=asked)
	assert answer.status_code == 200, answer.text
	return answer.content


def test_a_file_for_a_program_is_in_utc_and_one_for_desk_is_not(environment, manager, note):
	desk = Browser(environment, manager.user)
	for caller, expected in ((manager, UTC), (desk, SITE_TIME[:19])):
		_head, row = csv.reader(io.StringIO(export(caller, note, "CSV").decode(), newline=""))
		assert [cell[:19] for cell in row[2:4]] == [expected, expected]


def test_a_workbook_for_a_program_is_in_utc(manager, note):
	import openpyxl

	sheet = openpyxl.load_workbook(io.BytesIO(export(manager, note, "Excel"))).active
	assert [str(cell.value) for cell in sheet[2][2:4]] == [UTC, UTC]


def test_a_report_is_in_utc(site, manager, note):
	name = "MGT Times"
	if not site.db.exists("Report", name):
		query = (
			"SELECT `name`, `creation` AS `Made:Datetime:150` FROM `tabEvent` WHERE `subject` = 'MGT times'"
		)
		site.get_doc(
			{
				"doctype": "Report",
				"report_name": name,
				"ref_doctype": "Event",
				"report_type": "Query Report",
				"is_standard": "No",
				"query": query,
				"roles": [{"role": "System Manager"}],
			}
		).insert(ignore_permissions=True)
		site.db.commit()
	asked = {"report_name": name, "ignore_prepared_report": "1"}
	answer = manager.request("GET", "/api/method/frappe.desk.query_report.run", params=asked)
	assert answer.status_code == 200, answer.text
	assert UTC in answer.text and SITE_TIME[:19] not in answer.text


def test_desk_reads_the_sites_times(environment, manager, note):
	answer = Browser(environment, manager.user).request("GET", f"/api/resource/Event/{note}")
	assert found_in(answer)["creation"] == SITE_TIME


def test_medgrids_own_times_are_not_converted_twice(site, manager):
	order = vendors.order((records.item("MGT-TIMES"), 1, 5), submit=False)
	order.db_set("exoceuticals_sync_date", "2026-06-18 14:30:00", commit=True)
	read = manager.request("GET", f"/api/resource/Sales Order/{order.name}").json()["data"]
	assert read["exoceuticals_sync_date"] == UTC
	assert read["modified"] != str(order.modified)
	answer = manager.request("PUT", f"/api/resource/Sales Order/{order.name}", json=read)
	assert answer.status_code == 200, answer.text
	assert str(site.db.get_value("Sales Order", order.name, "exoceuticals_sync_date")) == UTC


def by_resource(name, read):
	return "PUT", f"/api/resource/Event/{name}", read


def by_data(name, read):
	return "PUT", f"/api/resource/Event/{name}", {"data": json.dumps(read)}


def by_version_2(name, read):
	return "PUT", f"/api/v2/document/Event/{name}/", read


def by_save(name, read):
	return "POST", "/api/method/frappe.client.save", {"doc": read}


def by_save_of_json(name, read):
	return "POST", "/api/method/frappe.client.save", {"doc": json.dumps(read)}


@pytest.mark.parametrize("door", [by_resource, by_data, by_version_2, by_save, by_save_of_json])
def test_what_a_program_read_and_sends_back_moves_nothing(site, manager, note, door):
	read = manager.request("GET", f"/api/resource/Event/{note}").json()["data"]
	verb, path, body = door(note, read)
	answer = manager.request(verb, path, json=body)
	assert answer.status_code == 200, answer.text
	assert found_in(answer)["creation"] == UTC
	site.db.rollback()
	stored = site.db.get_value("Event", note, ["creation", "starts_on"])
	assert [str(each) for each in stored] == [SITE_TIME, "2026-06-18 10:30:00"]


@pytest.mark.parametrize("door", ["resource", "v2/document"])
def test_settings_are_sent_back_as_they_were_read(manager, door):
	"""A Single has its times in another table."""
	address = f"/api/{door}/Medgrid Settings/Medgrid Settings"
	read = manager.request("GET", address).json()["data"]
	assert "." not in read["modified"]
	answer = manager.request("PUT", address, json=read)
	assert answer.status_code == 200, answer.text


def test_a_document_that_somebody_else_has_changed_is_not_overwritten(site, manager, note):
	read = manager.request("GET", f"/api/resource/Event/{note}").json()["data"]
	site.db.set_value("Event", note, "modified", "2026-06-18 10:30:01", update_modified=False)
	site.db.commit()
	answer = manager.request("PUT", f"/api/resource/Event/{note}", json=read)
	sentence = "The document was changed after you had read it. Read it again, then repeat your change."
	assert error(answer, 417, "ValidationError") == sentence
	answer = manager.request("PUT", f"/api/v2/document/Event/{note}", json=read)
	assert answer.status_code == 417
	assert [each["message"] for each in answer.json()["errors"]] == [sentence]


@pytest.mark.parametrize(
	("sent", "stored"),
	[
		("2026-12-18 15:30:00", "2026-12-18 10:30:00"),
		("2026-06-18 14:30", "2026-06-18 10:30:00"),
		("2026-06-18T14:30:00Z", "2026-06-18 10:30:00"),
		("2026-06-18T16:30:00+02:00", "2026-06-18 10:30:00"),
		("2026-06-18", "2026-06-17 20:00:00"),
	],
)
def test_a_time_that_a_program_writes_is_utc(site, manager, note, sent, stored):
	by_name = {"doctype": "Event", "name": note, "fieldname": "starts_on", "value": sent}
	for verb, path, body in (
		("PUT", f"/api/resource/Event/{note}", {"starts_on": sent}),
		("POST", "/api/method/frappe.client.set_value", by_name),
	):
		site.db.set_value("Event", note, "starts_on", "2026-01-01 00:00:00")
		site.db.commit()
		assert manager.request(verb, path, json=body).status_code == 200
		site.db.rollback()
		assert str(site.db.get_value("Event", note, "starts_on")) == stored
	new = {"subject": "MGT times", "event_type": "Public", "starts_on": sent}
	name = manager.request("POST", "/api/resource/Event", json=new).json()["data"]["name"]
	site.db.rollback()
	assert str(site.db.get_value("Event", name, "starts_on")) == stored


@pytest.mark.parametrize(
	"condition",
	[
		["creation", ">=", "2026-06-18 14:30:00"],
		["creation", "<", "2026-06-18 14:30:01"],
		["Event", "creation", "between", ["2026-06-18 14:30:00", "2026-06-18 14:30:01"]],
		["starts_on", "=", "2026-06-18 14:30:00"],
		["starts_on", "in", ["2026-06-18 14:30:00"]],
		["creation", "between", ["2026-06-18", "2026-06-18"]],
		["creation", "like", "2026-06-18 14%"],
		["creation", "like", "2026-06-18 14:30:00%"],
		["starts_on", "like", "2026-06-18 14:30:00"],
		["starts_on", "like", "2026-06-18T14:30%"],
		["creation", "like", "2026-06%"],
		["creation", "like", "2026%"],
		["starts_on", "in", "2026-01-01 00:00:00, 2026-06-18 14:30:00"],
		["starts_on", "not in", ["2026-06-18 10:30:00"]],
		["creation", "in", ["2026-01-01 00:00:00", "2026-06-18 14:30:00"]],
		["creation", "in", "2026-06-18 14:30:00,2026-01-01 00:00:00"],
		["creation", "not in", ["2026-06-18 14:30:01"]],
		["creation", "!=", "2026-06-18 14:30:01"],
		# The document was made within the second that a program reads.
		["creation", "=", "2026-06-18 14:30:00"],
		["creation", "<=", "2026-06-18 14:30:00"],
		["creation", "between", ["2026-06-18 14:30:00", "2026-06-18 14:30:00"]],
		*spelled_for_16(
			["`tabEvent`.`creation`", "in", ["2026-06-18T14:30:00Z"]],
			["`tabEvent`.`creation`", "=", "2026-06-18T14:30:00Z"],
		),
	],
)
def test_a_program_filters_by_times_in_utc(manager, note, condition):
	query = {"filters": json.dumps([["name", "=", note], condition])}
	for path, more in (
		("/api/resource/Event", {}),
		("/api/v2/document/Event", {}),
		("/api/method/frappe.client.get_list", {"doctype": "Event"}),
	):
		answer = manager.request("GET", path, params={**query, **more}).json()
		assert [row["name"] for row in answer.get("data", answer.get("message"))] == [note], path
	for method in ("frappe.client.get_count", "frappe.desk.reportview.get_count"):
		answer = manager.request("GET", f"/api/method/{method}", params={**query, "doctype": "Event"})
		assert answer.json() == {"message": 1}, (method, answer.text)


@pytest.mark.parametrize(
	"condition",
	[
		[">=", "2026-06-18 14:30:01"],
		# Whoever asks for what came after the last one that it has read does not get that one again.
		[">", "2026-06-18 14:30:00"],
		["<", "2026-06-18 14:30:00"],
		["between", ["2026-06-18 14:29:58", "2026-06-18 14:29:59"]],
		["Timespan", "tomorrow"],
		["!=", "2026-06-18 14:30:00"],
		["not in", ["2026-06-18 14:30:00"]],
		["not in", "2026-06-18 14:30:00,2026-01-01 00:00:00"],
		["in", ["2026-06-18 14:30:01", "2026-06-18 10:30:00"]],
		["like", "2026-06-18 10%"],
		["like", "2026-05%"],
		"2026-06-18 14:30:01",
	],
)
def test_a_program_does_not_find_what_was_made_in_another_second(manager, note, condition):
	query = {"filters": json.dumps({"name": note, "creation": condition})}
	assert manager.request("GET", "/api/resource/Event", params=query).json()["data"] == []
	as_list = condition if isinstance(condition, list) else ["=", condition]
	query = {"doctype": "Event", "filters": json.dumps([["name", "=", note], ["creation", *as_list]])}
	answer = manager.request("GET", "/api/method/frappe.client.get_count", params=query)
	assert answer.json() == {"message": 0}


@pytest.mark.parametrize(
	("path", "query"),
	[
		("/api/resource/Event", {"or_filters": [["starts_on", "=", "{0}"]]}),
		("/api/method/frappe.client.get", {"doctype": "Event", "filters": {"starts_on": "{0}"}}),
		(
			"/api/method/frappe.desk.listview.get_group_by_count",
			{
				"doctype": "Event",
				"current_filters": [["Event", "starts_on", "=", "{0}", False]],
				"field": "name",
			},
		),
		("/api/v2/doctype/Event/count", {"filters": [["starts_on", "=", "{0}"], ["name", "=", "NOTE"]]}),
		(
			"/api/method/frappe.desk.search.search_link",
			{"doctype": "Event", "txt": "", "filters": {"starts_on": "{0}", "name": "NOTE"}},
		),
	],
	ids=lambda value: value if isinstance(value, str) else "",
)
def test_filters_are_in_utc_whatever_they_are_called(site, manager, note, path, query):
	site.db.set_value("Event", note, "starts_on", "2031-06-18 10:30:00")
	site.db.commit()
	found = {}
	for sent in ("2031-06-18 14:30:00", "2031-06-18 10:30:00"):
		written = {name: json.dumps(value).strip('"') for name, value in query.items()}
		asked = {name: value.replace("{0}", sent).replace("NOTE", note) for name, value in written.items()}
		found[sent] = manager.request("GET", path, params=asked)
	in_utc, of_site = found.values()
	assert in_utc.status_code == 200 and (note in in_utc.text or in_utc.json() == {"data": 1}), in_utc.text
	assert note not in of_site.text and of_site.text != in_utc.text


BODIES: dict[str, dict[str, Any]] = {
	"form": {"data": {"starts_on": UTC}},
	"several parts": {"files": {"starts_on": (None, UTC)}},
	"query": {"params": {"starts_on": UTC}},
	"JSON as text": {"data": json.dumps({"starts_on": UTC}), "headers": {"Content-Type": "text/plain"}},
	"JSON in a form": {"data": {"data": json.dumps({"starts_on": UTC})}},
	"JSON": {"json": {"starts_on": UTC}},
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("verb", ["PUT", "POST"])
def test_a_time_is_utc_however_the_body_is_written(site, manager, note, verb, body):
	path = f"/api/resource/Event/{note}" if verb == "PUT" else "/api/resource/Event"
	options = {**BODIES[body]}
	if verb == "POST":
		new = {"subject": "MGT times", "event_type": "Public"}
		if body in ("form", "query"):
			options = {name: {**value, **new} for name, value in options.items()}
		elif body == "several parts":
			options = {"files": {**options["files"], **{name: (None, value) for name, value in new.items()}}}
		elif body == "JSON as text":
			options["data"] = json.dumps({"starts_on": UTC, **new})
		elif body == "JSON in a form":
			options["data"] = {"data": json.dumps({"starts_on": UTC, **new})}
		else:
			options = {"json": {"starts_on": UTC, **new}}
	else:
		site.db.set_value("Event", note, "starts_on", "2026-01-01 00:00:00")
		site.db.commit()
	answer = manager.request(verb, path, **options)
	assert answer.status_code == 200, answer.text
	assert answer.json()["data"]["starts_on"] == UTC
	site.db.rollback()
	stored = site.db.get_value("Event", answer.json()["data"]["name"], "starts_on")
	assert str(stored) == "2026-06-18 10:30:00"


def test_a_time_in_a_bulk_update_is_utc(site, manager, note):
	body = {"doctype": "Event", "docnames": json.dumps([note]), "action": "update"}
	body["data"] = json.dumps({"starts_on": "2026-06-18 14:35:00"})
	method = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
	assert manager.post(method, **body).status_code == 200
	site.db.rollback()
	assert str(site.db.get_value("Event", note, "starts_on")) == "2026-06-18 10:35:00"


def test_arguments_of_a_documents_method_are_what_was_sent(manager):
	values = {"description": "MGT times", "allocated_to": manager.user.email}
	name = manager.request("POST", "/api/resource/ToDo", json=values).json()["data"]["name"]
	answer = manager.request("POST", f"/api/resource/ToDo/{name}", json={"run_method": "nosuch", "x": 1})
	assert answer.status_code == 404, answer.text
	answer = manager.request("POST", f"/api/resource/ToDo/{name}", json={"run_method": "submit"})
	# ToDo cannot be submitted, as the method itself says: it was called.
	assert answer.status_code in (403, 417), answer.text


def test_a_span_of_time_has_days_in_utc(site, manager, note):
	midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
	for moment, expected in ((midnight, [note]), (midnight - timedelta(seconds=1), [])):
		site.db.set_value("Event", note, "starts_on", site_time(moment), update_modified=False)
		site.db.commit()
		for operator in ("Timespan", "timespan"):
			query = {"filters": json.dumps([["name", "=", note], ["starts_on", operator, "today"]])}
			answer = manager.request("GET", "/api/resource/Event", params=query)
			assert [row["name"] for row in answer.json()["data"]] == expected


SPANS = (
	*(
		"last 7 days",
		"last 14 days",
		"last 30 days",
		"last 90 days",
		"last week",
		"last month",
		"last quarter",
	),
	*("last 6 months", "last year", "yesterday", "today", "tomorrow", "this week", "this month"),
	*("this quarter", "this year", "next week", "next month", "next quarter", "next 6 months", "next year"),
)


@pytest.mark.parametrize("name", SPANS)
def test_the_spans_are_frappes(site, name):
	today = site.utils.getdate()
	assert timespan(name, today) == frappe.utils.data.get_timespan_date_range(name)
	assert timespan(f" {name.upper()} ", today) == timespan(name, today)


def test_there_are_no_other_spans(site):
	for name in ("", "x", "last", "last day", "last 5 days", "this 6 months", "next century", "last week x"):
		assert timespan(name, site.utils.getdate()) is None, name


def test_the_hour_that_the_clocks_repeat_is_written_as_it_was_read(site, manager, note):
	site.db.set_value("Event", note, "starts_on", "2026-11-01 01:30:00")
	site.db.commit()
	read = manager.request("GET", f"/api/resource/Event/{note}").json()["data"]
	assert read["starts_on"] == "2026-11-01 05:30:00"
	assert manager.request("PUT", f"/api/resource/Event/{note}", json=read).status_code == 200
	site.db.rollback()
	assert str(site.db.get_value("Event", note, "starts_on")) == "2026-11-01 01:30:00"


def test_what_is_no_time_stays_as_it_is(manager, note):
	for odd in ("nope", "9999-99-99 00:00:00", "2026-06-18 25:00:00"):
		answer = manager.request("PUT", f"/api/resource/Event/{note}", json={"starts_on": odd})
		assert answer.status_code == 400, answer.text


NO_TIMES = ["nope", "9999-99-99 00:00:00", "2026-06-18T25:00:00Z", "2026-13-01", 5, True, {}, ["nope"], [5]]
CONDITIONS = [
	*(["creation", operator, odd] for operator in (">", "<=", "=", "!=", "in", "not in") for odd in NO_TIMES),
	["creation", "in", "2026-06-18 14:30:00,nope"],
	["creation", "between", "nope"],
	["creation", "between", ["2026-06-18", "nope"]],
	["creation", "between", [5, 6]],
	["creation", "timespan", "nope"],
	["creation", "timespan", 5],
	["Event", "starts_on", "<", "nope"],
	["`tabEvent`.`modified`", ">", "nope"],
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_time_is_not_compared_with_what_is_none(manager, note, condition):
	"""The database would find every row, or none."""
	query = {"filters": json.dumps([["name", "=", note], condition])}
	as_object = {"filters": json.dumps({condition[-3]: condition[-2:]})}
	for path, more in (
		("/api/resource/Event", query),
		("/api/resource/Event", as_object),
		("/api/resource/Event", {"or_filters": query["filters"]}),
		("/api/method/frappe.client.get_list", {**query, "doctype": "Event"}),
		("/api/method/frappe.desk.reportview.get_count", {**query, "doctype": "Event"}),
	):
		error(manager.request("GET", path, params=more), 400, "ValidationError")
	answer = manager.request("GET", "/api/v2/document/Event", params=query)
	assert answer.status_code == 400, answer.text


def test_an_empty_time_is_compared_with_as_before(manager, note):
	for condition in (["starts_on", "=", ""], ["ends_on", "=", None], ["ends_on", "is", "not set"]):
		query = {"filters": json.dumps([["name", "=", note], condition])}
		assert manager.request("GET", "/api/resource/Event", params=query).status_code == 200


def test_a_new_document_says_when_it_was_made_in_utc(manager):
	new = {"subject": "MGT times", "event_type": "Public", "starts_on": "2026-06-18 14:30:00"}
	made = manager.request("POST", "/api/resource/Event", json=new).json()["data"]
	age = datetime.now(timezone.utc) - datetime.fromisoformat(made["creation"]).replace(tzinfo=timezone.utc)
	assert timedelta(seconds=-2) < age < timedelta(minutes=1)
	stored = frappe.db.get_value("Event", made["name"], "creation")
	assert from_site_time(stored) <= datetime.now(timezone.utc)
