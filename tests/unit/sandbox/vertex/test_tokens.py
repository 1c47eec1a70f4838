"""The three token endpoints, the limit of tokens, and how long a token is good."""

import base64

import pytest
import requests

from tests.support.vertex import CHICAGO, CLIENTS, goods, sale

LIMIT = "Client {} audience verx://migration-api has exceeded the rate limit of 10 tokens/28800 seconds"
REQUEST = sale(CHICAGO, goods(57.0))


@pytest.mark.parametrize(
	("kind", "changes", "seconds"),
	[
		("cloud", {}, 3600),
		("cloud", {"scope": "calc-rest-api"}, 3600),
		("cloud_legacy", {"audience": None, "scope": "calc-rest-api"}, 1200),
		("on_demand", {"audience": None}, 1200),
	],
)
def test_each_kind_of_client_has_its_endpoint(caller, kind, changes, seconds):
	answer = caller.ask_for_token(kind, **changes)
	assert answer.status_code == 200
	content = answer.json()
	assert (content["token_type"], content["expires_in"]) == ("Bearer", seconds)
	assert len(content["access_token"]) > 900
	caller.session.headers["Authorization"] = f"Bearer {content['access_token']}"
	assert caller.supplies(REQUEST).status_code == 200


REFUSED = {
	"cloud": (401, {"error": "access_denied", "error_description": "Unauthorized"}),
	"cloud_legacy": (400, {"error": "invalid_client"}),
	"on_demand": (401, {"error": "access_denied", "error_description": "Unauthorized"}),
}


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize(
	"changes",
	[
		{"client_id": "nobody"},
		{"client_id": None},
		{"client_secret": "wrong"},
		{"client_secret": None},
		{"client_secret": ""},
	],
)
def test_an_unknown_client_is_refused_in_the_endpoints_own_way(caller, kind, changes):
	answer = caller.ask_for_token(kind, **changes)
	assert (answer.status_code, answer.json()) == REFUSED[kind]


@pytest.mark.parametrize(
	("kind", "path", "refused"),
	[
		("cloud", "/identity/connect/token", "cloud_legacy"),
		("cloud", "/oseries-auth/oauth/token", "on_demand"),
		("cloud_legacy", "/oauth/token", "cloud"),
		("on_demand", "/oauth/token", "cloud"),
	],
)
def test_an_endpoint_knows_its_own_clients_only(caller, kind, path, refused):
	answer = caller.ask_for_token(kind, path=path)
	assert (answer.status_code, answer.json()) == REFUSED[refused]


@pytest.mark.parametrize("audience", [None, "", "verx://other"])
def test_the_cloud_wants_its_audience(caller, audience):
	answer = caller.ask_for_token(audience=audience)
	assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


def test_another_grant_is_refused(caller):
	answer = caller.ask_for_token(grant_type="password")
	assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("path", ["/oauth/token", "/identity/connect/token", "/oseries-auth/oauth/token"])
def test_only_forms_are_taken(caller, path):
	answer = caller.session.post(f"{caller.url}{path}", json={"grant_type": "client_credentials"}, timeout=5)
	assert answer.status_code == 415


def test_credentials_may_come_in_the_header(caller):
	client = base64.b64encode(":".join(CLIENTS["on_demand"]).encode()).decode()
	answer = requests.post(
		f"{caller.url}/oseries-auth/oauth/token",
		data={"grant_type": "client_credentials"},
		headers={"Authorization": f"Basic {client}"},
		timeout=5,
	)
	assert answer.status_code == 200
	for header in ("Basic !", "Basic " + base64.b64encode(b"\xff").decode()):
		answer = caller.ask_for_token("on_demand", client_id=None)
		answer = requests.post(
			f"{caller.url}/oseries-auth/oauth/token",
			data={"grant_type": "client_credentials"},
			headers={"Authorization": header},
			timeout=5,
		)
		assert answer.status_code == 401


def test_the_cloud_issues_ten_tokens_in_eight_hours(caller, control):
	client_id, _secret = CLIENTS["cloud"]
	control.set_clock("2026-11-25T00:00:00Z")
	assert [caller.ask_for_token().status_code for _number in range(10)] == [200] * 10
	answer = caller.ask_for_token()
	assert answer.status_code == 400
	assert answer.json() == {"error": "invalid_request", "error_description": LIMIT.format(client_id)}
	control.set_clock("2026-11-25T07:59:00Z")
	assert caller.ask_for_token().status_code == 400
	control.set_clock("2026-11-25T08:00:10Z")
	assert caller.ask_for_token().status_code == 200


