"""An administrator connects the store, over HTTP against the simulated Shopify.

Contract: "oauth_install_url", "oauth_callback", "Integration-Specific Error Codes" (Shopify OAuth).
"""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote, urlsplit

import frappe
import pytest

from medgrid.clients.shopify.signatures import query_signatures, sign_body
from tests.support import limits, people, store_webhooks
from tests.support.http import Browser, Caller, error, message
from tests.support.shops import path_of, states
from tests.support.store import CLIENT_ID, CLIENT_SECRET, SCOPES, configured

START = "medgrid.exoceuticals.oauth_install_url"
CALLBACK = "/api/method/medgrid.exoceuticals.oauth_callback"
EXPIRED = "OAuth state expired or invalid. Start the installation again."
FORGED = "HMAC verification failed."


def start(store, **parameters) -> dict:
	return message(store.caller.get(START, **parameters))


def approve(store, **parameters) -> str:
	"""The callback's path and query, as Shopify redirects the administrator's browser to it."""
	return path_of(store.control.approve(start(store, **parameters)["install_url"]))


def browser_of(store) -> Browser:
	"""The administrator's own, signed in."""
	return Browser(store.caller.environment, store.caller.user)


def call_back(anonymous, path, **options):
	return anonymous.request("GET", path, allow_redirects=False, **options)


def refusal(answer, status) -> str:
	"""The message of the contract's error body, which has nothing around it."""
	assert answer.status_code == status, answer.text
	body = answer.json()
	assert list(body) == ["status", "message"], body
	assert body["status"] == "error"
	return body["message"]


def signed(secret: str = CLIENT_SECRET, **values: str) -> str:
	query = "&".join(f"{name}={quote(value)}" for name, value in values.items())
	return f"{CALLBACK}?{query}&hmac={query_signatures(query, secret)[0]}"


# oauth_install_url


def test_the_install_url_has_exactly_the_contracts_keys(store):
	answer = start(store)
	assert list(answer) == ["install_url", "shop", "redirect_uri"]
	assert answer["shop"] == store.domain
	assert urlsplit(answer["redirect_uri"]).path == CALLBACK
	url, query = urlsplit(answer["install_url"]), parse_qs(urlsplit(answer["install_url"]).query)
	assert url.path.endswith(f"{store.domain}/admin/oauth/authorize")
	assert query["client_id"] == [CLIENT_ID]
	assert query["scope"] == [SCOPES]
	assert query["redirect_uri"] == [answer["redirect_uri"]]
	assert len(query["state"][0]) >= 22


@pytest.mark.parametrize(
	"written", ["mgt-other", "MGT-Other.myshopify.com", "https://mgt-other.myshopify.com/"]
)
def test_another_shop_can_be_named(store, written):
	assert start(store, shop=written)["shop"] == "mgt-other.myshopify.com"


def test_a_named_shop_needs_none_in_the_settings(store):
	store.configure(shop_domain=None)
	assert start(store, shop=store.domain)["shop"] == store.domain


def test_a_blank_shop_is_the_one_in_the_settings(store):
	assert start(store, shop="")["shop"] == store.domain


def test_what_is_no_shop_is_400(store):
	answer = store.caller.get(START, shop="shop.example.com")
	assert ".myshopify.com" in error(answer, 400, "ValidationError")


@pytest.mark.parametrize("setting", ["shop_domain", "client_id", "client_secret"])
def test_a_missing_setting_is_417_and_named(store, setting):
	store.configure(**{setting: None})
	sentence = error(store.caller.get(START), 417, "ValidationError")
	assert f"exoceuticals_{setting}" in sentence
	assert "System Settings" in sentence


def test_only_a_system_manager_can_start(store, sales_rep, customer, anonymous):
	error(sales_rep.get(START), 403, "PermissionError")
	error(customer.get(START), 403, "PermissionError")
	error(anonymous.get(START), 401, "AuthenticationError")


def test_it_is_a_read(store):
	assert store.caller.request("PUT", f"/api/method/{START}").status_code == 405


# oauth_callback


