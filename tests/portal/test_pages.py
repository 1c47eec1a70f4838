"""The portal's pages over HTTP: who gets them, what is in them, and the headers they go out with."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from tests.support import languages, people
from tests.support.http import Caller, message
from tests.support.records import write_values

PAGES = (
	"/portal",
	"/portal/integrations",
	"/portal/orders",
	"/portal/order?order=SAL-ORD-0",
	"/portal/products",
	"/portal/settings",
	"/portal/catalog",
)

HOSTILE = """<img src=x onerror=alert(1)>"'</script><b>"""


@pytest.fixture(scope="module")
def signed_in(environment):
	"""Signs a person in by password; returns the caller with their session."""

	def sign_in(person):
		caller = Caller(environment)
		caller.session.headers["Accept"] = "text/html"
		caller.sign_in(person)
		return caller

	return sign_in


@pytest.fixture(scope="module")
def buyer(signed_in, customer):
	return signed_in(customer.user)


class Document(HTMLParser):
	"""The start tags of a page, and the texts of its scripts."""

	def __init__(self, text: str):
		super().__init__()
		self.tags: list[tuple[str, dict]] = []
		self.scripts: list[tuple[dict, str]] = []
		self.feed(text)

	def handle_starttag(self, tag, attributes):
		self.tags.append((tag, dict(attributes)))

	def handle_data(self, data):
		if self.tags and self.tags[-1][0] == "script":
			self.scripts.append((self.tags[-1][1], data))


@pytest.mark.parametrize("path", PAGES)
def test_a_guest_is_sent_to_sign_in_and_back_to_the_same_page(anonymous, path):
	answer = anonymous.request("GET", path, allow_redirects=False)
	assert answer.status_code == 302
	assert answer.headers["Location"].endswith("/login?redirect-to=" + quote(path, safe=""))
	assert "no-store" in answer.headers["Cache-Control"]


def test_a_guests_query_comes_back_with_them(anonymous):
	answer = anonymous.request(
		"GET", "/portal/integrations?shopify=error&reason=a%26b", allow_redirects=False
	)
	target = "%2Fportal%2Fintegrations%3Fshopify%3Derror%26reason%3Da%2526b"
	assert answer.headers["Location"].endswith(f"/login?redirect-to={target}")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_goes_out_with_strict_headers_and_is_kept_by_nobody(buyer, path):
	answer = buyer.request("GET", path)
	assert answer.status_code == 200
	assert answer.headers["Cache-Control"] == "no-store, private"
	assert answer.headers["X-Content-Type-Options"] == "nosniff"
	assert answer.headers["Referrer-Policy"] == "same-origin"
	policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
	assert policy["default-src"] == "'none'"
	assert policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
	assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
	assert re.fullmatch(r"'self' 'sha256-[\w+/=]{44}'", policy["script-src"])


@pytest.mark.parametrize(
	("code", "written"),
	[
		("de", "de"),
		("es", "es"),
		("es-MX", "es-MX"),
		("en-GB", "en-GB"),
		("en_US", "en-US"),
		(None, "en"),
		# No catalog.
		("zh_TW", "en"),
		("ar", "en"),
		("fr", "en"),
	],
)
def test_a_pages_language_is_that_of_its_texts_written_as_html_wants_it(site, monkeypatch, code, written):
	from medgrid.portal.page import html_language

	monkeypatch.setattr(site.local, "lang", code)
	assert html_language() == written


def test_a_page_that_the_site_has_translated_itself_has_that_language(site, monkeypatch):
	from medgrid.portal.page import html_language

	made = languages.translate(site, "zh-TW", languages.spoken("zh-TW"))
	try:
		monkeypatch.setattr(site.local, "lang", "zh-TW")
		assert html_language() == "zh-TW"
	finally:
		languages.forget(site, made)