def test_the_window_slides(caller, control):
	control.set_token_limit(2, window_seconds=100)
	control.set_clock("2026-11-25T00:00:00Z")
	assert caller.ask_for_token().status_code == 200
	control.advance_clock(60)
	assert caller.ask_for_token().status_code == 200
	control.advance_clock(30)
	refused = caller.ask_for_token()
	assert "has exceeded the rate limit of 2 tokens/100 seconds" in refused.json()["error_description"]
	control.advance_clock(20)
	# The first one is 110 seconds old, the second one 50.
	assert [caller.ask_for_token().status_code for _number in range(2)] == [200, 400]


def test_refusals_do_not_count_and_other_clients_are_not_limited(caller, control):
	control.set_token_limit(1)
	control.add_client("other", "other-secret")
	assert caller.ask_for_token(client_secret="wrong").status_code == 401
	assert caller.ask_for_token(audience=None).status_code == 403
	assert [caller.ask_for_token().status_code for _number in range(2)] == [200, 400]
	assert caller.ask_for_token(client_id="other", client_secret="other-secret").status_code == 200


@pytest.mark.parametrize("kind", ["cloud_legacy", "on_demand"])
def test_only_the_clouds_own_provider_has_a_limit(caller, control, kind):
	control.set_token_limit(1)
	assert [caller.ask_for_token(kind).status_code for _number in range(3)] == [200] * 3


def test_token_requests_are_listed(caller, control):
	client_id, _secret = CLIENTS["cloud"]
	control.set_token_limit(1)
	caller.ask_for_token()
	caller.ask_for_token()
	caller.ask_for_token("on_demand")
	listed = control.token_requests(client_id)
	assert [(entry["path"], entry["issued"]) for entry in listed] == [
		("/oauth/token", True),
		("/oauth/token", False),
	]


def _is_refused(caller) -> bool:
	answer = caller.supplies(REQUEST)
	if answer.status_code == 200:
		return False
	[error] = answer.json()["errors"]
	assert (answer.status_code, set(error)) == (401, {"code", "message"})
	assert answer.json()["meta"]["app"] == "Vertex REST API v2.0.0"
	return True


@pytest.mark.parametrize(
	"header", ["", "Bearer ", "Bearer foreign", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic YTpi", "Token x"]
)
def test_no_token_and_a_foreign_one_are_401(caller, header):
	caller.session.headers["Authorization"] = header
	assert _is_refused(caller)


@pytest.mark.parametrize(
	("method", "path"),
	[
		("POST", "supplies"),
		("GET", "transaction-exists/a"),
		("DELETE", "transactions/a"),
		("POST", "transactions/a/reversal"),
	],
)
def test_every_call_needs_a_token(caller, method, path):
	caller.session.headers["Authorization"] = "Bearer foreign"
	assert caller.call(method, path).status_code == 401


def test_a_token_ends_after_its_life(caller, control):
	control.set_token_life(60)
	caller.sign_in()
	assert not _is_refused(caller)
	control.advance_clock(59)
	assert not _is_refused(caller)
	control.advance_clock(2)
	assert _is_refused(caller)


def test_the_life_of_one_kinds_tokens_can_be_set(caller, control):
	control.set_token_life(7, "on_demand")
	assert caller.ask_for_token("on_demand").json()["expires_in"] == 7
	assert caller.ask_for_token("cloud").json()["expires_in"] == 3600


def test_tokens_can_be_forgotten_and_are_not_after_a_new_one(caller, control):
	caller.sign_in()
	control.forget_tokens()
	assert _is_refused(caller)
	caller.sign_in()
	assert not _is_refused(caller)


def test_new_credentials_end_what_the_old_ones_could_do(caller, control):
	client_id, _secret = CLIENTS["cloud"]
	control.add_client(client_id, "rotated")
	assert caller.ask_for_token().status_code == 401
	assert caller.ask_for_token(client_secret="rotated").status_code == 200
