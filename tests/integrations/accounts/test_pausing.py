"""`pause` and `resume`, over HTTP: a paused connection stays connected, and nothing syncs it."""

import frappe
import pytest

from medgrid.integrations import jobs, turns
from tests.support.http import error, message
from tests.support.records import write_values
from tests.support.runs import Worker
from tests.support.vendors import colleague_of, order
from tests.support.waiting import wait_for_jobs

RPC = "medgrid.integrations."
PAUSED = "ShipStation is paused. Resume it, then sync again."


def pause(vendor, **account: str) -> dict:
	return message(vendor.caller.post(f"{RPC}pause", integration_type="shipstation", **account))


def resume(vendor, **account: str) -> dict:
	return message(vendor.caller.post(f"{RPC}resume", integration_type="shipstation", **account))


def actions(connection: str) -> list[str]:
	filters = {"reference_doctype": "Vendor Connection", "reference_name": connection}
	frappe.db.rollback()
	return frappe.get_all("Comment", filters=filters, pluck="content", order_by="creation asc, name asc")


def test_a_paused_connection_stays_connected_and_says_since_when_and_by_whom(connected):
	usual = set(connected.entry())
	answer = pause(connected)
	entry = connected.entry()
	assert (entry["status"], entry["last_error"], entry["has_credentials"]) == ("connected", None, True)
	assert (
		entry["paused"]
		== answer["paused"]
		== {
			"since": answer["paused"]["since"],
			"by": connected.user.email,
		}
	)
	assert len(answer["paused"]["since"]) == 19
	assert set(entry) == usual | {"paused"}
	assert resume(connected) == {"ok": True, "integration": "shipstation"}
	assert set(connected.entry()) == usual


def test_nobody_syncs_what_is_paused(connected):
	name, sales_order = connected.connection(), order((connected.item, 1, 10))
	wait_for_jobs()
	pause(connected)
	answer = connected.caller.post(f"{RPC}sync_now", integration_type="shipstation")
	assert error(answer, 417, "ValidationError") == PAUSED
	write_values("Vendor Connection", name, "next_sync_at", None)
	assert name not in turns.due_connections(10_000)
	assert turns.take(name) is None
	# Neither does a job that was queued before, by this release or an older one.
	jobs.sync_connection(name)
	assert connected.remote_orders() == []
	resume(connected)
	wait_for_jobs()
	assert [remote["orderKey"] for remote in connected.remote_orders()] == [sales_order.name]


def test_pausing_stops_the_sync_in_progress(connected):
	worker = Worker(connected.connection())
	assert connected.entry()["status"] == "syncing"
	pause(connected)
	assert connected.entry()["status"] == "connected"
	frappe.db.rollback()
	assert frappe.db.get_value("Sync Run", worker.run.name, "status") == "Stopped"


def test_who_did_it_is_on_record_and_a_colleague_may_resume(connected, environment):
	colleague, name = colleague_of(environment, connected), connected.connection()
	pause(connected)
	first = connected.entry()["paused"]
	# The same again changes nothing.
	assert pause(colleague)["paused"] == first
	resume(colleague)
	resume(colleague)
	assert actions(name)[-2:] == [
		f"Paused by {connected.user.email}.",
		f"Resumed by {colleague.user.email}.",
	]


def test_an_error_stays_an_error(connected):
	connected.shipstation.add_account(connected.api_key, "rotated")
	connected.sync()
	pause(connected)
	assert (connected.entry()["status"], "paused" in connected.entry()) == ("error", True)


@pytest.mark.parametrize("ends", ["disconnect", "connect"])
def test_disconnecting_ends_a_pause_and_so_does_connecting_again(connected, ends):
	pause(connected)
	if ends == "disconnect":
		message(connected.caller.post(f"{RPC}disconnect", integration_type="shipstation"))
	assert connected.connect()["ok"]
	assert "paused" not in connected.entry()
	assert connected.stats()["orders_pushed"] == 0


def test_only_the_account_that_is_named_is_paused(connected):
	connected.shipstation.add_account("europe-key", "europe-secret")
	connected.connect(api_key="europe-key", api_secret="europe-secret", account="Europe")
	pause(connected, account="Europe")
	assert "paused" not in connected.entry()
	answer = connected.caller.post(f"{RPC}sync_now", integration_type="shipstation", account="Europe")
	assert error(answer, 417, "ValidationError") == PAUSED
	assert connected.stats()["orders_pushed"] == 0


def test_a_waiting_order_says_that_the_connection_is_paused(connected):
	order((connected.item, 1, 10))
	wait_for_jobs()
	pause(connected)
	[entry] = message(connected.caller.get(f"{RPC}list_orders"))["orders"]
	assert (entry["state"], entry["who_acts"]) == ("waiting", "vendor")
	assert entry["reason"] == "ShipStation is paused. Resume it on the page Integrations."
	resume(connected)
	wait_for_jobs()
	[entry] = message(connected.caller.get(f"{RPC}list_orders"))["orders"]
	assert (entry["state"], entry["reason"]) == ("sent", None)


@pytest.mark.parametrize("method", ["pause", "resume"])
def test_what_cannot_be_paused(connected, vendor, customer, anonymous, method):
	def call(caller, integration="shipstation", **account):
		return caller.post(f"{RPC}{method}", integration_type=integration, **account)

	assert anonymous.post(f"{RPC}{method}", integration_type="shipstation").status_code == 401
	assert error(call(customer), 417, "ValidationError").startswith("Your user belongs to no Supplier.")
	not_connected = "Shopify is not connected. Connect it first."
	assert error(call(connected.caller, "shopify"), 417, "ValidationError") == not_connected
	assert error(call(connected.caller, account="Nowhere"), 417, "ValidationError").startswith(
		"ShipStation is"
	)
	for integration in ("sendblue", "fedex"):
		assert "must be one of" in error(call(connected.caller, integration), 400, "ValidationError")
