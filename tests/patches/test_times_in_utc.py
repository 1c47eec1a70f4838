"""The patch that converts times of the site's zone to UTC, over both changes of the clocks in New York."""

from datetime import datetime

import frappe
import pytest

from medgrid.core.site_time import from_site_time
from medgrid.patches.v1_0 import times_in_utc

RECEIVED = {
	"2025-07-01 12:00:00.250000": "2025-07-01 16:00:00.250000",
	# The second of two hours of the same name is lost: the first is as good.
	"2025-11-02 00:59:59": "2025-11-02 04:59:59",
	"2025-11-02 01:30:00": "2025-11-02 05:30:00",
	"2025-11-02 02:00:00": "2025-11-02 07:00:00",
	"2026-03-08 01:59:59": "2026-03-08 06:59:59",
	"2026-03-08 03:00:00": "2026-03-08 07:00:00",
	"2026-06-18 23:30:00": "2026-06-19 03:30:00",
}


@pytest.fixture
def in_new_york(site):
	site.db.set_single_value("System Settings", "time_zone", "America/New_York")
	site.clear_document_cache("System Settings")
	site.local.system_settings = site.get_doc("System Settings")
	yield
	site.db.rollback()
	site.clear_document_cache("System Settings")
	site.local.system_settings = None


def event(moment):
	document = frappe.get_doc({"doctype": "Integration Event", "name": frappe.generate_hash(length=16)})
	document.update({"source": "mgt", "event_id": frappe.generate_hash(), "received_at": moment})
	document.db_insert()
	return document.name


def test_each_time_is_converted_once_with_the_offset_of_its_day(in_new_york):
	frappe.db.delete("Integration Event")
	names = {moment: event(moment) for moment in RECEIVED}
	times_in_utc.execute()
	stored = {
		moment: frappe.db.get_value("Integration Event", name, "received_at")
		for moment, name in names.items()
	}
	assert stored == {moment: datetime.fromisoformat(utc) for moment, utc in RECEIVED.items()}
	assert all(from_site_time(moment).replace(tzinfo=None) == utc for moment, utc in stored.items())


def test_every_field_of_the_patch_is_a_datetime_and_says_utc():
	for doctype, fields in times_in_utc.FIELDS.items():
		for fieldname in fields:
			field = frappe.get_meta(doctype).get_field(fieldname)
			assert field.fieldtype == "Datetime"
			assert field.label.endswith("(UTC)")


def test_empty_tables_stay_empty(in_new_york):
	frappe.db.delete("Sync Run")
	times_in_utc.execute()
	assert frappe.db.count("Sync Run") == 0
