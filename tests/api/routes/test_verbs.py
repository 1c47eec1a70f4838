"""405 with `Allow` and a sentence for a wrong verb, at every address of the API and for each caller."""

import frappe
import pytest

from tests.hostile.doors import rpcs
from tests.support.http import Browser, Caller, error

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "FOO")
READS = {
	"medgrid.catalog.list_warehouses",
	"medgrid.catalog.list_warehouses_ordered",
	"medgrid.catalog.items_in_warehouse",
	"medgrid.catalog.search_items",
	"medgrid.account.api_access",
	"medgrid.integrations.list_connections",
	"medgrid.integrations.list_accounts",
	"medgrid.integrations.count_orders_since",
	"medgrid.integrations.list_order_rule_choices",
	"medgrid.integrations.list_shipstation_stores",
	"medgrid.integrations.vendors_and_store",
	"medgrid.integrations.connection_advice",
	"medgrid.integrations.list_invitations",
	"medgrid.integrations.list_orders",
	"medgrid.integrations.export_orders",
	"medgrid.integrations.list_products",
	"medgrid.integrations.export_products",
	"medgrid.exoceuticals.oauth_install_url",
	"medgrid.exoceuticals.order_link",
	"medgrid.exoceuticals.health",
}
# Other systems send people there.
PAGES = {"medgrid.integrations.shopify_callback", "medgrid.exoceuticals.oauth_callback"}
PUBLIC = {
	*PAGES,
	"medgrid.integrations.shopify_webhook",
	"medgrid.integrations.sendblue_webhook",
	"medgrid.exoceuticals.webhook",
	"medgrid.contact_api.submit_contact_form",
	"medgrid.account.unsubscribe",
	"medgrid.integrations.shipstation_webhook",
}
WHERE = {
	"method": "/api/method/{}",
	"v1": "/api/v1/method/{}",
	"v2": "/api/v2/method/{}",
	"cmd": "/?cmd={}",
	"cmd at an API address": "/api/method/ping?cmd={}",
}


def verbs_of(command):
	if command in READS:
		return ("GET", "HEAD", "POST")
	return ("GET", "HEAD") if command in PAGES else ("POST",)


@pytest.fixture(scope="module")
def callers(environment, customer, manager):
	return {"guest": Caller(environment), "customer": customer, "manager": manager}


def sentence_of(answer):
	if "/v2/" in answer.url:
		assert answer.json()["errors"][0]["type"] == "WrongVerbError"
		return answer.json()["errors"][0]["message"]
	return error(answer, 405, "WrongVerbError")


def test_the_table_has_every_rpc(site):
	others = {
		name for name, function in declared().items() if function.__name__ == "release_contact_messages"
	}
	assert set(rpcs()) >= READS | PUBLIC
	assert all(name not in READS for name in others)


def commands():
	"""The RPCs of the first contract. The second has 501 instead; see tests/vertex/test_border.py."""
	return sorted(name for name in rpcs() if not name.startswith("medgrid.vertex."))


def declared():
	from medgrid.api.commands import resolve

	return {name: resolve(name) for name in commands()}


def test_what_an_rpc_declares_is_in_the_table(site):
	for name, function in declared().items():
		takes = frappe.allowed_http_methods_for_whitelisted_func[function]
		assert {*takes} == {*verbs_of(name)} - {"HEAD"}, name


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("command", commands())
def test_a_wrong_verb_is_405_and_names_the_right_ones(callers, command, where):
	path = WHERE[where].format(command)
	allowed = verbs_of(command)
	for verb in VERBS:
		if verb in allowed:
			continue
		for who, caller in callers.items():
			# Of a request with a JSON body Frappe does not read the query, where `cmd` is.
			body: dict | None = {} if verb in ("POST", "PUT") and "cmd" not in path else None
			answer = caller.request(verb, path, json=body)
			if who == "guest" and command not in PUBLIC:
				assert answer.status_code == 401, (who, verb, answer.text)
				continue
			assert answer.status_code == 405, (who, verb, answer.text)
			assert answer.headers["Allow"] == ", ".join(allowed)
			assert answer.headers["Content-Type"] == "application/json"
			if verb != "HEAD":
				assert sentence_of(answer).startswith(f"{verb} is not possible here. Use {allowed[0]}")


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("verb", ["GET", "HEAD", "POST"])
def test_reads_take_each_of_their_verbs(manager, catalog, where, verb):
	for command in ("medgrid.catalog.list_warehouses", "medgrid.exoceuticals.health"):
		answer = manager.request(verb, WHERE[where].format(command))
		assert answer.status_code == 200, answer.text
		assert bool(answer.content) == (verb != "HEAD")


def test_parameters_of_a_posted_read_are_in_its_body(manager, catalog):
	path, values = "/api/method/medgrid.catalog.search_items", {"query": "a", "limit_page_length": 3}
	posted = manager.request("POST", path, json=values)
	assert posted.status_code == 200, posted.text
	assert posted.json() == manager.request("GET", path, params=values).json()


