"""Secrets are planted wherever one can come in, everything fails in every layer, and then the secrets are
looked for wherever something is kept: the database, Redis, RQ's jobs, the log files, the answers."""

import base64
import json
import secrets
import traceback
from urllib.parse import quote

import frappe
import pytest
from frappe.utils.background_jobs import execute_job

from medgrid.core.faults.borders import Fault
from tests.support import limits
from tests.support.breakdowns import Broken, break_down
from tests.support.http import Caller
from tests.support.in_process import in_process
from tests.support.raw_server import answers, raw_server
from tests.support.traces import notations, traces

INTEGRATIONS = "medgrid.integrations"
EXOCEUTICALS = "medgrid.exoceuticals"


@pytest.fixture
def canary():
	"""A secret that no header refuses, with characters that notations write differently."""
	return f"Cnry+{secrets.token_hex(8)}/{secrets.token_hex(4)}=="


@pytest.fixture
def here(environment, site):
	limits.lift()
	with in_process(environment) as server:
		yield server
	limits.lift()


@pytest.fixture
def printed(capfd, canary):
	"""What a web server writes to its own log is looked through, too, after the test."""
	yield
	output = "".join(capfd.readouterr())
	assert not [form for form in notations(canary) if form in output]


def assert_no_trace(canary: str, *answers) -> None:
	for answer in answers:
		text = answer.text + repr(dict(answer.headers))
		assert not [form for form in notations(canary) if form in text], answer.url
	assert traces(canary) == []


# Where a request that carries credentials can fail, from the first look at it to the commit.
LAYERS = [
	"medgrid.api.gate.check_command",
	"medgrid.api.endpoint._check_roles",
	"medgrid.api.parameters.ParameterSchema.validate",
	"medgrid.integrations.shipstation.sync.probe",
	"medgrid.clients.shipstation.client.basic_auth",
	"medgrid.http_client.transport.Transport._exchange",
	"medgrid.integrations.shipstation.rpc.save_credentials",
	"medgrid.core.secrets.set_encrypted_password",
	"frappe.utils.password.encrypt",
]
RPC = f"{INTEGRATIONS}.connect_shipstation"
WAYS = [(f"/api/method/{RPC}", {}), (f"/api/v2/method/{RPC}", {}), ("/", {"cmd": RPC})]


@pytest.mark.parametrize("layer", LAYERS)
def test_credentials_leave_no_trace_wherever_connecting_breaks_down(
	here, printed, vendor, site, monkeypatch, canary, layer
):
	vendor.shipstation.add_account(canary, canary)
	caller = Caller(here, vendor.user)
	break_down(monkeypatch, layer, canary)
	values = {"api_key": canary, "api_secret": canary}
	answers = []
	for path, more in WAYS:
		answers.append(caller.request("POST", path, json={**values, **more}))
		answers.append(caller.request("POST", path, data={**values, **more}))
	assert {answer.status_code for answer in answers} == {500}
	monkeypatch.undo()
	assert_no_trace(canary, *answers)


def test_the_operator_finds_the_fault_by_its_reference(here, vendor, site, monkeypatch, canary):
	break_down(monkeypatch, "medgrid.integrations.shipstation.sync.probe", canary)
	answer = Caller(here, vendor.user).post(
		f"{INTEGRATIONS}.connect_shipstation", api_key=canary, api_secret="x"
	)
	assert answer.status_code == 500
	reference = answer.json()["exception"].rpartition("Reference: ")[2].strip(".")
	site.db.rollback()
	logs = site.get_all(
		"Error Log", filters={"method": ("like", f"%{reference}%")}, fields=["method", "error"]
	)
	assert [log.method for log in logs] == [
		f"MedGrid: medgrid.integrations.shipstation.rpc.connect_shipstation ({reference})"
	]
	assert "medgrid/integrations/shipstation/rpc.py:" in logs[0].error
	assert logs[0].error.splitlines()[-1].endswith("Broken")
	assert "ValueError" in logs[0].error


@pytest.fixture
def developer_mode(site):
	"""In which Frappe logs every request that fails, whatever its status."""
	from frappe.installer import update_site_config

	update_site_config("developer_mode", 1, validate=False)
	yield
	update_site_config("developer_mode", "None", validate=False)


