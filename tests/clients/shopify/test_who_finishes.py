"""An installation is finished by whoever began it: vendors' shops and the store, over HTTP against the
simulated Shopify.

Contract: "shopify_callback", "oauth_callback", "OAuth state expired or invalid" ("10-minute window", "already
used").
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlsplit

import frappe
import pytest

from medgrid.clients.shopify.signatures import query_signatures
from tests.support import people, shops
from tests.support import store as stores
from tests.support.http import Browser, Caller, Person
from tests.support.shops import path_of, states

EXPIRED = "OAuth state expired or invalid. Start the installation again."


@dataclass
class Door:
	"""One app's callback.

	:param owner: who begins.
	:param begin: returns the callback's path and query, as Shopify redirects the merchant's browser to it.
	:param ends_at: how the `Location`, or the text, of a browser that finished ends.
	"""

	name: str
	purpose: str
	path: str
	client_id: str
	secret: str
	domain: str
	owner: Person
	other: Person
	environment: object
	control: object
	begin: Callable[[], str]
	is_connected: Callable[[], bool]
	is_finished: Callable[..., bool]

	def browser(self, person: Person | None = None) -> Browser:
		return Browser(self.environment, person)

	def program(self, person: Person | None = None) -> Caller:
		return Caller(self.environment, person)

	def signed(self, **values: str) -> str:
		"""A callback with these parameters, signed as Shopify signs it."""
		query = "&".join(f"{name}={quote(value)}" for name, value in values.items())
		return f"{self.path}?{query}&hmac={query_signatures(query, self.secret)[0]}"

	def state_in(self, path: str) -> str:
		return parse_qs(urlsplit(path).query)["state"][0]

	def is_kept(self, path: str) -> bool:
		"""Whether the callback's state is not used up."""
		return frappe.cache.ttl(states().key_of(self.state_in(path))) > 0

	def is_refused(self, answer) -> bool:
		"""400 with the contract's words, in the shape of this door; a vendor's browser is sent to the portal
		with the reason."""
		if answer.status_code == 302:
			return answer.headers["Location"].endswith("/portal/integrations?shopify=error&reason=state")
		return answer.status_code == 400 and EXPIRED in answer.text


@pytest.fixture
def vendor_door(shop, other_vendor, environment):
	def is_finished(answer) -> bool:
		if answer.status_code == 302:
			return answer.headers["Location"].endswith("/portal/integrations?shopify=connected")
		return answer.status_code == 200 and answer.json()["message"]["ok"] is True

	return Door(
		name="vendor",
		purpose="vendor",
		path=shops.CALLBACK,
		client_id=shops.CLIENT_ID,
		secret=shops.CLIENT_SECRET,
		domain=shop.domain,
		owner=shop.user,
		other=other_vendor.user,
		environment=environment,
		control=shop.control,
		begin=shop.approve,
		is_connected=lambda: shop.entry()["status"] == "connected",
		is_finished=is_finished,
	)


@pytest.fixture
def store_door(store, environment):
	def begin() -> str:
		answer = store.caller.get("medgrid.exoceuticals.oauth_install_url").json()["message"]
		return path_of(store.control.approve(answer["install_url"]))

	return Door(
		name="store",
		purpose="exoceuticals",
		path="/api/method/medgrid.exoceuticals.oauth_callback",
		client_id=stores.CLIENT_ID,
		secret=stores.CLIENT_SECRET,
		domain=store.domain,
		owner=store.caller.user,
		other=people.person("mgt.manager2@example.com", "System Manager"),
		environment=environment,
		control=store.control,
		begin=begin,
		is_connected=lambda: bool(stores.configured()["api_token"]),
		is_finished=lambda answer: answer.status_code == 200 and "You can close this tab." in answer.text,
	)


@pytest.fixture(params=["vendor_door", "store_door"])
def door(request) -> Door:
	return request.getfixturevalue(request.param)


# who brings the callback

FINISHES = {
	"the browser of whoever began": lambda door: door.browser(door.owner),
	"the program of whoever began": lambda door: door.program(door.owner),
	"a program without credentials": lambda door: door.program(),
}
REFUSED = {
	"another user's browser": lambda door: door.browser(door.other),
	"another user's program": lambda door: door.program(door.other),
}


@pytest.mark.parametrize("who", FINISHES)
def test_who_finishes_an_installation(door, who):
	path = door.begin()
	answer = FINISHES[who](door).request("GET", path, allow_redirects=False)
	assert door.is_finished(answer), answer.text
	assert door.is_connected()
	assert not door.is_kept(path)


@pytest.mark.parametrize("who", REFUSED)
def test_who_does_not_and_whoever_began_still_can(door, who):
	path = door.begin()
	answer = REFUSED[who](door).request("GET", path, allow_redirects=False)
	assert door.is_refused(answer), answer.text
	assert not door.is_connected()
	assert door.is_kept(path)
	assert door.is_finished(door.browser(door.owner).open(path))


def test_a_browser_without_a_session_signs_in_and_comes_back(door):
	path, browser = door.begin(), door.browser()
	answer = browser.open(path)
	assert answer.status_code == 302
	assert not door.is_connected()
	assert door.is_kept(path)
	back = browser.sign_in_at(answer.headers["Location"], door.owner)
	assert back == path
	assert door.is_finished(browser.open(back))
	assert door.is_connected()