@pytest.mark.parametrize("path", PAGES)
def test_the_only_script_in_a_page_is_the_import_map_that_the_policy_names(buyer, path):
	answer = buyer.request("GET", path)
	document = Document(answer.text)
	inline = [(attributes["type"], text) for attributes, text in document.scripts if text.strip()]
	assert [kind for kind, _text in inline] == ["importmap", "application/json"]
	digest = base64.b64encode(hashlib.sha256(inline[0][1].encode()).digest()).decode()
	assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
	attributes = {name for _tag, attributes in document.tags for name in attributes}
	assert not {name for name in attributes if name.startswith("on") or name == "style"}


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_is_there_and_has_its_type(buyer, path):
	document = Document(buyer.request("GET", path).text)
	import_map = json.loads(next(text for attributes, text in document.scripts if text.startswith("{")))
	addresses = [
		attributes.get("src") or attributes.get("href")
		for tag, attributes in document.tags
		if tag in ("script", "link") and (attributes.get("src") or attributes.get("href"))
	]
	for address in {*addresses, *import_map["imports"].values()}:
		answer = buyer.request("GET", address)
		assert answer.status_code == 200, address
		wanted = {"css": "text/css", "js": "javascript", "svg": "image/svg+xml"}
		assert wanted[address.partition("?")[0].rpartition(".")[2]] in answer.headers["Content-Type"]


def test_other_pages_of_the_site_keep_their_own_headers(buyer):
	assert "Content-Security-Policy" not in buyer.request("GET", "/portal/no-such-page").headers
	assert "Content-Security-Policy" not in buyer.request("GET", "/api/method/ping").headers


def test_nothing_of_one_user_is_in_another_users_page(site, connected, other_vendor, signed_in):
	complaint = "only the first vendor may read this"
	write_values("Vendor Connection", connected.connection(), "last_error", complaint)
	first, second = signed_in(connected.user), signed_in(other_vendor.user)
	assert complaint in first.request("GET", "/portal/integrations").text
	for caller in (second, first, second):
		for path in PAGES:
			text = caller.request("GET", path).text
			owner, stranger = (connected, other_vendor) if caller is first else (other_vendor, connected)
			assert f'data-user="{owner.user.email}"' in text
			for secret in (stranger.user.email, stranger.user.api_key, stranger.supplier):
				assert secret not in text, (path, secret)
	assert complaint not in second.request("GET", "/portal/integrations").text


def test_credentials_are_in_no_page(connected, signed_in):
	caller = signed_in(connected.user)
	for path in PAGES:
		text = caller.request("GET", path).text
		for secret in (connected.api_key, connected.api_secret, connected.user.api_secret):
			assert secret not in text


def test_hostile_names_are_shown_as_text(site, connected, signed_in):
	values = {"last_error": HOSTILE, "stats": json.dumps({HOSTILE: HOSTILE, "orders_pushed": 1})}
	connection = connected.connection()
	write_values("Vendor Connection", connection, values)
	people.change(connected.user.email, first_name=HOSTILE, full_name=HOSTILE)
	caller = signed_in(connected.user)
	try:
		for path in PAGES:
			text = caller.request("GET", path).text
			assert "<img src=x" not in text and "</script><b>" not in text, path
			assert "&lt;img src=x onerror=alert(1)&gt;" in text, path
	finally:
		people.change(connected.user.email, first_name=connected.user.email, full_name=connected.user.email)


def test_a_post_from_a_session_needs_the_token_of_its_page(signed_in, vendor):
	caller = signed_in(vendor.user)
	page = Document(caller.request("GET", "/portal/settings").text)
	token = next(a["content"] for tag, a in page.tags if tag == "meta" and a.get("name") == "csrf-token")
	caller.session.headers["Accept"] = "application/json"
	forged = caller.post("medgrid.integrations.disconnect", integration_type="shipstation")
	assert forged.status_code == 400
	caller.session.headers["X-Frappe-CSRF-Token"] = token
	own = caller.post("medgrid.integrations.disconnect", integration_type="shipstation")
	assert message(own) == {"ok": True, "integration": "shipstation"}


