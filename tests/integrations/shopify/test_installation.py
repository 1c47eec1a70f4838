"""A vendor connects a shop, over HTTP against the simulated Shopify.

Contract: "shopify_start_install", "shopify_callback", "Integration-Specific Error Codes" (Shopify OAuth).
"""

import base64
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote, urlsplit

import frappe
import pytest
from frappe.utils import cint

from medgrid.clients.shopify.oauth.states import SECONDS
from medgrid.clients.shopify.signatures import query_signatures
from tests.support import limits, people
from tests.support.http import error, message
from tests.support.shops import (
	CALLBACK,
	CLIENT_ID,
	CLIENT_SECRET,
	SCOPES,
	make_shop,
	set_up_app,
	states,
)

EXPIRED = "OAuth state expired or invalid. Start the installation again."
FORGED = "HMAC verification failed."


def signed(secret: str = CLIENT_SECRET, **values: str) -> str:
	query = "&".join(f"{name}={quote(value)}" for name, value in values.items())
	return f"{CALLBACK}?{query}&hmac={query_signatures(query, secret)[0]}"


# start


@pytest.mark.parametrize(
	"written",
	[
		"{}",
		"{}.myshopify.com",
		"  {}.MYSHOPIFY.com ",
		"https://{}.myshopify.com/",
		"HTTPS://{}.myshopify.com",
	],
)
def test_however_the_domain_is_written_it_is_that_shop(shop, written):
	handle = shop.domain.partition(".")[0]
	answer = shop.start(written.format(handle))
	assert list(answer) == ["ok", "authorize_url", "state"]
	assert answer["ok"] is True
	url, query = urlsplit(answer["authorize_url"]), parse_qs(urlsplit(answer["authorize_url"]).query)
	assert url.path.endswith(f"{shop.domain}/admin/oauth/authorize")
	assert query["client_id"] == [CLIENT_ID]
	assert query["scope"] == [SCOPES]
	assert query["state"] == [answer["state"]]
	assert urlsplit(query["redirect_uri"][0]).path == CALLBACK


@pytest.mark.parametrize(
	"written",
	[
		"shop.example.com",
		"shop.myshopify.com.evil.example",
		"evil.example/shop.myshopify.com",
		"shop.myshopify.com@evil.example",
		"-shop.myshopify.com",
		"sh op.myshopify.com",
		"shöp.myshopify.com",
		"shop.myshopify.com/admin",
		"shop.myshopify.com\nX: y",
		".myshopify.com",
		"javascript:alert(1)",
	],
)
def test_a_domain_that_names_no_shop_is_400(shop, written):
	answer = shop.caller.post("medgrid.integrations.shopify_start_install", shop_domain=written)
	assert ".myshopify.com" in error(answer, 400, "ValidationError")


@pytest.mark.parametrize("written", ["", "   ", None])
def test_a_missing_domain_is_400_and_named(shop, written):
	answer = shop.caller.post("medgrid.integrations.shopify_start_install", shop_domain=written)
	assert "shop_domain" in error(answer, 400, "ValidationError")


@pytest.mark.parametrize("setting", ["client_id", "client_secret"])
def test_without_the_app_417_says_whom_the_vendor_asks(shop, setting):
	set_up_app(shop.control, **{setting: None})
	answer = shop.caller.post("medgrid.integrations.shopify_start_install", shop_domain=shop.domain)
	sentence = error(answer, 417, "ValidationError")
	assert sentence == "Connecting a Shopify store is not set up yet. Ask MedGrid to set up its Shopify app."


def test_a_guest_cannot_start(anonymous):
	answer = anonymous.post("medgrid.integrations.shopify_start_install", shop_domain="your-store")
	error(answer, 401, "AuthenticationError")


def test_a_nonce_has_more_than_128_bits_and_is_never_the_same(shop):
	states = {shop.start()["state"] for _number in range(5)}
	assert len(states) == 5
	assert all(len(base64.urlsafe_b64decode(state + "==")) >= 16 for state in states)


def test_a_nonce_lives_ten_minutes_and_redis_knows_only_its_hash(shop):
	state = shop.start()["state"]
	assert SECONDS == 600
	assert 590 < frappe.cache.ttl(states().key_of(state)) <= 600
	assert state not in states().key_of(state)


# callback


def test_an_approved_shop_is_connected(shop):
	answer = shop.callback(shop.approve())
	assert message(answer) == {
		"ok": True,
		"shop": shop.domain,
		"redirect": "/portal/integrations?shopify=connected",
	}
	entry = shop.entry()
	assert (entry["status"], entry["has_credentials"]) == ("connected", True)
	assert entry["credential_keys"] == ["access_token"]
	assert shop.test() == {"ok": True, "error": None}