def refused_requests(canary: str) -> list[tuple[str, str, dict]]:
	rpc = f"/api/method/{INTEGRATIONS}"
	good = {"api_key": canary, "api_secret": canary}
	return [
		("POST", f"{rpc}.connect_shipstation", {"json": {**good, "api_key": f"{canary}é"}}),
		("POST", f"{rpc}.connect_shipstation", {"json": {"api_secret": canary}}),
		("POST", f"{rpc}.connect_shipstation", {"json": {**good, "api_key": [canary]}}),
		("POST", f"{rpc}.connect_shipstation", {"json": {**good, "api_key": {"a": {"b": canary}}}}),
		("POST", f"{rpc}.connect_shipstation", {"json": {**good, "api_key": canary * 10}}),
		("POST", f"{rpc}.connect_shipstation", {"json": {"apiKey": canary, "password": canary}}),
		("POST", f"{rpc}.connect_shipstation?{'&'.join(f'{k}={quote(v)}' for k, v in good.items())}", {}),
		("GET", f"{rpc}.connect_shipstation", {"params": good}),
		("PUT", f"{rpc}.connect_shipstation", {"json": good}),
		("POST", f"{rpc}.connect_shipstatoin", {"json": good}),
		("POST", f"{rpc}.sync_now", {"json": {**good, "integration_type": "nothing"}}),
		("POST", f"{rpc}.sendblue_verify", {"json": {"code": canary}}),
		("GET", f"{rpc}.shopify_callback", {"params": dict.fromkeys(("code", "state", "hmac"), canary)}),
		(
			"GET",
			f"/api/method/{EXOCEUTICALS}.oauth_callback",
			{"params": dict.fromkeys(("code", "state", "hmac"), canary)},
		),
		("POST", f"{rpc}.sendblue_webhook", {"params": {"secret": canary}, "json": {}}),
		("POST", f"{rpc}.sendblue_webhook", {"headers": {"sb-signing-secret": canary}, "json": {}}),
		("POST", f"{rpc}.shopify_webhook", {"headers": {"X-Shopify-Hmac-Sha256": canary}, "json": {}}),
	]


@pytest.mark.parametrize("who", ["vendor", "nobody"])
def test_refused_requests_leave_no_trace_in_developer_mode_either(
	here, printed, vendor, site, developer_mode, canary, who
):
	caller = Caller(here, vendor.user if who == "vendor" else None)
	answers = [caller.request(verb, path, **options) for verb, path, options in refused_requests(canary)]
	assert {answer.status_code for answer in answers} <= {200, 400, 401, 403, 404, 405, 417}
	assert_no_trace(canary, *answers)


def test_a_secret_in_the_address_is_refused(vendor, canary):
	address = f"/api/method/{INTEGRATIONS}.connect_shipstation?api_secret={quote(canary)}"
	answer = vendor.caller.request("POST", address, json={"api_key": canary})
	assert answer.status_code == 400
	assert "Parameter api_secret must be in the request's body" in answer.json()["exception"]


@pytest.mark.parametrize(
	("rpc", "layer"),
	[
		(f"{INTEGRATIONS}.shopify_callback", "medgrid.integrations.shopify.installation.finish_install"),
		(f"{INTEGRATIONS}.shopify_callback", "medgrid.clients.shopify.oauth.installation.is_signed_query"),
		(f"{EXOCEUTICALS}.oauth_callback", "medgrid.exoceuticals.connect.installation.finish_install"),
	],
)
def test_a_callback_that_breaks_down_leaves_no_code_state_or_signature(
	here, printed, store, shopify_app, site, monkeypatch, canary, rpc, layer
):
	break_down(monkeypatch, layer, canary)
	parameters = {**dict.fromkeys(("code", "state", "hmac"), canary), "shop": "mgt.myshopify.com"}
	answers = [
		Caller(here).request("GET", f"/api/method/{rpc}", params=parameters, headers={"Accept": accept})
		for accept in ("application/json", "text/html")
	]
	assert {answer.status_code for answer in answers} == {500}
	monkeypatch.undo()
	assert_no_trace(canary, *answers)


@pytest.mark.parametrize(
	("rpc", "headers", "query", "layer"),
	[
		(
			"sendblue_webhook",
			{"sb-signing-secret": "CANARY"},
			{},
			"medgrid.integrations.sendblue.inbound._verify",
		),
		("sendblue_webhook", {}, {"secret": "CANARY"}, "medgrid.api.responses.receive"),
		("shopify_webhook", {"X-Shopify-Hmac-Sha256": "CANARY"}, {}, "medgrid.api.responses.receive"),
		(
			"shopify_webhook",
			{"X-Shopify-Hmac-Sha256": "CANARY"},
			{},
			"medgrid.webhooks.shopify.signing_secret",
		),
	],
)
def test_a_webhook_that_breaks_down_leaves_no_trace(
	here, printed, sendblue, shopify_app, site, monkeypatch, canary, rpc, headers, query, layer
):
	if layer.endswith("_verify"):
		import dataclasses

		from medgrid.integrations.sendblue import inbound

		def fail(body, headers):
			raise Broken(f"{headers} {body}")

		monkeypatch.setattr(inbound, "WEBHOOKS", dataclasses.replace(inbound.WEBHOOKS, verify=fail))
	else:
		break_down(monkeypatch, layer, canary)
	planted = [dict.fromkeys(values, canary) for values in (headers, query)]
	answer = Caller(here).request(
		"POST",
		f"/api/method/{INTEGRATIONS}.{rpc}",
		headers=planted[0],
		params=planted[1],
		json={"token": canary, "from_number": "+15551234567"},
	)
	assert answer.status_code == 500
	monkeypatch.undo()
	assert_no_trace(canary, answer)


