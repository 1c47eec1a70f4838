"""Everything of 400 and more below `medgrid.vertex.` is contract B's Issue, in the order of checks of
docs/api.md, "Errors"."""

import json
import re
from uuid import UUID

import pytest

from medgrid.services import outgoing
from medgrid.vertex.access import attempts
from medgrid.vertex.contract.operations import OPERATIONS
from tests.support import limits
from tests.support.connector import APP_SECRET, forget_limits, issue, signed, with_basic, with_bearer
from tests.support.connector import connector as connector_of
from tests.support.http import Caller
from tests.support.rows import delete_rows
from tests.vertex.operations import CALLS

PROTECTED = sorted(name for name, operation in OPERATIONS.items() if not operation.is_public)
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MALFORMED = (
	"Bad request. The server cannot or will not process the request due to malformed request syntax, invalid "
	"request message framing, or deceptive request routing."
)
NOT_IMPLEMENTED = (
	"Method not implemented. The server does not support the functionality required to fulfill the request."
)
SHOP = "mgt-nobody.myshopify.com"


def path_of(name):
	return f"/api/method/medgrid.vertex.{name}"


@pytest.mark.parametrize("name", PROTECTED)
def test_without_credentials_it_is_401(anonymous, vertex_app, name):
	verb = OPERATIONS[name].verbs[0]
	body = issue(anonymous.request(verb, path_of(name), params={"shop": SHOP}), 401)
	assert (body["title"], body["relatedTo"]) == ("Unauthorized", SHOP)
	assert body["detail"].startswith("Authentication failure. ")
	assert (body["type"], body["version"]) == (OPERATIONS[name].type, OPERATIONS[name].version)
	assert UUID(body["id"]).version == 4
	assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", body["timestamp"])


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_a_wrong_verb_is_501_whoever_sends_it(anonymous, connector, vertex_app, name):
	verbs = OPERATIONS[name].verbs
	for caller in (anonymous, connector):
		for verb in set(VERBS) - set(verbs):
			answer = caller.request(verb, path_of(name), allow_redirects=False)
			assert answer.headers["Allow"] == ", ".join(verbs), verb
			if verb == "HEAD":
				assert answer.status_code == 501
				continue
			body = issue(answer, 501)
			assert body["title"] == "Method not implemented"
			assert body["detail"] == NOT_IMPLEMENTED


@pytest.mark.parametrize("prefix", ["/api/method/", "/api/v1/method/", "/api/v2/method/"])
@pytest.mark.parametrize("who", ["nobody", "connector", "merchant", "bearer", "wrong Basic", "wrong bearer"])
def test_options_says_what_an_operation_takes_to_everybody(environment, complete_shop, identity, prefix, who):
	callers = {
		"nobody": Caller(environment),
		"connector": connector_of(environment),
		"merchant": complete_shop.merchant(),
		"bearer": complete_shop.bearer(),
		"wrong Basic": with_basic(environment, "shopify-000000000000", "x" * 20),
		"wrong bearer": with_bearer(environment, "a.b.c"),
	}
	for name, operation in OPERATIONS.items():
		answer = callers[who].request("OPTIONS", f"{prefix}medgrid.vertex.{name}")
		assert (answer.status_code, answer.text) == (200, ""), name
		assert answer.headers["Allow"] == ", ".join((*operation.verbs, "OPTIONS")), name
	answer = callers[who].request("OPTIONS", f"{prefix}medgrid.vertex.nothing")
	assert (answer.status_code, answer.text, answer.headers.get("Allow")) == (200, "", None)


@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("name", ["nothing", "rpc", "rpc.app_install", "settings", "x.y.z", "volume.count"])
def test_an_unknown_name_is_404_with_what_follows_as_its_type(anonymous, connector, vertex_app, verb, name):
	for caller in (anonymous, connector):
		body = issue(caller.request(verb, path_of(name), params={"shop": SHOP}), 404)
		assert body["relatedTo"] == SHOP
		assert (body["type"], body["version"], body["title"]) == (name, "v1", "Resource not found")
		assert body["detail"].startswith("The resource being read or updated does not exist.")


@pytest.mark.parametrize("name", [*PROTECTED, "nothing"])
def test_wrong_credentials_are_401_before_everything_else(environment, vertex_app, name):
	for caller in (
		with_basic(environment, "shopify-000000000000", "x" * 20),
		with_bearer(environment, "a.b.c"),
		with_bearer(environment, "nonsense"),
	):
		for verb in ("POST", "PUT"):
			body = issue(caller.request(verb, path_of(name), json={"shop": SHOP}), 401)
			assert body["detail"] == "Authentication failure. Invalid user credentials."