def test_a_browser_is_sent_to_the_portal(shop):
	answer = shop.browser().open(shop.approve())
	assert answer.status_code == 302
	assert answer.headers["Location"].endswith("/portal/integrations?shopify=connected")
	assert shop.entry()["status"] == "connected"


def test_the_token_is_stored_encrypted_and_shown_nowhere(shop, manager):
	shop.connect()
	token = shop.token()
	assert token.startswith("shpat_")
	assert token not in shop.caller.get("medgrid.integrations.list_connections").text
	name = shop.connection().name
	assert token not in manager.request("GET", f"/api/resource/Vendor Connection/{name}").text
	stored = frappe.db.sql("select * from `tabVendor Connection` where name = %s", name)
	assert token not in str(stored)


def test_a_callback_for_no_shop_is_refused_first_of_all(shop):
	answer = shop.callback(signed(shop="evil.example", state="x", code="y", secret="wrong"))
	assert "domain" in error(answer, 400, "ValidationError")


@pytest.mark.parametrize(
	"forge",
	[
		lambda path: path.replace("code=", "code=0"),
		lambda path: path.replace("hmac=", "hmac=0"),
		lambda path: path + "&extra=1",
		lambda path: path.replace("hmac=", "mac="),
		lambda path: path + "&hmac=00",
		lambda path: path.replace("state=", "state=A"),
	],
)
def test_a_forged_callback_changes_nothing_and_the_real_one_still_works(shop, forge):
	real = shop.approve()
	answer = shop.callback(forge(real))
	assert error(answer, 400, "ValidationError") == FORGED
	assert shop.entry()["status"] == "not_connected"
	assert message(shop.callback(real))["ok"] is True


def test_a_callback_signed_with_another_secret_is_refused(shop):
	state = shop.start()["state"]
	answer = shop.callback(signed("another secret", shop=shop.domain, state=state, code="c"))
	assert error(answer, 400, "ValidationError") == FORGED


def test_a_forged_callback_of_a_browser_ends_on_the_portal_with_the_reason(shop):
	answer = shop.browser().open(shop.approve() + "&extra=1")
	assert answer.status_code == 302
	assert answer.headers["Location"].endswith("/portal/integrations?shopify=error&reason=hmac")


def test_a_callback_works_once(shop):
	path = shop.approve()
	assert message(shop.callback(path))["ok"] is True
	token = shop.token()
	assert error(shop.callback(path), 400, "ValidationError") == EXPIRED
	assert shop.token() == token


def test_of_two_callbacks_at_once_one_is_served(shop):
	path = shop.approve()
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda _number: shop.callback(path), range(2)))
	assert sorted(answer.status_code for answer in answers) == [200, 400]
	assert shop.entry()["status"] == "connected"


def test_an_expired_state_is_refused(shop):
	path = shop.approve()
	state = parse_qs(urlsplit(path).query)["state"][0]
	frappe.cache.delete(states().key_of(state))
	assert error(shop.callback(path), 400, "ValidationError") == EXPIRED


def test_a_state_of_another_shop_is_refused_and_used_up(shop, anonymous):
	other = make_shop(shop.vendor, shop.control, anonymous)
	state = shop.start()["state"]
	answer = shop.callback(signed(shop=other.domain, state=state, code="c"))
	assert error(answer, 400, "ValidationError") == EXPIRED
	answer = shop.callback(signed(shop=shop.domain, state=state, code="c"))
	assert error(answer, 400, "ValidationError") == EXPIRED
	assert cint(shop.entry()["has_credentials"]) == 0


def test_a_state_of_another_purpose_is_refused(shop):
	state = states().issue(purpose="exoceuticals", shop=shop.domain, user=shop.user.email)
	answer = shop.callback(signed(shop=shop.domain, state=state, code="c"))
	assert error(answer, 400, "ValidationError") == EXPIRED


def test_another_users_browser_cannot_finish_what_this_one_began(shop, other_vendor):
	path = shop.approve()
	answer = other_vendor.caller.request("GET", path, allow_redirects=False)
	assert error(answer, 400, "ValidationError") == EXPIRED
	assert shop.entry()["status"] == "not_connected"


def test_who_may_not_sign_in_any_more_cannot_finish(shop):
	path = shop.approve()
	try:
		people.change(shop.user.email, enabled=0)
		assert "is disabled" in error(shop.callback(path), 417, "ValidationError")
	finally:
		people.change(shop.user.email, enabled=1)
	assert not exchanged(shop)
	assert shop.entry()["has_credentials"] is False


def test_the_vendors_own_browser_can(shop):
	answer = shop.caller.request("GET", shop.approve(), allow_redirects=False)
	assert message(answer)["ok"] is True


def refusal(answer):
	"""The callback's own body when Shopify or the merchant has refused."""
	assert answer.status_code == 417, answer.text
	assert list(answer.json()) == ["message"]
	return answer.json()["message"]