def test_head_says_what_get_would_say(customer, catalog):
	path = "/api/method/medgrid.catalog.list_warehouses"
	got, head = customer.request("GET", path), customer.request("HEAD", path)
	assert (head.status_code, head.content) == (200, b"")
	assert head.headers["Content-Type"] == got.headers["Content-Type"]
	assert customer.request("HEAD", "/api/method/medgrid.catalog.search_items").status_code == 400
	assert customer.request("HEAD", "/api/resource/Item/NO-SUCH").status_code in (403, 404)


# Frappe's own

FRAPPES = [
	("PATCH", "/api/method/frappe.client.get_list?doctype=ToDo", "GET, HEAD, POST, PUT, DELETE"),
	("GET", "/api/method/frappe.client.insert", "POST, PUT"),
	("DELETE", "/api/v2/method/frappe.client.insert", "POST, PUT"),
	("GET", "/?cmd=frappe.client.insert", "POST, PUT"),
	("PUT", "/api/resource/ToDo", "GET, HEAD, POST"),
	("DELETE", "/api/v1/resource/ToDo", "GET, HEAD, POST"),
	("PATCH", "/api/resource/ToDo/x", "GET, HEAD, POST, PUT, DELETE"),
	("PATCH", "/api/resource/ToDo/x/y/", "GET, HEAD, POST, PUT, DELETE"),
	("POST", "/api/v2/document/ToDo/x", "GET, HEAD, PUT, PATCH, DELETE"),
	("DELETE", "/api/v2/document/ToDo", "GET, HEAD, POST"),
	("POST", "/api/v2/doctype/ToDo/count", "GET, HEAD"),
	("GET", "/api/v2/method/logout", "POST"),
	("FOO", "/api/resource/ToDo", "GET, HEAD, POST"),
]


@pytest.mark.parametrize(("verb", "path", "allowed"), FRAPPES)
def test_frappes_addresses_refuse_a_wrong_verb_in_the_same_way(callers, verb, path, allowed):
	if "logout" in path and frappe.__version__.startswith("15."):
		pytest.skip("Frappe 15 signs out by any verb there")
	for who in ("customer", "manager"):
		answer = callers[who].request(verb, path)
		assert (answer.status_code, answer.headers["Allow"]) == (405, allowed), answer.text
		assert sentence_of(answer).startswith(f"{verb} is not possible here. Use ")
	answer = callers["guest"].request(verb, path)
	assert answer.status_code == (405 if "logout" in path else 401), answer.text


@pytest.mark.parametrize("path", ["/api/method/login", "/?cmd=login"])
@pytest.mark.parametrize("verb", ["GET", "PUT", "DELETE", "HEAD"])
@pytest.mark.parametrize("right", [False, True])
def test_signing_in_takes_post_only(environment, customer, path, verb, right):
	caller = Caller(environment)
	credentials = {"usr": customer.user.email, "pwd": customer.user.password if right else "wrong"}
	answer = caller.request(verb, path, params=credentials)
	assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), answer.text
	assert caller.get("frappe.auth.get_logged_user").status_code == 401


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/api/v2/nowhere/x", "/api/resource"])
@pytest.mark.parametrize("verb", ["GET", "POST", "PATCH", "FOO"])
def test_what_is_no_address_is_404_with_any_verb(callers, verb, path):
	for caller in callers.values():
		assert caller.request(verb, path).status_code == 404


def test_a_browser_gets_a_page_at_a_callback(environment):
	browser = Browser(environment)
	for command in PAGES:
		answer = browser.request("POST", f"/api/method/{command}")
		assert answer.status_code == 405
		assert answer.headers["Content-Type"].startswith("text/html")
		assert "POST is not possible here. Use GET or HEAD." in answer.text


def test_frappes_own_head_request_is_a_get(manager):
	for path in (
		"/api/method/ping",
		"/api/method/frappe.client.get_count?doctype=ToDo",
		"/api/v2/document/ToDo",
	):
		answer = manager.request("HEAD", path)
		assert (answer.status_code, answer.content) == (200, b""), path


@pytest.mark.parametrize("who", ["guest", "customer", "manager"])
@pytest.mark.parametrize(
	("path", "allowed"),
	[
		("/api/method/medgrid.catalog.search_items", "GET, HEAD, POST, OPTIONS"),
		("/api/v2/method/medgrid.catalog.search_items", "GET, HEAD, POST, OPTIONS"),
		("/api/method/medgrid.integrations.sync_now", "POST, OPTIONS"),
		("/api/method/medgrid.exoceuticals.oauth_callback", "GET, HEAD, OPTIONS"),
		("/api/method/login", "POST, OPTIONS"),
		("/api/method/medgrid.no.such", None),
		("/api/resource/Item", "GET, HEAD, POST, OPTIONS"),
	],
)
def test_options_says_what_an_address_takes(callers, who, path, allowed):
	answer = callers[who].request("OPTIONS", path)
	assert (answer.status_code, answer.text) == (200, "")
	assert answer.headers.get("Allow") == allowed