BODIES = {
	"no JSON": (b"{", "application/json"),
	"an array": (b"[]", "application/json"),
	"null": (b"null", "application/json"),
	"a text": (b'"x"', "application/json"),
	"not UTF-8": (b'{"shop": "\xff\xfe"}', "application/json"),
	"a form": (b"shop=mgt-nobody", "application/x-www-form-urlencoded"),
	"plain text": (b'{"shop": "mgt-nobody"}', "text/plain"),
	"no content type": (b'{"shop": "mgt-nobody"}', ""),
	"21 levels": (b'{"a":' * 21 + b"1" + b"}" * 21, "application/json"),
	"10,000 levels": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "application/json"),
	"NaN": (b'{"shop": NaN}', "application/json"),
	"half a surrogate pair": (b'{"shop": "\\ud800"}', "application/json"),
	"many elements": (b'{"a": [' + b"1," * 70_000 + b"1]}", "application/json"),
	"too many bytes": (b'{"a": "' + b"x" * 1_100_000 + b'"}', "application/json"),
	"a list as language": (b'{"_lang": ["x"]}', "application/json"),
}


@pytest.mark.parametrize("name", ["app_install", "shopify_tax_calculate", "issues"])
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_json_object_within_bounds_is_400(connector, anonymous, vertex_app, name, body):
	data, content_type = BODIES[body]
	headers = {"Content-Type": content_type} if content_type else {}
	answer = connector.request("POST", path_of(name), data=data, headers=headers)
	assert issue(answer, 400)["detail"].startswith(MALFORMED)
	issue(anonymous.request("POST", path_of(name), data=data, headers=headers), 401)
	issue(anonymous.request("POST", path_of("nothing"), data=data, headers=headers), 404)
	issue(anonymous.request("PUT", path_of(name), data=data, headers=headers), 501)


@pytest.mark.parametrize("body", BODIES)
def test_credentials_are_judged_before_a_body_that_cannot_be_read(environment, complete_shop, identity, body):
	data, content_type = BODIES[body]
	headers = {"Content-Type": content_type} if content_type else {}
	forget_limits()
	username, _password = complete_shop.basic()
	wrong: dict[str, Caller] = {
		"Basic": with_basic(environment, "shopify-000000000000", "x" * 20),
		"Basic of a merchant": with_basic(environment, username, "x" * 20),
		"bearer": with_bearer(environment, "a.b.c"),
	}
	for authorization in ("Basic !", "token a:b", "token a", "Digest x"):
		wrong[authorization] = Caller(environment)
		wrong[authorization].session.headers["Authorization"] = authorization
	for who, caller in wrong.items():
		for name in ("issues", "app_install", "nothing"):
			said = issue(caller.request("POST", path_of(name), data=data, headers=headers), 401)
			assert said["detail"] == "Authentication failure. Invalid user credentials.", who
			assert said["relatedTo"] == (SHOP if body == "a form" else "Guest"), who
	right = {
		complete_shop.merchant(): complete_shop.document().api_username,
		complete_shop.bearer(): complete_shop.domain,
		connector_of(environment): None,
	}
	for caller, related_to in right.items():
		said = issue(caller.request("POST", path_of("issues"), data=data, headers=headers), 400)
		assert said["relatedTo"] == (SHOP if body == "a form" else related_to or caller.user.email)
		issue(caller.request("POST", path_of("nothing"), data=data, headers=headers), 404)
		issue(caller.request("PUT", path_of("issues"), data=data, headers=headers), 501)


def test_wrong_credentials_with_a_body_that_cannot_be_read_are_counted(environment, vertex_app):
	caller = with_basic(environment, "shopify-000000000000", "x" * 20)
	headers = {"Content-Type": "application/json"}
	forget_limits()
	try:
		limits.use_up(attempts.WRONG_CREDENTIALS.name, attempts.WRONG_CREDENTIALS.times - 1)
		issue(caller.request("POST", path_of("issues"), data=b"{", headers=headers), 401)
		answer = caller.request("POST", path_of("issues"), data=b"{", headers=headers)
		issue(answer, 429)
		assert int(answer.headers["Retry-After"]) > 0
	finally:
		forget_limits()


def test_other_operations_than_the_calculation_take_64_kib(connector, vertex_app):
	data = json.dumps({"shop": SHOP, "x": "y" * 65_600})
	headers = {"Content-Type": "application/json"}
	answer = connector.request("POST", path_of("api_credentials"), data=data, headers=headers)
	assert issue(answer, 400)["detail"].startswith(MALFORMED)
	answer = connector.request("POST", path_of("calculate_taxes"), data=data, headers=headers)
	assert "currency" in issue(answer, 400)["detail"]


