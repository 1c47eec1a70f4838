"""`app_install`, `shopify_token`, and the same for a browser: signatures, states and codes."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import frappe
import pytest

from medgrid.clients.shopify.oauth.states import OAuthStates
from tests.support.connector import APP_ID, APP_SECRET, issue, set_up_settings, signed
from tests.support.http import Caller, message

OPEN, CALLBACK = "/api/method/medgrid.vertex.app_open", "/api/method/medgrid.vertex.app_callback"
REFUSED = "The server understands the request but refuses to authorize it."


def state_key(state):
	return OAuthStates(frappe.cache, frappe.local.site).key_of(state)


# app_install


def test_the_url_leads_to_shopify_with_our_state(merchant_shop):
	begun = merchant_shop.begin()
	url, query = urlsplit(begun["authorizeUrl"]), parse_qs(urlsplit(begun["authorizeUrl"]).query)
	assert url.path.endswith(f"{merchant_shop.domain}/admin/oauth/authorize")
	assert (query["client_id"], query["scope"]) == ([APP_ID], ["read_products"])
	assert query["state"] == [begun["state"]]
	assert urlsplit(query["redirect_uri"][0]).path == CALLBACK
	assert 590 < frappe.cache.ttl(state_key(begun["state"])) <= 600


def test_request_data_may_come_in_any_order_with_or_without_hmac_and_mark(merchant_shop):
	domain = merchant_shop.domain
	_query, hmac = signed(host="aG9zdA", shop=domain, timestamp="1678960003")
	for data in (
		f"timestamp=1678960003&shop={domain}&host=aG9zdA",
		f"?host=aG9zdA&shop={domain}&timestamp=1678960003",
		f"hmac={hmac}&host=aG9zdA&timestamp=1678960003&shop={domain}",
		f"host=aG9zdA&shop={domain}&timestamp=1678960003&hmac=another&signature=old",
	):
		answer = message(merchant_shop.call("app_install", hmac=hmac, requestData=data, shop=domain))
		assert answer["shop"] == domain
	handle = domain.partition(".")[0]
	answer = message(merchant_shop.call("app_install", hmac=hmac, requestData=data, shop=handle))
	assert answer["shop"] == domain


@pytest.mark.parametrize(
	"change",
	[
		{"requestData": "host=aG9zdB&shop={}&timestamp=1678960003"},
		{"requestData": "host=aG9zdA&shop={}&timestamp=1678960004"},
		{"requestData": "host=aG9zdA&shop={}&timestamp=1678960003&more=1"},
		{"requestData": "shop={}"},
		{"hmac": "0" * 64},
		{"hmac": "ä" * 64},
		{"hmac": "x"},
	],
)
def test_a_changed_request_is_403_and_nothing_is_stored(merchant_shop, change):
	query, hmac = signed(host="aG9zdA", shop=merchant_shop.domain, timestamp="1678960003")
	values = {"hmac": hmac, "requestData": query, "shop": merchant_shop.domain}
	values |= {name: text.format(merchant_shop.domain) for name, text in change.items()}
	body = issue(merchant_shop.call("app_install", **values), 403)
	assert (body["title"], body["detail"]) == (REFUSED, f"{REFUSED} HMAC verification failed.")
	assert merchant_shop.document() is None


@pytest.mark.parametrize(
	("change", "named"),
	[
		({"hmac": None}, "hmac"),
		({"hmac": ""}, "hmac"),
		({"hmac": "x" * 129}, "hmac"),
		({"hmac": 5}, "hmac"),
		({"requestData": None}, "requestData"),
		({"requestData": "x" * 4001}, "requestData"),
		({"requestData": "host=x"}, "requestData"),
		({"requestData": "shop=other.myshopify.com"}, "requestData"),
		({"requestData": "shop=a.myshopify.com&shop=a.myshopify.com"}, "requestData"),
		({"shop": None}, "shop"),
		({"shop": "shop.example.com"}, "shop"),
		({"shop": "x" * 300}, "shop"),
		({"shop": ["a"]}, "shop"),
	],
)
def test_a_wrong_member_is_400_and_named(merchant_shop, change, named):
	query, hmac = signed(shop=merchant_shop.domain)
	values = {"hmac": hmac, "requestData": query, "shop": merchant_shop.domain, **change}
	body = issue(merchant_shop.call("app_install", **values), 400)
	assert body["detail"].startswith("Bad request. Unable to process request. ")
	assert named in body["detail"]


def test_without_an_app_the_administrator_is_told(merchant_shop):
	set_up_settings(shopify_client_id=None)
	query, hmac = signed(shop=merchant_shop.domain)
	answer = merchant_shop.call("app_install", hmac=hmac, requestData=query, shop=merchant_shop.domain)
	assert "shopify_client_id in Vertex Settings" in issue(answer, 400)["detail"]


# shopify_token


def test_the_four_members_of_contract_b_are_enough(merchant_shop):
	"""Without a state the caller's own credentials protect against forged requests."""
	redirect = merchant_shop.redirect()
	four = {name: redirect[name] for name in ("code", "host", "shop") if name in redirect}
	four["hmac"] = signed(**four)[1]
	assert message(merchant_shop.call("tokens", **four))["onboarding"] == "incomplete"


