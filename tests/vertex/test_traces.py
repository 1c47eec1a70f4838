"""Secrets, tokens and addresses of the tax connector are planted wherever one can come in, everything fails
in every layer, and then they are looked for wherever something is kept: the database, Redis, RQ's jobs, the
log files, the answers."""

import json
import secrets
from importlib import import_module

import frappe
import pytest

from medgrid.core.secrets import MASK
from tests.support import limits
from tests.support.breakdowns import break_down
from tests.support.connector import issue, signed, with_basic, with_bearer
from tests.support.http import Caller, message
from tests.support.in_process import in_process
from tests.support.raw_server import answers as raw_answers
from tests.support.raw_server import raw_server
from tests.support.traces import notations, traces
from tests.support.vertex import CHICAGO, MESA
from tests.support.waiting import wait_for_jobs
from tests.vertex.webhooks import send

SUPPLIES = "/vertex-ws/v2/supplies"


@pytest.fixture
def canary():
	"""A secret that no header refuses, with characters that notations write differently."""
	return f"Cnry+{secrets.token_hex(8)}/{secrets.token_hex(4)}=="


@pytest.fixture
def here(environment, site):
	"""The web server in this process, where layers can be broken."""
	limits.lift()
	# Before anything is broken: a module that is imported meanwhile would keep what is broken.
	for module in ("medgrid.vertex.rpc", "medgrid.vertex.tax_rpc", "medgrid.vertex.access.bearer"):
		import_module(module)
	with in_process(environment) as server:
		yield server
	limits.lift()


@pytest.fixture
def printed(capfd, canary):
	"""What a web server writes to its own log is looked through, too, after the test."""
	yield
	output = "".join(capfd.readouterr())
	assert not [form for form in notations(canary) if form in output]


def assert_no_trace(canary, *answers):
	for answer in answers:
		text = answer.text + repr(dict(answer.headers))
		assert not [form for form in notations(canary) if form in text], answer.url
	assert traces(canary) == []


def assert_broken(*answers):
	"""It was the layer that failed, and nothing before it."""
	for answer in answers:
		assert issue(answer, 500)["detail"].endswith("Broken"), answer.text


def local(here, caller):
	"""The same caller at the web server of this process."""
	copy = Caller(here)
	copy.session.headers.update(caller.session.headers)
	return copy


def onboarding(shop, canary):
	return {
		"shop": shop.domain,
		"companyCode": "SKYDELL",
		"clientId": "a-client",
		"clientSecret": canary,
		"trustedId": canary,
		"origin": {**MESA, "streetAddress1": canary},
	}


ONBOARDING = [
	"medgrid.vertex.rpc.current_caller",
	"medgrid.api.parameters.ParameterSchema.validate",
	"medgrid.vertex.merchants.records.require",
	"medgrid.vertex.merchants.onboarding.probe",
	"medgrid.clients.vertex.access_tokens.AccessTokens.get",
	"medgrid.http_client.transport.Transport._exchange",
	"medgrid.vertex.merchants.records.end_onboarding",
	"medgrid.vertex.merchants.records.fail_onboarding",
]


@pytest.mark.parametrize("layer", ONBOARDING)
def test_credentials_leave_no_trace_wherever_onboarding_breaks_down(
	here, printed, merchant_shop, vertex, monkeypatch, canary, layer
):
	merchant_shop.install()
	if not layer.endswith("fail_onboarding"):
		vertex.add_client("a-client", canary, "cloud")
	caller = local(here, merchant_shop.connector)
	break_down(monkeypatch, layer, canary)
	answer = caller.post("medgrid.vertex.shopify_onboarding", **onboarding(merchant_shop, canary))
	again = caller.request(
		"POST", "/api/v2/method/medgrid.vertex.shopify_onboarding", json=onboarding(merchant_shop, canary)
	)
	monkeypatch.undo()
	assert_broken(answer, again)
	assert_no_trace(canary, answer, again)


def test_refused_credentials_leave_no_trace(merchant_shop, vertex, canary, printed):
	merchant_shop.install()
	answer = merchant_shop.call("shopify_onboarding", **onboarding(merchant_shop, canary))
	issue(answer, 401)
	wrong = merchant_shop.call("shopify_onboarding", **onboarding(merchant_shop, canary), deployment="x")
	issue(wrong, 400)
	at_another = merchant_shop.connector.request(
		"POST", f"/api/method/medgrid.vertex.shopify_onboarding?clientSecret={canary}", json={}
	)
	nowhere = merchant_shop.call("shopify_onboardings", **onboarding(merchant_shop, canary))
	assert_no_trace(canary, answer, wrong, nowhere)
	assert canary not in at_another.text


