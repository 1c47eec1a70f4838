"""`exoceuticals.health`, over HTTP."""

from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.exoceuticals import jobs
from tests.support.http import error, message
from tests.support.store import CLIENT_ID, configure, new_item
from tests.support.vendors import order

METHOD = "medgrid.exoceuticals.health"


def health(store) -> dict:
	return message(store.caller.get(METHOD))


@pytest.fixture
def healthy(connected_store):
	"""The store with webhooks, both syncs done, and no order whose outcome is unknown."""
	frappe.db.delete("Exoceuticals Order")
	frappe.db.delete("ShipStation Order", {"status": "Failed"})
	frappe.db.commit()
	message(connected_store.caller.post("medgrid.exoceuticals.register_webhooks"))
	jobs.run_daily_syncs()
	return connected_store


def test_all_is_well(healthy):
	report = health(healthy)
	assert (report["status"], report["problems"]) == ("ok", [])
	assert report["configured"] is True
	assert (report["shop"], report["token_works"]) == (healthy.domain, True)
	assert "write_orders" in report["scopes"]
	assert (report["missing_scopes"], report["missing_webhooks"]) == ([], [])
	catalog = report["runs"]["catalog"]
	assert catalog["status"] == "Succeeded"
	assert catalog["counts"]["matched"] == 0
	assert catalog["duration"] >= 0 and catalog["finished"]
	assert report["runs"]["reconciliation"] is None
	assert report["events"]["failed"] == 0


def test_before_anything_is_set_up(store):
	configure(shop_domain=None, location_id=None)
	report = health(store)
	assert report["status"] == "not_configured"
	assert {"exoceuticals_shop_domain", "exoceuticals_api_token", "exoceuticals_location_id"} <= set(
		report["missing_settings"]
	)


def test_a_token_that_was_revoked_is_told(healthy):
	healthy.control.revoke_token(healthy.domain)
	report = health(healthy)
	assert (report["status"], report["token_works"]) == ("attention", False)
	assert "access token" in report["token_error"]
	assert report["token_error"] in report["problems"]


def test_scopes_that_are_missing_are_named(healthy):
	token = healthy.control.issue_token(healthy.domain, ["read_products", "read_inventory"], CLIENT_ID)
	configure(api_token=token)
	report = health(healthy)
	assert {"write_orders", "read_orders"} <= set(report["missing_scopes"])
	assert report["status"] == "attention"


def test_webhooks_that_are_missing_are_named(connected_store):
	report = health(connected_store)
	assert set(report["missing_webhooks"]) == {
		"ORDERS_UPDATED",
		"ORDERS_FULFILLED",
		"ORDERS_CANCELLED",
		"APP_UNINSTALLED",
	}


def test_a_failed_run_is_a_problem(healthy):
	healthy.control.set_shop(healthy.domain, state="frozen")
	jobs.run_daily_syncs()
	healthy.control.set_shop(healthy.domain, state="open")
	report = health(healthy)
	assert report["status"] == "attention"
	assert any(problem.startswith("catalog: ") and "billing" in problem for problem in report["problems"])


def test_no_secret_is_in_it(healthy):
	text = healthy.caller.get(METHOD).text
	assert "shpat_" not in text and "secret-" not in text


def test_only_administrators_see_it(connected_store, sales_rep, anonymous):
	error(sales_rep.get(METHOD), 403, "PermissionError")
	error(anonymous.get(METHOD), 401, "AuthenticationError")


def test_orders_of_unknown_outcome_are_counted_once_a_search_is_conclusive(healthy):
	sales_order = order((new_item(), 1, 10))
	now = datetime.now(timezone.utc).replace(tzinfo=None)
	record = {"doctype": "Exoceuticals Order", "sales_order": sales_order.name, "status": "Outcome Unknown"}
	record = frappe.get_doc({**record, "claimed_at": now}).insert()
	frappe.db.commit()
	assert health(healthy)["orders_in_doubt"] == 0
	record.db_set("claimed_at", now - timedelta(minutes=3), commit=True)
	report = health(healthy)
	assert (report["status"], report["orders_in_doubt"]) == ("attention", 1)
	assert report["problems"] == [
		"The outcome of 1 Sales Orders is unknown. The next reconciliation checks it."
	]