def test_an_approved_store_is_connected_with_the_contracts_body(store, anonymous):
	answer = call_back(anonymous, approve(store))
	assert answer.status_code == 200
	assert answer.json() == {
		"status": "success",
		"shop": store.domain,
		"scope": SCOPES,
		"message": "Exoceuticals connected. You can close this tab.",
	}
	assert list(answer.json()) == ["status", "shop", "scope", "message"]
	assert configured()["api_token"].startswith("shpat_")
	assert store.sync_catalog()["status"] == "ok"


def test_the_token_is_encrypted_and_shown_to_nobody(store, anonymous):
	call_back(anonymous, approve(store))
	token = configured()["api_token"]
	stored = frappe.db.sql("select value from tabSingles where doctype = 'System Settings'")
	assert token not in str(stored)
	assert token not in store.caller.request("GET", "/api/resource/System Settings/System Settings").text
	assert token not in str(frappe.db.sql("select defvalue from tabDefaultValue"))


def test_who_connected_which_store_is_on_record(store, anonymous):
	call_back(anonymous, approve(store))
	frappe.db.rollback()
	filters = {"subject": f"Exoceuticals connected: {store.domain}"}
	assert frappe.get_all("Activity Log", filters=filters, pluck="user") == [store.caller.user.email]


def test_another_shop_replaces_the_domain_and_forgets_the_location(store, anonymous):
	store.control.add_shop("mgt-moved.myshopify.com")
	call_back(anonymous, approve(store, shop="mgt-moved"))
	assert configured()["shop_domain"] == "mgt-moved.myshopify.com"
	assert configured()["location_id"] is None
	frappe.db.rollback()
	filters = {"subject": f"Exoceuticals connected: mgt-moved.myshopify.com instead of {store.domain}"}
	assert frappe.db.count("Activity Log", filters) == 1


def test_connecting_the_same_shop_again_keeps_the_location_and_replaces_the_token(store, anonymous):
	call_back(anonymous, approve(store))
	first = configured()["api_token"]
	call_back(anonymous, approve(store))
	assert configured()["api_token"] != first
	assert configured()["location_id"] == store.location


@pytest.mark.parametrize(
	"forge",
	[
		lambda path: path.replace("code=", "code=0"),
		lambda path: path.replace("hmac=", "hmac=0"),
		lambda path: path.replace("hmac=", "mac="),
		lambda path: path + "&extra=1",
		lambda path: path + "&hmac=00",
		lambda path: path.replace("state=", "state=A"),
	],
)
def test_a_forged_callback_changes_nothing_and_the_real_one_still_works(store, anonymous, forge):
	real = approve(store)
	assert refusal(call_back(anonymous, forge(real)), 400) == FORGED
	assert configured()["api_token"] is None
	assert call_back(anonymous, real).status_code == 200


def test_a_callback_for_no_shop_is_refused(store, anonymous):
	answer = call_back(anonymous, signed(shop="evil.example", state="x", code="y"))
	assert "domain" in refusal(answer, 400)


def test_a_callback_works_once(store, anonymous):
	path = approve(store)
	assert call_back(anonymous, path).status_code == 200
	token = configured()["api_token"]
	assert refusal(call_back(anonymous, path), 400) == EXPIRED
	assert configured()["api_token"] == token


def test_of_two_callbacks_at_once_one_is_served(store, anonymous):
	path = approve(store)
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda _number: call_back(anonymous, path), range(2)))
	assert sorted(answer.status_code for answer in answers) == [200, 400]


def test_an_expired_state_is_refused(store, anonymous):
	path = approve(store)
	frappe.cache.delete(states().key_of(parse_qs(urlsplit(path).query)["state"][0]))
	assert refusal(call_back(anonymous, path), 400) == EXPIRED


def test_a_state_of_another_shop_or_purpose_is_refused(store, anonymous):
	user = store.caller.user.email
	for purpose, shop in (("exoceuticals", "mgt-other.myshopify.com"), ("vendor", store.domain)):
		state = states().issue(purpose=purpose, shop=shop, user=user)
		answer = call_back(anonymous, signed(shop=store.domain, state=state, code="c"))
		assert refusal(answer, 400) == EXPIRED
	assert configured()["api_token"] is None


