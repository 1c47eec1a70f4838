"""Connecting a Shopify store from the portal, through the pop-up, against the simulator's authorize page.

Contract: "shopify_start_install", "shopify_callback".
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.support.http import message

SHOP = "mgt-portal.myshopify.com"
CLIENT_ID, CLIENT_SECRET = "mgt-portal-app", "mgt-portal-secret"


# A window that is back, on this page's own channel, as soon as it has an address.
APPROVE_AT_ONCE = """
	window.open = () => {
		const back = { type: "returned", outcome: { shopify: "error", reason: "denied" } };
		const come = () => {
			const channel = new BroadcastChannel("medgrid-shopify");
			channel.postMessage(back);
			setTimeout(() => (window.returned = true), 100);
		};
		return { close() {}, location: { set href(address) { come(); } } };
	};
"""


@pytest.fixture
def shop(site, shopify):
	"""A store at the simulator, and MedGrid's app there; the settings are as they were afterwards."""
	settings = site.get_doc("Medgrid Settings")
	before = settings.shopify_client_id, settings.get_password("shopify_client_secret", raise_exception=False)
	settings.update({"shopify_client_id": CLIENT_ID, "shopify_client_secret": CLIENT_SECRET}).save()
	site.db.commit()
	shopify.add_app(CLIENT_ID, CLIENT_SECRET)
	shopify.add_shop(SHOP)
	yield shopify
	settings.reload()
	settings.update(dict(zip(("shopify_client_id", "shopify_client_secret"), before, strict=True))).save()
	site.db.commit()


@pytest.fixture
def at_shopify(visit, vendor, shop):
	"""A vendor at the integrations page, whose pages may go to the simulated Shopify."""
	visitor = visit(vendor.user)
	visitor.other_hosts.add(urlsplit(shop.url).netloc)
	# The simulator has none.
	visitor.expected_errors = ["/favicon.ico"]
	visitor.open("/portal/integrations")
	return visitor


def card_of(page):
	return page.locator('[data-integration="shopify"]')


def ask_to_connect(page, domain=SHOP):
	card = card_of(page)
	card.get_by_label("Your store's address").fill(domain)
	card.get_by_role("button", name="Connect Shopify").click()
	return card


def approve(page):
	# If Shopify shows something else, the failure says what.
	expect(page.locator("body")).to_contain_text("Approve")
	page.get_by_role("button", name="Approve").click()


def test_approving_in_the_popup_connects_the_store_and_closes_the_popup(at_shopify):
	page = at_shopify.page
	with page.expect_popup() as opened:
		card = ask_to_connect(page)
	popup = opened.value
	expect(popup.get_by_role("button", name="Approve")).to_be_visible()
	expect(card.get_by_role("status")).to_contain_text("This page updates when you are done.")
	at_shopify.keep_picture("shopify-waiting")
	with popup.expect_event("close"):
		approve(popup)
	expect(card.locator('[data-slot="status"]')).to_have_text("Connected")
	expect(card.get_by_role("status")).to_have_text("Shopify is connected.")
	expect(card.get_by_role("heading", level=2)).to_be_focused()
	expect(card.get_by_role("link", name="Open Shopify")).to_be_hidden()


def test_a_window_that_comes_back_at_once_is_heard(at_shopify):
	"""A store that has approved before: Shopify asks nothing."""
	page, held = at_shopify.page, []
	back: list[bool] = []
	# Whatever the page asks beside the window is answered after the window has come back.
	page.route("**/*list_connections*", lambda route: route.continue_() if back else held.append(route))
	page.evaluate(APPROVE_AT_ONCE)
	card = ask_to_connect(page)
	expect(card.get_by_role("status")).not_to_have_text("")
	page.wait_for_function("() => window.returned")
	back.append(True)
	for route in held:
		route.continue_()
	expect(card.get_by_role("status")).to_contain_text(
		"Shopify was not connected: the request was not approved"
	)


def test_a_connection_that_is_there_counts_more_than_that_nothing_came_back(visit, vendor, shop):
	visitor = visit(vendor.user)
	page = visitor.page

	def connected(route):
		answer = route.fetch()
		body = answer.json()
		for entry in body["message"]["integrations"]:
			if entry["id"] == "shopify":
				entry["status"] = "connected"
		route.fulfill(response=answer, json=body)

	page.route("**/*list_connections*", connected)
	visitor.open("/portal/integrations?shopify=unknown")
	expect(card_of(page).get_by_role("status")).to_have_text("Shopify is connected.")


def test_waiting_ends_with_the_session_and_the_focus_stays_in_the_card(at_shopify):
	page = at_shopify.page
	at_shopify.expected_errors.append("status of 401")
	page.evaluate("window.open = () => null")
	card = ask_to_connect(page)
	expect(card.get_by_role("link", name="Open Shopify")).to_be_focused()
	page.route("**/*list_connections*", lambda route: route.fulfill(status=401, json={}))
	expect(card.get_by_role("status")).to_contain_text("You are not signed in any more.")
	expect(card.get_by_role("link", name="Open Shopify")).to_be_hidden()
	expect(card.get_by_role("status")).to_be_focused()