@pytest.mark.parametrize(
	"spelling", [lambda domain: domain.partition(".")[0], str.upper, lambda domain: f"https://{domain}/"]
)
@pytest.mark.parametrize("signer", ["Shopify", "the front end"])
def test_the_shop_may_be_written_otherwise_than_shopify_has_signed_it(merchant_shop, spelling, signer):
	redirect = merchant_shop.redirect()
	written = {**redirect, "shop": spelling(merchant_shop.domain)}
	if signer == "the front end":
		del written["hmac"]
		written["hmac"] = signed(**written)[1]
	forged = {**written, "shop": "another-shop"}
	issue(merchant_shop.call("shopify_token", **forged), 403)
	assert message(merchant_shop.call("shopify_token", **written))["shop"] == merchant_shop.domain


def test_the_raw_query_may_come_instead(merchant_shop):
	redirect = merchant_shop.redirect()
	raw = urlencode(redirect)
	values = {
		"code": redirect["code"],
		"shop": redirect["shop"],
		"hmac": redirect["hmac"],
		"requestData": raw,
	}
	for change in ({"code": "another"}, {"requestData": raw + "&code=x"}, {"requestData": raw + "&shop=x"}):
		issue(merchant_shop.call("shopify_token", **{**values, **change}), 400)
	assert message(merchant_shop.call("shopify_token", **values))["shop"] == merchant_shop.domain


def test_a_code_and_a_state_are_used_once(merchant_shop):
	redirect = merchant_shop.redirect()
	message(merchant_shop.call("shopify_token", **redirect))
	body = issue(merchant_shop.call("shopify_token", **redirect), 403)
	assert "OAuth state expired or invalid" in body["detail"]
	again = {name: redirect[name] for name in ("code", "shop")}
	again["hmac"] = signed(**again)[1]
	body = issue(merchant_shop.call("shopify_token", **again), 401)
	assert body["title"] == "Shopify connection failed"
	assert merchant_shop.document().status == "Incomplete"


def test_a_forged_hmac_leaves_the_state_usable(merchant_shop):
	redirect = merchant_shop.redirect()
	for change in (
		{"hmac": "0" * 64},
		{"code": "other"},
		{"timestamp": "1"},
		{"state": "A" + redirect["state"]},
	):
		issue(merchant_shop.call("shopify_token", **{**redirect, **change}), 403)
	assert merchant_shop.document() is None
	assert message(merchant_shop.call("shopify_token", **redirect))["onboarding"] == "incomplete"


def test_of_two_at_once_one_is_served(merchant_shop):
	redirect = merchant_shop.redirect()
	with ThreadPoolExecutor(2) as pool:
		answers = list(pool.map(lambda _n: merchant_shop.call("shopify_token", **redirect), range(2)))
	assert sorted(answer.status_code for answer in answers) == [200, 403]


def test_a_state_of_another_shop_or_purpose_is_403(merchant_shop, new_merchant):
	other = new_merchant()
	foreign = other.begin()["state"]
	vendors = OAuthStates(frappe.cache, frappe.local.site).issue(
		purpose="vendor", shop=merchant_shop.domain, user="x"
	)
	for state in (foreign, vendors, "unknown"):
		values = {"code": "c", "shop": merchant_shop.domain, "state": state}
		values["hmac"] = signed(**values)[1]
		issue(merchant_shop.call("shopify_token", **values), 403)
	assert merchant_shop.document() is None


def test_an_expired_state_is_403(merchant_shop):
	redirect = merchant_shop.redirect()
	frappe.cache.delete(state_key(redirect["state"]))
	issue(merchant_shop.call("shopify_token", **redirect), 403)


