"""Times at Frappe's own addresses are UTC to the second for programs, both ways. The site is in New York."""

import json
from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.core.site_time import from_site_time
from tests.support import people, records, vendors
from tests.support.http import Browser, Caller

SITE_TIME, UTC = "2026-06-18 10:30:00.250000", "2026-06-18 14:30:00"


@pytest.fixture(scope="module")
def manager(environment):
	user = people.person("mgt.times@example.com", "System Manager", "Sales Manager", "Item Manager")
	return Caller(environment, user=user)


@pytest.fixture(autouse=True)
def in_new_york(site):
	if frappe.utils.get_system_timezone() != "America/New_York":
		pytest.skip("the times of this module are New York's")


@pytest.fixture
def note(site, manager):
	"""A document with a Datetime field of Frappe's."""
	document = site.get_doc({"doctype": "Event", "subject": "MGT times", "event_type": "Public"})
	document.starts_on = "2026-06-18 10:30:00"
	document.insert(ignore_permissions=True)
	document.db_set({"creation": SITE_TIME, "modified": SITE_TIME}, update_modified=False)
	site.db.commit()
	return document.name


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
	assert answer.status_code == 417, answer.text


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
		["creation", "like", "2026-06-18 10%"],
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
	query = {"filters": json.dumps({"name": note, "creation": [">=", "2026-06-18 14:30:01"]})}
	assert manager.request("GET", "/api/resource/Event", params=query).json()["data"] == []


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
		filters = {"filters": json.dumps([["creation", ">", odd]])}
		assert manager.request("GET", "/api/resource/Event", params=filters).status_code in (200, 400)


def test_a_new_document_says_when_it_was_made_in_utc(manager):
	new = {"subject": "MGT times", "event_type": "Public", "starts_on": "2026-06-18 14:30:00"}
	made = manager.request("POST", "/api/resource/Event", json=new).json()["data"]
	age = datetime.now(timezone.utc) - datetime.fromisoformat(made["creation"]).replace(tzinfo=timezone.utc)
	assert timedelta(seconds=-2) < age < timedelta(minutes=1)
	stored = frappe.db.get_value("Event", made["name"], "creation")
	assert from_site_time(stored) <= datetime.now(timezone.utc)