# What an administrator types


SETTINGS = {
	"Medgrid Settings": ("shopify_client_secret", "sendblue_api_secret_key", "sendblue_webhook_secret"),
	"System Settings": (
		"exoceuticals_client_secret",
		"exoceuticals_api_token",
		"exoceuticals_webhook_secret",
	),
}
SAVING_BREAKS = [
	"medgrid.webhooks.rotation.RotatedSecrets.keep_replaced",
	"frappe.model.document.Document._validate_links",
	"frappe.utils.password.encrypt",
	"frappe.model.document.Document.save_version",
]


@pytest.fixture
def settings_restored(site):
	from tests.support.store import configure, configured

	before = configured()
	yield
	site.db.rollback()
	configure(**before)


def ways_to_save(doctype: str, secrets_by_field: dict[str, str]) -> list[tuple[str, str, dict]]:
	document = frappe.get_doc(doctype).as_dict(convert_dates_to_str=True)
	whole = json.dumps({**document, **secrets_by_field}, default=str)
	field, value = next(iter(secrets_by_field.items()))
	one = {"doctype": doctype, "name": doctype, "fieldname": field, "value": value}
	several = {**one, "fieldname": json.dumps(secrets_by_field), "value": ""}
	return [
		("PUT", f"/api/resource/{doctype}/{doctype}", secrets_by_field),
		("POST", "/api/method/frappe.client.save", {"doc": whole}),
		("POST", "/api/method/frappe.client.set_value", one),
		("POST", "/api/method/frappe.client.set_value", several),
		("POST", "/api/method/frappe.desk.form.save.savedocs", {"doc": whole, "action": "Save"}),
	]


@pytest.mark.parametrize("layer", SAVING_BREAKS)
@pytest.mark.parametrize("doctype", SETTINGS)
def test_secrets_that_are_typed_leave_no_trace_when_saving_breaks_down(
	here, manager, store, settings_restored, site, monkeypatch, canary, doctype, layer
):
	caller = Caller(here, manager.user)
	ways = ways_to_save(doctype, dict.fromkeys(SETTINGS[doctype], canary))
	break_down(monkeypatch, layer, canary)
	answers = [caller.request(verb, path, json=values) for verb, path, values in ways]
	monkeypatch.undo()
	assert {answer.status_code for answer in answers} <= {417, 500}
	assert_no_trace(canary, *answers)


def mistaken_requests(canary: str) -> list[tuple[str, str, dict]]:
	"""Requests of an administrator's program that have a secret and cannot be used, whatever Frappe makes of
	them: the secret is in a parameter, in an object, in a list, in JSON within them."""
	typed = {"shopify_client_secret": canary}
	settings = {"doctype": "Medgrid Settings", "name": "Medgrid Settings"}
	broken: list[dict] = [
		{**typed, "warehouse_priority": "nonsense"},
		{**typed, "warehouse_priority": [5]},
		{**typed, "shopify_scopes": {"a": 1}},
	]
	save, insert, set_value = (
		f"/api/method/frappe.client.{name}" for name in ("save", "insert", "set_value")
	)
	return [
		*(("PUT", "/api/resource/Medgrid Settings/Medgrid Settings", values) for values in broken),
		*(("PUT", "/api/v2/document/Medgrid Settings/Medgrid Settings", values) for values in broken),
		*(("POST", save, {"doc": {**settings, **values}}) for values in broken),
		*(("POST", save, {"doc": json.dumps({**settings, **values})}) for values in broken),
		*(("POST", set_value, {**settings, "fieldname": values}) for values in broken),
		*(("POST", set_value, {**settings, "fieldname": json.dumps(values)}) for values in broken),
		("POST", insert, {"doc": {"doctype": "Vertex Merchant", "client_secret": canary, "company": [5]}}),
		("POST", insert, {"doc": [{"doctype": "Vertex Merchant", "client_secret": canary}]}),
		("POST", "/api/resource/Vertex Merchant", {"client_secret": canary, "company": {"a": [canary]}}),
		("POST", "/api/method/frappe.client.get_list", {"doctype": "ToDo", "fields": {"password": canary}}),
		("POST", "/api/method/frappe.client.get_list", {"doctype": 5, "x": [{"deep": {"token": canary}}]}),
	]