def test_another_users_browser_cannot_finish_what_this_one_began(store, sales_rep):
	answer = sales_rep.request("GET", approve(store), allow_redirects=False)
	assert refusal(answer, 400) == EXPIRED
	assert configured()["api_token"] is None


def test_whoever_lost_the_role_meanwhile_cannot_finish(store, environment, anonymous):
	person = people.person("mgt.former@example.com", "System Manager")
	begun = message(Caller(environment, person).get(START))
	path = path_of(store.control.approve(begun["install_url"]))
	people.lock(person.email)
	frappe.get_doc("User", person.email).remove_roles("System Manager")
	frappe.db.commit()
	assert "no longer permitted to connect the store" in refusal(call_back(anonymous, path), 403)
	assert configured()["api_token"] is None


def test_a_merchant_who_says_no_changes_nothing(store, anonymous):
	path = path_of(store.control.deny(start(store)["install_url"]))
	answer = call_back(anonymous, path)
	assert refusal(answer, 417) == "The connection was not approved in Shopify."
	assert configured()["api_token"] is None


def test_fewer_scopes_than_asked_for_are_refused_and_nothing_is_stored(store, anonymous):
	url = start(store)["install_url"].replace("%2Cwrite_orders", "")
	answer = call_back(anonymous, path_of(store.control.approve(url)))
	assert "write_orders" in refusal(answer, 417)
	assert configured()["api_token"] is None


def test_a_scope_to_write_stands_for_the_one_to_read(store, anonymous):
	url = start(store)["install_url"].replace("scope=read_products%2C", "scope=")
	answer = call_back(anonymous, path_of(store.control.approve(url)))
	assert answer.json()["scope"] == SCOPES


@pytest.mark.parametrize(
	("kind", "options"), [("status", {"status": 500}), ("malformed", {}), ("drop_after", {})]
)
def test_a_code_exchange_that_fails_stores_nothing(store, anonymous, kind, options):
	path = approve(store)
	store.control.fault(kind, path="*/access_token", **options)
	assert refusal(call_back(anonymous, path), 417).startswith("Shopify")
	assert configured()["api_token"] is None


@pytest.mark.parametrize("setting", ["client_id", "client_secret"])
def test_without_the_app_the_callback_says_what_is_missing(store, anonymous, setting):
	path = approve(store)
	store.configure(**{setting: None})
	assert f"exoceuticals_{setting}" in refusal(call_back(anonymous, path), 417)


def test_the_callback_is_limited_for_one_address(store, anonymous):
	limits.use_up("exoceuticals_callback", 300)
	try:
		assert "Too many" in refusal(call_back(anonymous, f"{CALLBACK}?shop=x"), 429)
	finally:
		limits.lift()


# to a browser


def page_of(answer, status) -> str:
	assert answer.status_code == status, answer.text
	assert answer.headers["Content-Type"].startswith("text/html")
	policy = answer.headers["Content-Security-Policy"]
	assert "default-src 'none'" in policy
	assert "script-src" not in policy
	assert "<script" not in answer.text
	return answer.text


def test_a_browser_gets_a_page_that_can_be_closed(store):
	page = page_of(browser_of(store).open(approve(store)), 200)
	assert "<title>Exoceuticals connected</title>" in page
	assert "Exoceuticals connected. You can close this tab." in page
	assert configured()["api_token"].startswith("shpat_")


def test_a_browser_is_told_what_went_wrong(store):
	page = page_of(browser_of(store).open(approve(store) + "&extra=1"), 400)
	assert "<title>Exoceuticals is not connected</title>" in page
	assert FORGED in page


def test_the_page_allows_its_own_style_and_nothing_else(store):
	import base64
	import hashlib

	answer = browser_of(store).open(f"{CALLBACK}?shop=x")
	style = re.search(r"<style>(.*)</style>", answer.text).group(1)
	digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
	assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
	assert answer.headers["Cache-Control"] == "no-store"