@pytest.mark.parametrize(
	("fault", "status", "title"),
	[
		({"kind": "status", "status": 503}, 503, "Shopify connection failed"),
		({"kind": "malformed"}, 502, "Shopify connection failed"),
	],
)
def test_shopifys_failures_store_nothing(merchant_shop, shopify, fault, status, title):
	redirect = merchant_shop.redirect()
	kind = fault.pop("kind")
	shopify.fault(kind, path="*/access_token", times=10, **fault)
	body = issue(merchant_shop.call("shopify_token", **redirect), status)
	assert body["title"] == title
	assert merchant_shop.document() is None
	frappe.db.rollback()
	stored = frappe.get_doc("Integration Issue", body["id"])
	assert (stored.related_to, stored.status, stored.issue_type) == (
		merchant_shop.domain,
		status,
		"shopify/token",
	)
	shopify.clear_faults()
	merchant_shop.install()
	frappe.db.rollback()
	assert frappe.db.get_value("Integration Issue", body["id"], "settled_at")


def test_the_removal_of_the_app_is_subscribed_to(merchant_shop):
	merchant_shop.install()
	assert merchant_shop.document().webhook_subscription


# The browser


def opened(merchant_shop, **headers):
	caller = Caller(merchant_shop.environment)
	query, hmac = signed(host="aG9zdA", shop=merchant_shop.domain, timestamp="1678960003")
	answer = caller.request("GET", f"{OPEN}?{query}&hmac={hmac}", headers=headers, allow_redirects=False)
	assert answer.status_code == 302, answer.text
	return caller, answer.headers["Location"]


def callback_of(merchant_shop, url):
	parts = urlsplit(merchant_shop.shopify.approve(url))
	assert parts.path == CALLBACK
	return f"{parts.path}?{parts.query}"


def test_a_program_opens_and_comes_back(merchant_shop):
	caller, url = opened(merchant_shop)
	path = callback_of(merchant_shop, url)
	assert message(caller.request("GET", path)) == {
		"shop": merchant_shop.domain,
		"scope": "read_products",
		"onboarding": "incomplete",
	}
	issue(caller.request("GET", path), 403)


def test_a_browser_ends_on_a_page_and_needs_its_own_cookie(merchant_shop):
	html = {"Accept": "text/html"}
	caller, url = opened(merchant_shop, **html)
	path = callback_of(merchant_shop, url)
	stranger = Caller(merchant_shop.environment)
	answer = stranger.request("GET", path, headers=html)
	assert answer.status_code == 403
	assert "OAuth state expired or invalid" in answer.text
	assert merchant_shop.document() is None
	answer = caller.request("GET", path, headers=html)
	assert answer.status_code == 200, answer.text
	assert "The app is installed" in answer.text
	assert merchant_shop.document().status == "Incomplete"


@pytest.mark.parametrize(
	"forge",
	[
		lambda path: path.replace("code=", "code=0"),
		lambda path: path.replace("hmac=", "hmac=0"),
		lambda path: path + "&extra=1",
		lambda path: path.replace("hmac=", "mac="),
		lambda path: path + "&hmac=00",
	],
)
def test_a_forged_callback_changes_nothing_and_the_real_one_still_works(merchant_shop, forge):
	caller, url = opened(merchant_shop)
	path = callback_of(merchant_shop, url)
	issue(caller.request("GET", forge(path)), 403)
	assert merchant_shop.document() is None
	assert caller.request("GET", path).status_code == 200


def test_a_callback_for_no_shop_is_400(anonymous, vertex_app):
	for shop in ("evil.example", "", "x.myshopify.com.evil.example"):
		query, hmac = signed(shop=shop, state="s", code="c")
		issue(anonymous.request("GET", f"{CALLBACK}?{query}&hmac={hmac}"), 400)
		issue(anonymous.request("GET", f"{OPEN}?{query}&hmac={hmac}"), 400)


def test_a_merchant_who_says_no_is_403(merchant_shop, anonymous):
	state = merchant_shop.begin()["state"]
	query, hmac = signed(shop=merchant_shop.domain, state=state, error="access_denied")
	body = issue(anonymous.request("GET", f"{CALLBACK}?{query}&hmac={hmac}"), 403)
	assert body["title"] == "Shopify connection failed"
	assert merchant_shop.document() is None


def test_no_secret_is_in_any_answer_or_table(site, merchant_shop, manager):
	redirect = merchant_shop.redirect()
	texts = [merchant_shop.call("shopify_token", **redirect).text]
	document = merchant_shop.document()
	from frappe.utils.password import get_decrypted_password

	token = get_decrypted_password("Vertex Merchant", document.name, "shopify_token")
	assert token.startswith("shpat_")
	texts.append(manager.request("GET", f"/api/resource/Vertex Merchant/{document.name}").text)
	texts.append(str(site.db.sql("select * from `tabVertex Merchant` where name = %s", document.name)))
	for secret in (token, APP_SECRET):
		assert not any(secret in text for text in texts)
	assert quote(redirect["code"]) not in texts[0]