def test_whoever_signs_in_as_somebody_else_finishes_nothing(door):
	path, browser = door.begin(), door.browser()
	back = browser.sign_in_at(browser.open(path).headers["Location"], door.other)
	assert door.is_refused(browser.open(back))
	assert not door.is_connected()
	assert door.is_kept(path)


def test_a_merchant_led_to_another_ones_installation_gives_no_shop_away(door):
	"""Who began sends the link to a merchant, who approves in a browser of their own."""
	path, merchant = door.begin(), door.browser()
	for _attempt in range(2):
		assert urlsplit(merchant.open(path).headers["Location"]).path == "/login"
	assert not door.is_connected()
	assert not [entry for entry in door.control.received(door.domain) if "access_token" in entry["path"]]


@pytest.mark.parametrize(
	("accept", "is_browser"),
	[
		("text/html", True),
		("Text/HTML;q=0.9", True),
		("application/json, text/html", True),
		("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
		("application/json", False),
		("*/*", False),
		("text/plain", False),
	],
)
def test_a_browser_is_who_names_html(door, accept, is_browser):
	path = door.begin()
	answer = door.program().request("GET", path, headers={"Accept": accept}, allow_redirects=False)
	assert door.is_kept(path) == is_browser
	assert door.is_connected() != is_browser
	assert ("/login" in answer.headers.get("Location", "")) == is_browser


PARAMETERS = {
	"delimiters": {"session": "a&b=c", "x": "redirect-to=/portal"},
	"blanks and plus": {"session": " x y+z "},
	"percent": {"session": "100% %26 %2526 more"},
	"unicode": {"session": "äß日本🩹"},
	"markup": {"session": "<script>alert(1)</script>\"'"},
	"another site": {"return_to": "//evil.example/", "u": "https://evil.example/@x", "b": "\\\\evil.example"},
	"the word that Frappe removes": {"session": "JavaScript: javascript:alert(1)"},
	"fragment": {"session": "#top?x=1"},
}


@pytest.mark.parametrize("kind", PARAMETERS)
def test_the_whole_query_survives_signing_in(door, kind):
	"""Shopify signs all of it, and may add what it likes."""
	door.control.extra_parameters(door.client_id, **PARAMETERS[kind])
	path, browser = door.begin(), door.browser()
	answer = browser.open(path)
	assert answer.headers["Location"].startswith("/login?redirect-to=%2Fapi%2Fmethod%2Fmedgrid.")
	back = browser.sign_in_at(answer.headers["Location"], door.owner)
	assert parse_qs(urlsplit(back).query) == parse_qs(urlsplit(path).query)
	assert door.is_finished(browser.open(back))


@pytest.mark.parametrize("spoil", [lambda path: path + "&x=1", lambda path: path.replace("hmac=", "hmac=0")])
def test_what_shopify_did_not_sign_leads_nobody_to_the_login_page(door, spoil):
	path, browser = door.begin(), door.browser()
	answer = browser.open(spoil(path))
	assert "/login" not in answer.headers.get("Location", "")
	assert door.is_kept(path)


# a state that is stale


def _used(door: Door) -> str:
	path = door.begin()
	assert door.is_finished(door.browser(door.owner).open(path))
	return path


def _expired(door: Door) -> str:
	path = door.begin()
	frappe.cache.delete(states().key_of(door.state_in(path)))
	return path


def _issued(door: Door, **changes: str) -> str:
	binding = {"purpose": door.purpose, "shop": door.domain, "user": door.owner.email, **changes}
	return door.signed(shop=door.domain, state=states().issue(**binding), code="c")


STALE = {
	"used": _used,
	"expired": _expired,
	"never issued": lambda door: door.signed(shop=door.domain, state="x" * 43, code="c"),
	"empty": lambda door: door.signed(shop=door.domain, state="", code="c"),
	"missing": lambda door: door.signed(shop=door.domain, code="c"),
	"twice": lambda door: door.signed(shop=door.domain, code="c") + "&state=a&state=a",
	"of another purpose": lambda door: _issued(door, purpose="anything else"),
	"of the other app": lambda door: _issued(
		door, purpose={"vendor": "exoceuticals", "exoceuticals": "vendor"}[door.purpose]
	),
	"of another shop": lambda door: _issued(door, shop="mgt-other.myshopify.com"),
}


@pytest.mark.parametrize("who", ["browser", "program", "browser without a session"])
@pytest.mark.parametrize("kind", STALE)
def test_a_stale_state_is_refused(door, kind, who):
	path = STALE[kind](door)
	before = door.is_connected()
	callers = {
		"browser": lambda: door.browser(door.owner),
		"program": door.program,
		"browser without a session": door.browser,
	}
	answer = callers[who]().request("GET", path, allow_redirects=False)
	if kind == "twice":
		assert "/login" not in answer.headers.get("Location", "")
		assert answer.status_code in (302, 400)
	else:
		assert door.is_refused(answer), answer.text
	assert door.is_connected() == before


@pytest.mark.parametrize("changes", [{"purpose": "anything else"}, {"shop": "mgt-other.myshopify.com"}])
def test_a_state_that_is_tried_where_it_does_not_belong_is_used_up(door, changes):
	path = _issued(door, **changes)
	assert door.is_refused(door.program().request("GET", path))
	assert not door.is_kept(path)


def test_of_many_callbacks_at_once_one_is_served(door):
	path = door.begin()
	callers = [door.program() for _number in range(4)]
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda caller: caller.request("GET", path), callers))
	assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