def test_a_caller_with_an_api_token_gets_the_page_and_no_session_token(customer):
	answer = customer.request("GET", "/portal/settings")
	assert answer.status_code == 200
	assert 'name="csrf-token" content=""' in answer.text


def links_of(caller) -> set[str]:
	document = Document(caller.request("GET", "/portal").text)
	tiles = [a["href"] for tag, a in document.tags if tag == "a" and a.get("class") == "tile"]
	return set(tiles)


def test_the_home_links_what_a_user_has_a_use_for(buyer, vendor, sales_rep, signed_in):
	assert links_of(buyer) == {"/portal/catalog", "/portal/settings"}
	vendors = {"/portal/integrations", "/portal/orders", "/portal/settings"}
	assert links_of(signed_in(vendor.user)) == vendors
	assert links_of(signed_in(sales_rep.user)) == {"/portal/catalog", "/portal/settings"}


def test_somebody_who_is_no_vendor_is_told_so_at_the_integrations(buyer):
	assert "Your user belongs to no Supplier." in buyer.request("GET", "/portal/integrations").text


def test_somebody_who_is_no_vendor_gets_no_forms_for_keys_they_cannot_use(buyer):
	document = Document(buyer.request("GET", "/portal/integrations").text)
	assert not [attributes for tag, attributes in document.tags if "data-connect" in attributes]


def test_the_portal_is_in_the_sidebar_of_the_sites_own_pages(site, customer):
	from frappe.website.utils import get_portal_sidebar_items

	site.set_user(customer.user.email)
	site.cache.hdel("portal_menu_items", site.session.user)
	routes = [item["route"] for item in get_portal_sidebar_items()]
	assert "/portal" in routes and "/portal/catalog" in routes
	assert "/portal/integrations" not in routes


def test_a_card_has_everything_that_list_connections_says(connected, signed_in):
	connected.sync()
	text = signed_in(connected.user).request("GET", "/portal/integrations").text
	for entry in message(connected.caller.get("medgrid.integrations.list_connections"))["integrations"]:
		assert f'data-integration="{entry["id"]}"' in text
		for sentence in (entry["label"], entry["tagline"], *entry["what_we_push"], *entry["what_we_pull"]):
			assert sentence in text
	last_sync = connected.entry()["last_sync_at"]
	assert f'<time datetime="{last_sync.replace(" ", "T")}Z">{last_sync} UTC</time>' in text


@pytest.mark.parametrize(("alerts", "said"), [("on", "On"), ("off", "Off. Text START to get them again.")])
def test_alerts_are_said_in_words(site, alerts, said):
	from medgrid.portal.cards import shown_stats

	assert shown_stats({"alerts": alerts}) == [{"key": "alerts", "label": "Alerts", "value": said}]


def test_addresses_of_assets_change_with_their_contents(tmp_path, monkeypatch):
	from medgrid.portal import assets

	(tmp_path / "one.js").write_text("export {};")
	monkeypatch.setattr(assets, "FOLDER", tmp_path)
	assets.fingerprint.cache_clear()
	before = assets.url("one.js")
	(tmp_path / "one.js").write_text("export default 1;")
	assets.fingerprint.cache_clear()
	after = assets.url("one.js")
	assets.fingerprint.cache_clear()
	assert before != after
	assert before.startswith("/assets/medgrid/portal/one.js?v=")


def test_a_name_that_frappe_has_stored_escaped_is_shown_as_it_is(vendor, signed_in):
	people.change(vendor.user.email, first_name="Harbor Wound &amp; Derma")
	try:
		text = signed_in(vendor.user).request("GET", "/portal").text
	finally:
		people.change(vendor.user.email, first_name=vendor.user.email)
	assert "Hello, Harbor Wound &amp; Derma" in text
	assert "&amp;amp;" not in text