def test_text_in_the_page_is_escaped():
	from medgrid.api.html_pages import notice

	html = notice("<b>", "<img src=x onerror=alert(1)>", 400).get_data(as_text=True)
	assert "<b>" not in html
	assert "&lt;img src=x onerror=alert(1)&gt;" in html


# the webhook secrets of the store before

KEPT = ("webhook_secret", "webhook_secret_previous", "client_secret_previous")
ENDS = ("webhook_secret_until", "client_secret_until")


@pytest.fixture
def rotated(store):
	"""The store, both of whose secrets were just replaced: the ones before are still good."""
	store.configure(webhook_secret="of-this-store-before")
	save(store, webhook_secret="of-this-store")
	save(store, client_secret="anything-else")
	save(store, client_secret=CLIENT_SECRET)
	assert kept() == dict(zip(KEPT, ("of-this-store", "of-this-store-before", "anything-else"), strict=True))
	yield store
	save(store, webhook_secret="")
	forget_previous()


def save(store, **values) -> None:
	"""As an administrator does in System Settings."""
	content = {f"exoceuticals_{name}": value for name, value in values.items()}
	answer = store.caller.request("PUT", "/api/resource/System Settings/System Settings", json=content)
	assert answer.status_code == 200, answer.text


def kept() -> dict:
	frappe.db.rollback()
	return {name: store_webhooks.secret(name) for name in KEPT}


def ends() -> list:
	frappe.db.rollback()
	stored = frappe.db.get_singles_dict("System Settings")
	return [stored.get(f"exoceuticals_{name}") for name in ENDS]


def forget_previous() -> None:
	store_webhooks.set_secrets(webhook_secret_previous=None, client_secret_previous=None)
	store_webhooks.set_settings(webhook_secret_until=None, client_secret_until=None)


def is_signed_with(anonymous, secret: str) -> bool:
	headers = {"X-Shopify-Topic": "orders/updated", "X-Shopify-Hmac-Sha256": sign_body(b"{}", secret)}
	answer = anonymous.request("POST", store_webhooks.PATH, data=b"{}", headers=headers)
	assert answer.status_code in (200, 401), answer.text
	return answer.status_code == 200


def test_connecting_another_store_deletes_the_webhook_secrets(rotated, anonymous):
	assert is_signed_with(anonymous, "of-this-store")
	assert is_signed_with(anonymous, "of-this-store-before")
	rotated.control.add_shop("mgt-moved.myshopify.com")
	assert call_back(anonymous, approve(rotated, shop="mgt-moved")).status_code == 200
	assert kept() == dict.fromkeys(KEPT)
	assert not any(ends())
	for secret in ("of-this-store", "of-this-store-before", "anything-else"):
		assert not is_signed_with(anonymous, secret)
	assert is_signed_with(anonymous, CLIENT_SECRET)


def test_connecting_the_same_store_again_keeps_them(rotated, anonymous):
	before = kept()
	assert call_back(anonymous, approve(rotated)).status_code == 200
	assert kept() == before


def test_connecting_the_first_store_keeps_the_secret_that_is_set_already(store, anonymous):
	store.configure(webhook_secret="of-this-store", shop_domain=None)
	assert call_back(anonymous, approve(store, shop=store.domain)).status_code == 200
	assert kept()["webhook_secret"] == "of-this-store"
	store.configure(webhook_secret=None)


@pytest.mark.parametrize("written", ["mgt-other", "mgt-other.myshopify.com", ""])
def test_entering_another_store_deletes_them_too(rotated, written):
	save(rotated, shop_domain=written)
	assert kept() == dict.fromkeys(KEPT)
	assert not any(ends())


def test_a_secret_that_is_entered_with_the_new_store_stays(rotated):
	save(rotated, shop_domain="mgt-other", webhook_secret="of-the-other")
	assert kept() == {**dict.fromkeys(KEPT), "webhook_secret": "of-the-other"}


@pytest.mark.parametrize("spelling", ["{}", " {} ", "https://{}/"])
def test_entering_the_same_store_in_another_spelling_keeps_them(rotated, spelling):
	before = kept()
	save(rotated, shop_domain=spelling.format(rotated.domain.upper()))
	assert kept() == before
