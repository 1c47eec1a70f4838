"""`shopify_onboarding`: tested first, stored only if Vertex takes the credentials."""

import threading

import frappe
import pytest
from frappe.utils.password import get_decrypted_password

from tests.support.connector import CLIENT_ID, CLIENT_SECRET, forget_limits, issue
from tests.support.http import message
from tests.support.vertex import CLIENTS, MESA

SUPPLIES, TOKEN = "/vertex-ws/v2/supplies", "/oauth/token"


@pytest.fixture
def installed(merchant_shop):
	merchant_shop.install()
	return merchant_shop


def read(shop):
	return message(shop.connector.get("medgrid.vertex.shopify_onboarding", shop=shop.domain))


def secret_of(shop):
	name = shop.document().name
	return get_decrypted_password("Vertex Merchant", name, "client_secret", raise_exception=False)


def test_before_any_onboarding_everything_is_empty(installed):
	assert read(installed) == {
		"shop": installed.domain,
		"onboarding": "incomplete",
		"companyCode": None,
		"deployment": None,
		"hasCredentials": False,
		"testedAt": None,
		"lastError": None,
	}


FAILURES = [
	({"clientSecret": "wrong"}, None, 401, "Vertex connection failed"),
	({}, ("status", {"status": 500}), 503, "Vertex connection failed"),
	({}, ("html_200", {}), 502, "Vertex connection failed"),
	({}, ("bad_sum", {}), 502, "Vertex connection failed"),
	({}, ("status", {"status": 403}), 403, "Vertex connection failed"),
	({}, ("status", {"status": 400}), 400, "Bad Request"),
]


@pytest.mark.parametrize(("change", "fault", "status", "title"), FAILURES)
def test_what_vertex_does_not_take_is_not_stored(installed, vertex, change, fault, status, title):
	if fault:
		vertex.fault(fault[0], path=SUPPLIES, times=10, **fault[1])
	body = issue(installed.onboard_with(**change), status)
	assert body["title"] == title
	assert CLIENT_SECRET not in str(body)
	now = read(installed)
	assert (now["onboarding"], now["hasCredentials"]) == ("failed", False)
	assert now["lastError"]
	assert secret_of(installed) is None
	vertex.clear_faults()
	assert installed.onboard()["onboarding"] == "complete"
	frappe.db.rollback()
	assert frappe.db.get_value("Integration Issue", body["id"], "settled_at")


def test_a_complete_merchant_stays_complete_with_the_old_credentials(complete_shop):
	issue(complete_shop.onboard_with(clientSecret="wrong", companyCode="OTHER"), 401)
	now = read(complete_shop)
	assert (now["onboarding"], now["companyCode"]) == ("complete", "SKYDELL")
	assert now["lastError"]
	assert secret_of(complete_shop) == CLIENT_SECRET
	assert message(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()))["totalTax"] == 5.84


def test_the_probe_is_one_token_and_a_quotation_of_one(installed, vertex):
	installed.onboard()
	assert len(vertex.token_requests(CLIENT_ID)) == 1
	supplies = vertex.received(path=SUPPLIES)
	assert len(supplies) == 1
	assert vertex.journal() == []


@pytest.mark.parametrize(("kind", "word"), [("cloud_legacy", "cloud_legacy"), ("on_demand", "on_demand")])
def test_the_other_deployments(installed, kind, word):
	client_id, client_secret = CLIENTS[kind]
	host = {"host": "acme.na1.ondemand.vertexinc.com"} if kind == "on_demand" else {}
	answer = installed.onboard(clientId=client_id, clientSecret=client_secret, deployment=word, **host)
	assert (answer["onboarding"], answer["deployment"]) == ("complete", word)


