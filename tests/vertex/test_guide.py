"""What an administrator is led through: the form of Vertex Settings, and what each merchant lacks."""

import frappe
import pytest

from medgrid.vertex import guide
from medgrid.vertex.merchants.advice import FIELDS, problem_of
from tests.support.connector import issue, set_up_settings
from tests.support.http import message
from tests.support.rows import delete_rows

COMPANY = {
	"company": "Skydell",
	"status": "Incomplete",
	"enabled": 1,
	"company_code": "SKYDELL",
	"deployment": "Cloud",
	"client_id": "id",
	"client_secret": "********",
	"origin_address": "Mesa",
	"tax_account": "Tax - S",
}
SHOP = {**COMPANY, "company": None, "shop": "a.myshopify.com", "tax_account": None}
PROBLEMS = [
	(
		{},
		"Skydell: the credentials are not tested yet. An administrator must press Test in the Vertex "
		"Merchant.",
	),
	(
		{"company_code": None, "client_secret": None},
		"Skydell: Company Code, Client Secret must be entered. An administrator does so in the Vertex "
		"Merchant.",
	),
	(
		{"deployment": "On-Demand"},
		"Skydell: Host must be entered. An administrator does so in the Vertex Merchant.",
	),
	(
		{"origin_address": None},
		"Skydell: Origin Address must be entered. An administrator does so in the Vertex Merchant.",
	),
	(
		{"status": "Failed", "last_error": "Vertex says no."},
		"Skydell: the last test failed. Vertex says no. An administrator must correct the Vertex Merchant "
		"and press Test.",
	),
	(
		{"status": "Complete", "tax_account": None},
		"Skydell: Tax Account is missing, so the company's documents are not taxed. An administrator must "
		"choose it in the Vertex Merchant.",
	),
	({"status": "Complete", "last_error": "Vertex is away."}, "Skydell: Vertex is away."),
	({"enabled": 0}, "Skydell: the merchant is disabled. An administrator must enable the Vertex Merchant."),
	({"status": "Complete"}, None),
	({"status": "Uninstalled", "last_error": "x"}, None),
	(
		SHOP,
		"a.myshopify.com: the app is installed, and the onboarding is not complete. The merchant must enter "
		"its Vertex credentials in the app.",
	),
	(
		{**SHOP, "status": "Failed", "last_error": None},
		"a.myshopify.com: the last test failed. The merchant must enter other credentials in the app.",
	),
	({**SHOP, "status": "Complete"}, None),
]


@pytest.mark.parametrize(("changes", "sentence"), PROBLEMS, ids=lambda value: str(value)[:30])
def test_what_a_merchant_lacks_is_one_sentence_with_who_does_what(site, changes, sentence):
	row = frappe._dict({**dict.fromkeys(FIELDS), **COMPANY, **changes})
	assert problem_of(row) == sentence


@pytest.fixture
def without_merchants(site, vertex_app):
	delete_rows(("Vertex Merchant", {}), ("Integration Event", {"source": "vertex"}))


def states():
	frappe.db.rollback()
	frappe.clear_document_cache("Vertex Settings", "Vertex Settings")
	return [step["state"] for step in guide.steps()]


def sentences():
	return " ".join(sentence for step in guide.steps() for sentence in step["sentences"])


def test_a_new_site_has_everything_to_do(without_merchants):
	set_up_settings(shopify_client_id=None, shopify_client_secret=None)
	assert states() == ["to do", "to do", "optional", "to do", "to do"]
	assert "Make an app in Shopify's Partner Dashboard" in sentences()
	assert "Client Secret here" in sentences()


def test_the_addresses_are_there_to_copy(without_merchants):
	copied = dict(address for step in guide.steps() for address in step["addresses"])
	assert list(copied) == ["App URL", "Redirect URL", "Webhook URL"]
	assert copied["Webhook URL"].endswith("/api/method/medgrid.vertex.app_webhook")


def test_step_by_step_it_is_done(without_merchants, merchant_shop, identity, anonymous):
	assert states() == ["done", "to do", "done", "to do", "to do"]
	merchant_shop.install()
	assert states()[3:] == ["done", "to do"]
	assert f"{merchant_shop.domain}: the app is installed" in sentences()
	merchant_shop.onboard()
	assert states()[3:] == ["done", "done"]


def test_an_identity_server_that_lacks_something_is_to_do(without_merchants):
	set_up_settings(identity_issuer="https://id.example")
	assert states()[2] == "to do"
	assert "Audience, Key Set URL or Secret must be entered here" in sentences()


def test_an_address_without_https_is_who_runs_the_servers(without_merchants, monkeypatch):
	monkeypatch.setattr(guide, "address", lambda name: f"http://shop.example/api/method/{name}")
	assert "Who runs the server must set host_name" in sentences()
	assert states()[0] == "to do"


def test_desk_gets_them_with_the_form(site, manager, complete_shop):
	loaded = manager.get("frappe.desk.form.load.getdoc", doctype="Vertex Settings", name="Vertex Settings")
	[document] = loaded.json()["docs"]
	assert len(document["__onload"]["medgrid_steps"]) == 5
	merchant = complete_shop.document().name
	site.db.set_value("Vertex Merchant", merchant, "enabled", 0)
	site.db.commit()
	loaded = manager.get("frappe.desk.form.load.getdoc", doctype="Vertex Merchant", name=merchant)
	[document] = loaded.json()["docs"]
	assert "An administrator must enable" in document["__onload"]["medgrid_problem"]


def test_the_identity_server_is_tested(identity, manager, connector):
	issue(connector.post("medgrid.vertex.test_identity"), 403)
	server = identity.identity()
	answer = message(manager.post("medgrid.vertex.test_identity"))
	assert answer == {"issuer": server["issuer"], "audience": server["audience"], "keys": 1}
	set_up_settings(identity_issuer="i", identity_audience="a", identity_jwks_url="http://127.0.0.1:9/keys")
	issue(manager.post("medgrid.vertex.test_identity"), 503)
	set_up_settings(identity_issuer="i", identity_audience="a", identity_secret="x" * 32)
	assert message(manager.post("medgrid.vertex.test_identity"))["keys"] is None
	set_up_settings()
	assert "must enter Issuer" in issue(manager.post("medgrid.vertex.test_identity"), 400)["detail"]