ODD = {
	"hmac": (" \t", "Parameter hmac must not be blank."),
	"requestData": ("  ", "Parameter requestData must not be blank."),
	"code": (" ", "Parameter code must not be blank."),
	"shop": ("mgt\0nobody", "Parameter shop is invalid: it must not have characters that cannot be seen."),
	"companyCode": (
		"ab\ncd",
		"Parameter companyCode is invalid: it must not have characters that cannot be seen.",
	),
	"clientId": (
		"\x7fid",
		"Parameter clientId is invalid: it must not have characters that cannot be seen.",
	),
}


@pytest.mark.parametrize("member", ODD)
def test_a_text_of_blanks_or_with_unseen_characters_is_400(connector, merchant_shop, member):
	value, sentence = ODD[member]
	names = ["app_install", "shopify_token", "shopify_onboarding"]
	calls = {name: CALLS[name](merchant_shop) for name in names}
	takers = [name for name, good in calls.items() if member in good]
	assert takers
	for name in takers:
		body = issue(connector.request("POST", path_of(name), json={**calls[name], member: value}), 400)
		assert body["detail"] == f"Bad request. Unable to process request. {sentence}"


@pytest.mark.parametrize("value", ["West\u202e", "می\u200cخواهم", "W\u200best", "West\u2028x"])
@pytest.mark.parametrize("member", ["companyCode", "clientId", "division", "department"])
def test_what_identifies_something_has_no_characters_that_cannot_be_seen(
	connector, merchant_shop, member, value
):
	good = CALLS["shopify_onboarding"](merchant_shop)
	answer = connector.request("POST", path_of("shopify_onboarding"), json={**good, member: value})
	assert issue(answer, 400)["detail"].endswith(
		f"Parameter {member} is invalid: it must not have characters that cannot be seen."
	)


def test_a_bearer_whose_body_cannot_be_read_keeps_no_room(complete_shop, identity, site):
	"""MedGrid asks the identity server when Frappe has given the request up."""
	asked = len(identity.received())
	headers = {"Content-Type": "application/json"}
	answer = complete_shop.bearer().request("POST", path_of("issues"), data=b"{", headers=headers)
	assert issue(answer, 400)["relatedTo"] == complete_shop.domain
	assert len(identity.received()) > asked
	assert site.cache.zcard(outgoing._Slot(None).keys[0]) == 0


@pytest.mark.parametrize("query", ["shop=a&shop=b", "x=1&shop=a&x=2", "limit_start=0&limit_start=0"])
@pytest.mark.parametrize("name", ["shopify_onboarding", "issues", "data_volume"])
def test_a_parameter_that_is_there_twice_is_400(anonymous, connector, vertex_app, name, query):
	path = f"{path_of(name)}?{query}"
	body = issue(connector.request("GET", path), 400)
	assert body["detail"].startswith(MALFORMED)
	assert body["detail"].endswith("must be there once.")
	issue(anonymous.request("GET", path), 401)