def test_denying_in_the_popup_is_said_and_can_be_tried_again(at_shopify):
	page = at_shopify.page
	with page.expect_popup() as opened:
		card = ask_to_connect(page)
	with opened.value.expect_event("close"):
		opened.value.get_by_role("button", name="Deny").click()
	expect(card.get_by_role("status")).to_contain_text("the request was not approved")
	expect(card.locator('[data-slot="status"]')).to_have_text("Not connected")
	with page.expect_popup() as again:
		ask_to_connect(page)
	with again.value.expect_event("close"):
		approve(again.value)
	expect(card.locator('[data-slot="status"]')).to_have_text("Connected")


def test_without_a_popup_there_is_a_link(at_shopify):
	page = at_shopify.page
	page.evaluate("window.open = () => null")
	card = ask_to_connect(page)
	expect(card.get_by_role("status")).to_contain_text("Your browser blocked the Shopify window.")
	link = card.get_by_role("link", name="Open Shopify")
	expect(link).to_be_focused()
	at_shopify.keep_picture("shopify-blocked")
	with at_shopify.context.expect_page() as opened:
		page.keyboard.press("Enter")
	approve(opened.value)
	expect(card.get_by_role("status")).to_have_text("Shopify is connected.")


def test_a_popup_that_is_closed_is_said_and_it_can_be_opened_again(at_shopify):
	with at_shopify.page.expect_popup() as opened:
		card = ask_to_connect(at_shopify.page)
	expect(opened.value.get_by_role("button", name="Approve")).to_be_visible()
	opened.value.close()
	expect(card.get_by_role("status")).to_contain_text("Is the Shopify window closed?")
	with at_shopify.page.expect_popup() as again:
		card.get_by_role("button", name="Connect Shopify").click()
	approve(again.value)
	expect(card.get_by_role("status")).to_have_text("Shopify is connected.")


def test_an_app_that_is_not_set_up_offers_no_form_and_says_whom_to_ask(site, visit, vendor, shop):
	site.db.set_single_value("Medgrid Settings", "shopify_client_id", "")
	site.db.commit()
	card = card_of(visit(vendor.user).open("/portal/integrations"))
	expect(card).to_contain_text("Connecting a Shopify store is not set up yet. Ask MedGrid")
	expect(card.get_by_role("textbox")).to_have_count(0)
	expect(card.get_by_role("button")).to_have_count(0)


def test_coming_back_in_the_same_window_is_enough(at_shopify):
	page = at_shopify.page
	page.evaluate("window.open = () => null")
	card = ask_to_connect(page)
	address = card.get_by_role("link", name="Open Shopify").get_attribute("href")
	page.goto(address)
	approve(page)
	expect(card_of(page).get_by_role("status")).to_have_text("Shopify is connected.")
	assert urlsplit(page.url).query == ""


def test_approving_where_nobody_is_signed_in_leads_through_the_login_page(visit, vendor, shop):
	begun = message(vendor.caller.post("medgrid.integrations.shopify_start_install", shop_domain=SHOP))
	visitor = visit()
	visitor.other_hosts.add(urlsplit(shop.url).netloc)
	visitor.expected_errors = ["/favicon.ico"]
	page = visitor.page
	page.goto(begun["authorize_url"])
	approve(page)
	expect(page).to_have_url(re.compile(r"/login\?redirect-to="))
	# Before Frappe's script has the form, the browser would send it by itself.
	page.wait_for_load_state("networkidle")
	page.locator("#login_email").fill(vendor.user.email)
	page.locator("#login_password").fill(vendor.user.password)
	page.locator(".btn-login").first.click()
	expect(card_of(page).get_by_role("status")).to_have_text("Shopify is connected.")


@pytest.mark.parametrize("reason", ["nonsense", "constructor", "__proto__"])
def test_a_reason_that_is_none_of_ours_is_a_failure_in_our_words(at_shopify, reason):
	at_shopify.open(f"/portal/integrations?shopify=error&reason={reason}")
	expect(card_of(at_shopify.page).get_by_role("status")).to_contain_text("something failed on the way")


@pytest.mark.parametrize(
	"written",
	[
		f"https://{SHOP}/admin/products?x=1",
		f"https://admin.shopify.com/store/{SHOP.partition('.')[0]}",
		f" {SHOP.upper()}/ ",
	],
)
def test_the_address_of_the_stores_admin_will_do(at_shopify, written):
	with at_shopify.page.expect_popup() as opened:
		card = ask_to_connect(at_shopify.page, written)
	expect(card.get_by_label("Your store's address")).to_have_value(SHOP)
	expect(opened.value.get_by_role("button", name="Approve")).to_be_visible()
	assert SHOP in opened.value.url


def test_what_is_no_store_is_said_at_the_field(at_shopify):
	card = ask_to_connect(at_shopify.page, "www.example.com")
	field = card.get_by_label("Your store's address")
	expect(field).to_have_attribute("aria-invalid", "true")
	expect(field).to_be_focused()
	expect(card.locator("#shopify-shop-domain-error")).to_contain_text("myshopify.com")
	assert len(at_shopify.context.pages) == 1
