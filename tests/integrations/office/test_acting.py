"""`act_for_vendor`, over HTTP: an administrator tests, syncs, pauses and resumes a vendor's connection."""

import frappe
import pytest

from tests.support.http import message
from tests.support.waiting import wait_until_equal

METHOD = "medgrid.integrations.act_for_vendor"


def act(manager, vendor, action: str) -> dict:
	return message(manager.post(METHOD, connection=vendor.connection(), action=action))


def row(vendor):
	name = vendor.connection()
	fields = ["status", "paused_at", "paused_by", "last_error", "last_sync_at"]
	return frappe.db.get_value("Vendor Connection", name, fields, as_dict=True)


def said(vendor) -> list[str]:
	frappe.db.rollback()
	filters = {"reference_doctype": "Vendor Connection", "reference_name": vendor.connection()}
	return frappe.get_all("Comment", filters=filters, pluck="content", order_by="creation asc")


def test_testing_records_the_outcome_and_who_tested(connected, manager):
	assert act(manager, connected, "test") == {"ok": True, "error": None}
	assert said(connected)[-1] == f"Tested by {manager.user.email} for the vendor."
	connected.shipstation.add_account(connected.api_key, "rotated")
	outcome = act(manager, connected, "test")
	assert outcome["ok"] is False and "rejected the credentials" in outcome["error"]
	assert row(connected).status == "error"


def test_a_sync_is_queued_and_carried_out(connected, manager):
	assert act(manager, connected, "sync")["ok"] is True
	wait_until_equal(lambda: bool(row(connected).last_sync_at), True)
	assert said(connected)[-1] == f"Synced by {manager.user.email} for the vendor."


def test_pausing_and_resuming_are_what_the_vendor_sees(connected, manager):
	for _twice in range(2):
		act(manager, connected, "pause")
		assert row(connected).paused_by == manager.user.email
	assert connected.entry()["paused"]["by"] == manager.user.email
	assert said(connected).count(f"Paused by {manager.user.email} for the vendor.") == 1
	assert manager.post(METHOD, connection=connected.connection(), action="sync").status_code == 417
	act(manager, connected, "resume")
	assert row(connected).paused_at is None
	assert said(connected)[-1] == f"Resumed by {manager.user.email} for the vendor."


@pytest.mark.parametrize("action", ["test", "sync", "pause", "resume"])
def test_what_is_not_connected_or_whose_supplier_is_disabled_is_refused(connected, manager, action):
	frappe.db.set_value("Supplier", connected.supplier, "disabled", 1)
	frappe.db.commit()
	answer = manager.post(METHOD, connection=connected.connection(), action=action)
	assert answer.status_code == 417
	frappe.db.set_value("Supplier", connected.supplier, "disabled", 0)
	frappe.db.commit()
	message(connected.caller.post("medgrid.integrations.disconnect", integration_type="shipstation"))
	answer = manager.post(METHOD, connection=connected.connection(), action=action)
	assert answer.status_code == 417


@pytest.mark.parametrize(
	("arguments", "status"),
	[
		({"connection": "none", "action": "test"}, 404),
		({"connection": "none", "action": "disconnect"}, 400),
		({"action": "test"}, 400),
	],
)
def test_what_does_not_exist_is_refused(site, manager, arguments, status):
	assert manager.post(METHOD, **arguments).status_code == status


@pytest.mark.parametrize("person", ["customer", "anonymous", "vendor"])
def test_nobody_else_may(request, connected, person):
	who = connected.caller if person == "vendor" else request.getfixturevalue(person)
	answer = who.post(METHOD, connection=connected.connection(), action="pause")
	assert answer.status_code == (401 if person == "anonymous" else 403)
	assert row(connected).paused_at is None