CALCULATION = [
	"medgrid.vertex.tax_rpc.read_request",
	"medgrid.vertex.tax_rpc.account_of_shop",
	"medgrid.vertex.calculation.calculate.sale_request",
	"medgrid.clients.vertex.client.VertexClient.calculate",
	"medgrid.http_client.transport.Transport._exchange",
	"medgrid.vertex.calculation.calculate.answer_of",
]


def personal(shop, canary, **changes):
	destination = {**CHICAGO, "streetAddress1": canary, "streetAddress2": canary}
	customer = {"code": canary[:40], "exemptionCertificateNumber": canary[:30]}
	return shop.sale(destination=destination, customer=customer, origin=destination, **changes)


@pytest.mark.parametrize("layer", CALCULATION)
def test_buyers_leave_no_trace_wherever_a_calculation_breaks_down(
	here, printed, complete_shop, monkeypatch, canary, layer
):
	caller = local(here, complete_shop.connector)
	break_down(monkeypatch, layer, canary)
	answer = caller.post("medgrid.vertex.shopify_tax_calculate", **personal(complete_shop, canary))
	monkeypatch.undo()
	assert_broken(answer)
	assert_no_trace(canary, answer)


REFUSALS = [
	("status", {"status": 400}),
	("status", {"status": 401, "times": 5}),
	("status", {"status": 403}),
	("status", {"status": 500, "times": 5}),
	("html_200", {}),
	("bad_sum", {}),
	("drop_after", {"times": 5}),
]


def test_buyers_leave_no_trace_whatever_vertex_answers(complete_shop, vertex, canary, printed):
	sale = personal(complete_shop, canary)
	answers = [complete_shop.call("shopify_tax_calculate", **sale)]
	for kind, options in REFUSALS:
		vertex.fault(kind, path=SUPPLIES, **options)
		answers.append(complete_shop.call("calculate_taxes", **sale))
		vertex.clear_faults()
	answers.append(complete_shop.call("shopify_tax_calculate", **{**sale, "currency": "x"}))
	nowhere = {**sale, "destination": {**sale["destination"], "mainDivision": "ZZ", "postalCode": "0"}}
	answers.append(complete_shop.call("shopify_tax_calculate", **nowhere))
	assert {200, 400, 401, 403, 502, 503} <= {answer.status_code for answer in answers}
	assert_no_trace(canary, *answers)


def test_what_vertex_repeats_of_a_buyer_is_in_no_log(complete_shop, canary, monkeypatch, here, printed):
	body = json.dumps(
		{"errors": [{"code": "VertexInvalidAddressException", "detail": f"No area for {canary}"}]}
	)
	caller = local(here, complete_shop.connector)
	with raw_server(raw_answers(body.encode(), "400 Bad Request", {"X-Request-Id": canary})) as vertex:
		monkeypatch.setattr("medgrid.vertex.merchants.accounts.configured_url", lambda name: vertex.url)
		answer = caller.post("medgrid.vertex.shopify_tax_calculate", **personal(complete_shop, canary))
	issue(answer, 400)
	assert_no_trace(canary, answer)


def test_an_invoice_keeps_its_buyer_in_its_record_and_nowhere_else(complete_shop, vertex, canary, manager):
	sale = personal(complete_shop, canary, saleMessageType="INVOICE", documentNumber=canary[5:15])
	vertex.fault("status", path=SUPPLIES, status=400)
	answers = [complete_shop.call("shopify_tax_calculate", **sale)]
	name = frappe.db.get_value("Vertex Tax Document", {"document_number": canary[5:15]})
	answers.append(manager.post("medgrid.vertex.retry_document", doctype="Vertex Tax Document", name=name))
	wait_for_jobs()
	answers.append(complete_shop.call("shopify_tax_calculate", **sale))
	assert [answer.status_code for answer in answers] == [400, 200, 200]
	assert not any(form in answer.text for form in notations(canary) for answer in answers)
	assert traces(canary) == ["table tabVertex Tax Document"]