@pytest.mark.parametrize(
	("change", "named"),
	[
		({"companyCode": None}, "companyCode"),
		({"companyCode": "x" * 41}, "companyCode"),
		({"companyCode": 5}, "companyCode"),
		({"clientId": None}, "clientId"),
		({"clientId": "x" * 201}, "clientId"),
		({"clientSecret": None}, "clientSecret"),
		({"clientSecret": ""}, "clientSecret"),
		({"clientSecret": "x" * 201}, "clientSecret"),
		({"clientSecret": "a secret"}, "clientSecret"),
		({"clientSecret": ["x"]}, "clientSecret"),
		({"trustedId": "x" * 65}, "trustedId"),
		({"deployment": "on_premise"}, "deployment"),
		({"deployment": "on_demand"}, "host"),
		({"host": "acme.ondemand.vertexinc.com"}, "host"),
		({"deployment": "on_demand", "host": "evil.example"}, "host"),
		({"deployment": "on_demand", "host": "a.ondemand.vertexinc.com.evil.example"}, "host"),
		({"deployment": "on_demand", "host": "a.ondemand.vertexinc.com:81"}, "host"),
		({"deployment": "on_demand", "host": "evil.example/a.ondemand.vertexinc.com"}, "host"),
		({"deployment": "on_demand", "host": "a.b.c.ondemand.vertexinc.com"}, "host"),
		({"division": "x" * 41}, "division"),
		({"origin": None}, "origin"),
		({"origin": "Mesa"}, "origin"),
		({"origin": {}}, "origin"),
		({"origin": {**MESA, "country": "USA"}}, "origin"),
		({"origin": {"country": "US", "mainDivision": "AZ"}}, "origin"),
		({"origin": {**MESA, "city": "x" * 61}}, "origin"),
		({"shop": None}, "shop"),
	],
)
def test_a_wrong_member_is_400_and_named_and_asks_nobody(installed, vertex, change, named):
	body = issue(installed.onboard_with(**change), 400)
	assert named in body["detail"], body["detail"]
	assert vertex.token_requests(CLIENT_ID) == []
	assert read(installed)["onboarding"] == "incomplete"


def test_a_secret_in_the_address_is_400(installed):
	answer = installed.connector.request(
		"POST",
		"/api/method/medgrid.vertex.shopify_onboarding?clientSecret=abc",
		json={"shop": installed.domain, "companyCode": "X", "clientId": "c"},
	)
	issue(answer, 400)


def test_the_trusted_id_is_kept_as_a_secret(installed):
	installed.onboard(trustedId="a-trusted-id-12345")
	name = installed.document().name
	assert get_decrypted_password("Vertex Merchant", name, "trusted_id") == "a-trusted-id-12345"
	row = frappe.db.sql("select * from `tabVertex Merchant` where name = %s", name)
	assert "a-trusted-id-12345" not in str(row)
	installed.onboard()
	frappe.db.rollback()
	assert get_decrypted_password("Vertex Merchant", name, "trusted_id", raise_exception=False) is None


def test_of_two_at_once_the_later_one_wins(installed, vertex):
	vertex.add_company("LATER")
	vertex.fault("slow", path=SUPPLIES, seconds=2, times=1)
	answers = {}

	def first():
		answers["first"] = installed.onboard_with()

	thread = threading.Thread(target=first)
	thread.start()
	for _attempt in range(100):
		if vertex.received(path=SUPPLIES) or vertex.token_requests(CLIENT_ID):
			break
		threading.Event().wait(0.02)
	threading.Event().wait(0.3)
	later = installed.onboard(companyCode="LATER")
	thread.join()
	assert later["companyCode"] == "LATER"
	issue(answers["first"], 400)
	assert read(installed)["companyCode"] == "LATER"


def test_60_an_hour_and_shop(installed, vertex):
	vertex.set_token_limit(tokens=1000)
	try:
		for _number in range(60):
			installed.onboard_with(clientSecret="wrong")
		answer = installed.onboard_with()
		assert issue(answer, 429)["title"] == "Too Many Requests"
		assert int(answer.headers["Retry-After"]) > 60
	finally:
		forget_limits()


def test_a_disabled_merchant_is_403(complete_shop):
	frappe.db.set_value("Vertex Merchant", complete_shop.document().name, "enabled", 0)
	frappe.db.commit()
	issue(complete_shop.onboard_with(), 403)
	issue(complete_shop.call("shopify_tax_calculate", **complete_shop.sale()), 403)
