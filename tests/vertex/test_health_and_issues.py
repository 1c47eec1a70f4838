"""`health` and `issues`."""

import frappe
import pytest

from tests.support.connector import MEMBERS, issue
from tests.support.http import message
from tests.support.rows import delete_rows

SUPPLIES = "/vertex-ws/v2/supplies"


@pytest.fixture
def without_merchants(site):
	issues = ("Integration Issue", {"integration": "vertex"})
	delete_rows(("Vertex Merchant", {}), ("Vertex Tax Document", {}), issues)


def test_without_a_merchant_nothing_is_configured(without_merchants, manager):
	report = message(manager.get("medgrid.vertex.health"))
	assert list(report) == [
		"status",
		"problems",
		"merchants",
		"pending",
		"inDoubt",
		"failed",
		"oldestPendingMinutes",
		"mismatches",
		"openIssues",
	]
	assert report["status"] == "not_configured"
	assert (report["pending"], report["oldestPendingMinutes"], report["merchants"]) == (0, None, [])


def test_a_merchant_that_works_is_ok_and_one_that_does_not_is_named(
	without_merchants, complete_shop, manager, vertex
):
	report = message(manager.get("medgrid.vertex.health"))
	assert (report["status"], report["problems"]) == ("ok", [])
	merchant = report["merchants"][0]
	assert list(merchant) == [
		"name",
		"shop",
		"company",
		"onboarding",
		"tokenExpiresAt",
		"lastSuccessAt",
		"lastError",
	]
	assert merchant["shop"] == complete_shop.domain
	assert merchant["tokenExpiresAt"].endswith("Z")
	issue(complete_shop.onboard_with(clientSecret="wrong"), 401)
	report = message(manager.get("medgrid.vertex.health"))
	assert report["status"] == "attention"
	assert any(complete_shop.domain in problem for problem in report["problems"])
	assert report["openIssues"] == 1


def test_an_outage_is_one_issue_until_it_ends(without_merchants, complete_shop, vertex, connector):
	vertex.fault("status", status=500, path=SUPPLIES, times=20)
	bodies = [
		issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()), 503) for _n in range(2)
	]
	assert bodies[0]["id"] == bodies[1]["id"]
	assert (bodies[0]["type"], bodies[0]["version"]) == ("shopify/tax_calculate", "v2")
	assert bodies[0]["title"] == "Vertex connection failed"
	assert bodies[0]["detail"].startswith("Server is not ready to handle the request.")
	listed = message(connector.get("medgrid.vertex.issues", shop=complete_shop.domain))
	assert [list(entry) for entry in listed] == [MEMBERS]
	assert listed[0] == {**bodies[1], "timestamp": listed[0]["timestamp"]}
	frappe.db.rollback()
	assert frappe.db.get_value("Integration Issue", bodies[0]["id"], "attempts") == 2
	vertex.clear_faults()
	message(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()))
	for parameters, count in (
		({"open": True}, 0),
		({"open": False}, 1),
		({"status": 503}, 1),
		({"status": 500}, 0),
	):
		found = message(connector.get("medgrid.vertex.issues", shop=complete_shop.domain, **parameters))
		assert len(found) == count, parameters


@pytest.mark.parametrize("status", [True, "x", 503.5, [503]])
def test_a_status_is_a_whole_number(connector, vertex_app, status):
	assert "status" in issue(connector.post("medgrid.vertex.issues", status=status), 400)["detail"]


def test_nonsense_of_vertex_is_502_and_a_refusal_400(without_merchants, complete_shop, vertex):
	for kind in (
		"bad_sum",
		"missing_line",
		"wrong_shape",
		"html_200",
		"redirect",
		"deep",
		"huge",
		"negative_rate",
	):
		vertex.fault(kind, path=SUPPLIES, times=2)
		answer = complete_shop.call("calculate_taxes", **complete_shop.sale())
		assert issue(answer, 502)["title"] == "Vertex connection failed", kind
		vertex.clear_faults()
	sale = complete_shop.sale()
	sale["destination"] = {**sale["destination"], "mainDivision": "ZZ", "postalCode": "00000"}
	body = issue(complete_shop.call("calculate_taxes", **sale), 400)
	assert "1420" not in body["detail"]
	assert body["title"] == "Bad Request"