def test_a_redacted_buyer_leaves_no_trace(complete_shop, canary, anonymous):
	sale = personal(complete_shop, canary, saleMessageType="INVOICE", documentNumber="#7", orderId="7")
	# That of the merchant stays.
	sale["origin"] = MESA
	message(complete_shop.call("shopify_tax_calculate", **sale))
	assert traces(canary) == ["table tabVertex Tax Document"]
	content = {
		"shop_domain": complete_shop.domain,
		"customer": {"id": 1, "email": canary, "phone": canary},
		"orders_to_redact": [7],
	}
	answer = send(anonymous, content, "customers/redact")
	wait_for_jobs()
	assert_no_trace(canary, answer)


BEARERS = ["medgrid.vertex.access.bearer._verified", "medgrid.vertex.access.bearer._decoded"]


@pytest.mark.parametrize("layer", BEARERS)
def test_a_token_leaves_no_trace_where_its_check_breaks_down(
	here, printed, complete_shop, identity, monkeypatch, layer, canary
):
	token = identity.identity_token(complete_shop.domain)
	break_down(monkeypatch, layer, token)
	answer = with_bearer(here, token).get("medgrid.vertex.shopify_onboarding")
	monkeypatch.undo()
	assert_broken(answer)
	assert_no_trace(token, answer)


def test_credentials_of_callers_leave_no_trace(complete_shop, identity, environment, canary, printed):
	username, password = complete_shop.basic()
	token = identity.identity_token(complete_shop.domain)
	answers = []
	for caller in (
		with_basic(environment, username, password),
		with_basic(environment, username, canary),
		with_bearer(environment, token),
		with_bearer(environment, f"{token}x"),
	):
		for operation in ("shopify_onboarding", "health", "nothing"):
			answers.append(caller.get(f"medgrid.vertex.{operation}"))
	assert_no_trace(canary, *answers)
	assert_no_trace(password, *answers)
	assert_no_trace(token, *answers)


INSTALLING = [
	"medgrid.vertex.merchants.install.connector_app",
	"medgrid.vertex.merchants.install.signed_texts",
	"medgrid.vertex.merchants.install.finish",
	"medgrid.clients.shopify.oauth.token_endpoint.exchange_code",
	"medgrid.http_client.transport.Transport._exchange",
]


@pytest.mark.parametrize("layer", INSTALLING)
def test_codes_leave_no_trace_wherever_installing_breaks_down(
	here, printed, merchant_shop, monkeypatch, canary, layer
):
	values = {"code": canary, "host": canary, "shop": merchant_shop.domain}
	_query, hmac = signed(**values)
	caller = local(here, merchant_shop.connector)
	break_down(monkeypatch, layer, canary)
	answer = caller.post("medgrid.vertex.shopify_token", **values, hmac=hmac)
	monkeypatch.undo()
	assert_broken(answer)
	assert_no_trace(canary, answer)


@pytest.mark.parametrize("layer", ["connector_app", "check_own_signature", "use_state", "finish"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_callback_that_breaks_down_leaves_no_code_state_or_signature(
	here, printed, merchant_shop, monkeypatch, canary, layer, accept
):
	state = merchant_shop.begin()["state"]
	query, hmac = signed(code=canary, host=canary, shop=merchant_shop.domain, state=state)
	path = f"/api/method/medgrid.vertex.app_callback?{query}&hmac={hmac}"
	break_down(monkeypatch, f"medgrid.vertex.merchants.install.{layer}", canary)
	answer = Caller(here).request("GET", path, headers={"Accept": accept})
	monkeypatch.undo()
	assert answer.status_code == 500
	assert_no_trace(canary, answer)


def test_what_an_administrator_types_leaves_no_trace(manager, site, complete_shop, canary, vertex_app):
	name = complete_shop.document().name
	for doctype, document, fields in (
		("Vertex Merchant", name, ("client_secret", "trusted_id")),
		("Vertex Settings", "Vertex Settings", ("shopify_client_secret", "identity_secret")),
	):
		answer = manager.request(
			"PUT", f"/api/resource/{doctype}/{document}", json=dict.fromkeys(fields, canary)
		)
		assert answer.status_code == 200, answer.text
		site.db.rollback()
		stored = site.get_doc(doctype, document)
		assert {stored.get(field) for field in fields} == {MASK}
		assert_no_trace(canary, answer)