@pytest.mark.parametrize("mode", ["production", "developer"])
def test_secrets_in_requests_that_cannot_be_used_leave_no_trace(
	request, here, printed, manager, settings_restored, canary, mode
):
	if mode == "developer":
		request.getfixturevalue("developer_mode")
	caller = Caller(here, manager.user)
	answers = [caller.request(verb, path, json=values) for verb, path, values in mistaken_requests(canary)]
	assert {answer.status_code for answer in answers} <= {400, 404, 417}
	# What an answer to the sender repeats is the sender's.
	assert traces(canary) == []


@pytest.mark.parametrize("doctype", SETTINGS)
def test_stored_secrets_are_encrypted_and_nothing_tells_their_length(
	manager, store, settings_restored, site, canary, doctype
):
	for length in (0, 5):
		values = dict.fromkeys(SETTINGS[doctype], canary + "x" * length)
		answer = manager.request("PUT", f"/api/resource/{doctype}/{doctype}", json=values)
		assert answer.status_code == 200, answer.text
	site.db.rollback()
	stored = site.db.get_singles_dict(doctype)
	assert {stored[field] for field in SETTINGS[doctype]} == {"*" * 8}
	versions = site.get_all("Version", filters={"ref_doctype": doctype}, pluck="data", limit=4)
	assert not any("*" * 9 in data for data in versions)
	assert traces(canary) == []


# Jobs


def test_a_job_that_breaks_down_leaves_no_trace(connected, site, monkeypatch, canary):
	break_down(monkeypatch, "medgrid.integrations.jobs.carry_out", canary)
	arguments = {"connection": connected.connection()}
	options = {"job_name": "canary", "kwargs": arguments, "is_async": False}
	method = "medgrid.integrations.jobs.sync_connection"
	with pytest.raises(Fault) as failed:
		execute_job(site.local.site, method, None, **options)
	monkeypatch.undo()
	# What RQ keeps of a failed job.
	kept = "".join(traceback.format_exception(failed.value))
	assert "medgrid/core/faults/borders.py" in kept
	assert canary not in kept
	assert traces(canary) == []


def test_a_scheduled_job_that_breaks_down_leaves_no_trace_in_its_log(site, monkeypatch, canary):
	method = "medgrid.integrations.jobs.dispatch"
	job = site.get_doc("Scheduled Job Type", {"method": method})
	job.create_log = 1
	break_down(monkeypatch, "medgrid.integrations.jobs.top_up", canary)
	job.execute()
	monkeypatch.undo()
	log = site.get_all(
		"Scheduled Job Log", filters={"scheduled_job_type": job.name}, fields=["status", "details"], limit=1
	)
	assert log[0].status == "Failed"
	assert "reference" in log[0].details
	assert traces(canary) == []


def test_the_places_of_a_job_are_in_the_error_log(site, monkeypatch, canary):
	from medgrid.integrations import jobs

	break_down(monkeypatch, "medgrid.integrations.jobs.top_up", canary)
	with pytest.raises(Fault) as failed:
		jobs.dispatch()
	monkeypatch.undo()
	error = site.db.get_value(
		"Error Log", {"method": ("like", f"%({failed.value.reference})")}, "error", order_by="creation desc"
	)
	assert "medgrid/integrations/jobs.py:" in error
	assert failed.value.__context__ is None


# What the other systems say


@pytest.mark.parametrize("status", ["400 Bad Request", "401 Unauthorized", "500 Oops", "200 OK"])
def test_what_another_system_repeats_of_a_secret_is_masked(here, vendor, site, monkeypatch, canary, status):
	"""ShipStation quotes the key and the header that it came in."""
	header = base64.b64encode(f"key:{canary}".encode()).decode()
	body = json.dumps({"Message": f"{canary} may not do this: Basic {header}"}).encode()
	with raw_server(answers(body, status, {"X-Request-Id": canary})) as shipstation:
		monkeypatch.setattr(
			"medgrid.integrations.shipstation.client.base_url", lambda service: shipstation.url
		)
		answer = Caller(here, vendor.user).post(
			f"{INTEGRATIONS}.connect_shipstation", api_key="key", api_secret=canary
		)
	assert answer.json()["message"]["ok"] is False
	assert_no_trace(canary, answer)