def test_a_merchant_who_says_no_changes_nothing(shop):
	from tests.support.shops import path_of

	path = path_of(shop.control.deny(shop.start()["authorize_url"]))
	answer = refusal(shop.callback(path))
	assert answer == {
		"ok": False,
		"error": "The connection was not approved in Shopify.",
		"status": "error",
	}
	assert shop.entry()["status"] == "not_connected"


def test_a_browser_of_a_merchant_who_says_no_is_told_so(shop):
	from tests.support.shops import path_of

	path = path_of(shop.control.deny(shop.start()["authorize_url"]))
	answer = shop.browser().open(path)
	assert answer.headers["Location"].endswith("?shopify=error&reason=denied")


def test_fewer_scopes_than_asked_for_are_refused_and_nothing_is_stored(shop):
	url = shop.start()["authorize_url"].replace("read_products%2C", "")
	from tests.support.shops import path_of

	answer = refusal(shop.callback(path_of(shop.control.approve(url))))
	assert answer["ok"] is False
	assert "read_products" in answer["error"]
	assert shop.entry()["has_credentials"] is False


def test_parameters_that_shopify_adds_one_day_are_signed_too(shop):
	shop.control.extra_parameters(CLIENT_ID, session="a&b=c d%ü", locale="de")
	assert message(shop.callback(shop.approve()))["ok"] is True


@pytest.mark.parametrize(
	("kind", "options"), [("status", {"status": 500}), ("malformed", {}), ("drop_after", {})]
)
def test_a_code_exchange_that_fails_stores_nothing(shop, kind, options):
	path = shop.approve()
	shop.control.fault(kind, path="*/access_token", **options)
	answer = refusal(shop.callback(path))
	assert answer["ok"] is False
	assert answer["error"].startswith("Shopify")
	assert shop.entry()["has_credentials"] is False


def test_a_wrong_client_secret_is_found_out_by_the_hmac(shop):
	set_up_app(shop.control, client_secret="old secret")
	assert error(shop.callback(shop.approve()), 400, "ValidationError") == FORGED


def test_reconnecting_replaces_the_token_and_keeps_one_connection(shop):
	shop.connect()
	first, name = shop.token(), shop.connection().name
	shop.connect()
	assert shop.token() != first
	assert shop.connection().name == name


def test_the_callback_is_limited_for_one_address(shop):
	limits.use_up("shopify_callback", 300)
	try:
		error(shop.callback(f"{CALLBACK}?shop=x"), 429, "RateLimitExceededError")
	finally:
		limits.lift()


def test_disconnecting_forgets_the_tokens(connected_shop):
	answer = connected_shop.caller.post("medgrid.integrations.disconnect", integration_type="shopify")
	assert message(answer) == {"ok": True, "integration": "shopify"}
	assert connected_shop.token() is None
	assert connected_shop.token("refresh_token") is None
	entry = connected_shop.entry()
	assert (entry["status"], entry["has_credentials"]) == ("not_connected", False)
	assert connected_shop.connection().shop is None


@pytest.mark.parametrize(
	("spoil", "reason"),
	[
		(lambda path: path.replace("shop=mgt", "shop=-mgt"), "shop"),
		(lambda path: path + "&x=1", "hmac"),
	],
)
def test_a_browser_hears_which_check_failed_and_no_code_is_exchanged(shop, spoil, reason):
	answer = shop.browser().open(spoil(shop.approve()))
	assert answer.headers["Location"].endswith(f"?shopify=error&reason={reason}")
	assert not exchanged(shop)


def test_a_used_state_sends_the_browser_back_and_no_code_is_exchanged_twice(shop):
	path = shop.approve()
	shop.browser().open(path)
	answer = shop.browser().open(path)
	assert answer.headers["Location"].endswith("?shopify=error&reason=state")
	assert len(exchanged(shop)) == 1


def test_a_failed_exchange_sends_the_browser_back(shop):
	path = shop.approve()
	shop.control.fault("status", status=500, path="*/access_token")
	answer = shop.browser().open(path)
	assert answer.headers["Location"].endswith("?shopify=error&reason=failed")


def test_without_the_app_the_callback_is_417(shop):
	path = shop.approve()
	set_up_app(shop.control, client_id=None)
	assert "is not set up yet" in error(shop.callback(path), 417, "ValidationError")


def test_the_least_scopes_are_asked_for_unless_the_settings_say_otherwise(shop):
	set_up_app(shop.control, scopes=None)
	assert "scope=read_products%2Cread_inventory&" in shop.start()["authorize_url"]


def test_the_connection_is_the_vendors_own_record(connected_shop):
	assert connected_shop.connection().owner == connected_shop.user.email


def exchanged(shop) -> list[dict]:
	return [entry for entry in shop.control.received(shop.domain) if "access_token" in entry["path"]]