DOORS = {
	"method": "/api/method/medgrid.vertex.{name}",
	"v1": "/api/v1/method/medgrid.vertex.{name}",
	"v2": "/api/v2/method/medgrid.vertex.{name}",
	"cmd": "/",
	"cmd below api": "/api/method/ping",
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_answers_with_the_issue(anonymous, connector, merchant_shop, door):
	def send(caller, verb, name, **values):
		command = {"cmd": f"medgrid.vertex.{name}"} if door.startswith("cmd") else {}
		return caller.request(verb, DOORS[door].format(name=name), json={**values, **command})

	issue(send(anonymous, "POST", "app_install"), 401)
	issue(send(anonymous, "PUT", "app_install"), 501)
	issue(send(anonymous, "POST", "nothing"), 404)
	missing = issue(send(connector, "POST", "app_install"), 400)
	assert missing["detail"].startswith("Bad request. Unable to process request. Parameter hmac is missing.")
	unknown = issue(send(connector, "POST", "api_credentials", shop=SHOP), 404)
	assert unknown["relatedTo"] == SHOP
	issue(send(connector, "POST", "health"), 403)


def test_a_command_in_the_query_is_one_too(anonymous, connector, vertex_app):
	for path in ("/", "/api/method/ping"):
		issue(anonymous.request("GET", path, params={"cmd": "medgrid.vertex.health"}), 401)
		issue(connector.request("GET", path, params={"cmd": "medgrid.vertex.health"}), 403)
		issue(connector.request("GET", path, params={"cmd": "medgrid.vertex.app_install"}), 501)


@pytest.mark.parametrize("command", ["frappe.ping", "nothing", "medgrid.vertex.health", "", "\0", 5, ["x"]])
@pytest.mark.parametrize("version", ["", "v1/", "v2/"])
def test_at_an_operations_own_address_a_command_is_an_unknown_member(
	anonymous, connector, complete_shop, version, command
):
	path = f"/api/{version}method/medgrid.vertex.issues"
	issue(anonymous.request("POST", path, json={"cmd": command}), 401)
	answer = connector.request("POST", path, json={"cmd": command, "shop": complete_shop.domain})
	assert answer.json() == {"message": []} or answer.json() == {"data": []}, answer.text
	wrong = connector.request("POST", path, json={"cmd": command, "shop": "not a shop"})
	assert issue(wrong, 400)["type"] == "issues"


def test_a_browser_gets_the_issue_too(environment, vertex_app):
	browser = Caller(environment)
	browser.session.headers["Accept"] = "text/html,application/xhtml+xml"
	issue(browser.request("GET", path_of("health")), 401)
	issue(browser.request("GET", path_of("nothing")), 404)


@pytest.mark.parametrize("name", ["app_open", "app_callback"])
def test_a_page_says_in_words_what_is_wrong(environment, vertex_app, name):
	query, _hmac = signed(shop=SHOP, code="c", state="s")
	caller = Caller(environment)
	body = issue(caller.request("GET", f"{path_of(name)}?{query}&hmac=00"), 403)
	assert body["detail"].endswith("HMAC verification failed.")
	answer = caller.request("GET", f"{path_of(name)}?{query}&hmac=00", headers={"Accept": "text/html"})
	assert answer.status_code == 403
	assert answer.headers["Content-Type"].startswith("text/html")
	assert "HMAC verification failed." in answer.text
	assert APP_SECRET not in answer.text


def test_who_is_meant_is_named(environment, anonymous, connector, manager, complete_shop, identity):
	domain = complete_shop.domain
	named = issue(connector.post("medgrid.vertex.app_install", shop=domain.upper()), 400)
	assert named["relatedTo"] == domain
	assert issue(connector.post("medgrid.vertex.health", shop="no shop!"), 403)["relatedTo"] == (
		"mgt.vertex.connector@example.com"
	)
	username, password = complete_shop.basic()
	merchant = with_basic(environment, username, password)
	assert issue(merchant.post("medgrid.vertex.health"), 403)["relatedTo"] == username
	assert issue(complete_shop.bearer().post("medgrid.vertex.health"), 403)["relatedTo"] == domain
	assert issue(anonymous.post("medgrid.vertex.health"), 401)["relatedTo"] == "Guest"


def test_a_fault_of_ours_names_its_class_and_the_error_log_names_the_issue(site, manager, vertex_app):
	delete_rows(("Integration Issue", {"integration": "vertex"}))
	body = faulty_call(manager, site)
	assert body["title"] == "Internal Server Error"
	assert re.fullmatch(r"Server encountered an unexpected condition\. Stacktrace - \w+", body["detail"])
	site.db.rollback()
	stored = site.get_doc("Integration Issue", body["id"])
	assert (stored.integration, stored.issue_type, stored.version) == ("vertex", "data_volume", "v1")
	assert (stored.status, stored.who_acts) == (500, "Administrator")
	log = site.get_all("Error Log", {"error": ("like", f"%{body['id']}%")}, ["name", "error"])
	assert len(log) == 1
	assert faulty_call(manager, site)["id"] == body["id"]
	site.db.rollback()
	assert site.db.get_value("Integration Issue", body["id"], "attempts") == 2


def faulty_call(manager, site):
	site.db.sql_ddl("RENAME TABLE `tabVertex Data Volume` TO `tabVertex Data Volume Away`")
	try:
		return issue(manager.get("medgrid.vertex.data_volume"), 500)
	finally:
		site.db.sql_ddl("RENAME TABLE `tabVertex Data Volume Away` TO `tabVertex Data Volume`")


def test_what_only_the_caller_did_wrong_is_not_stored(site, connector, vertex_app):
	before = site.db.count("Integration Issue")
	for name in CALLS:
		connector.post(f"medgrid.vertex.{name}")
	connector.post("medgrid.vertex.nothing")
	site.db.rollback()
	assert site.db.count("Integration Issue") == before


def test_the_rest_of_medgrid_keeps_its_own_errors(anonymous, connector):
	answer = anonymous.get("medgrid.account.api_access")
	assert answer.status_code == 401
	assert sorted(answer.json()) == ["_server_messages", "exc_type", "exception"]
	assert connector.get("medgrid.nothing").status_code == 404
