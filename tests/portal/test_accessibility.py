"""Each page on desktop and phone, in light and dark: axe-core finds nothing, nothing jumps or sticks out."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from medgrid.core.clock import stored_utc_now
from tests.portal.test_integrations_page import card_of, fill_in_keys
from tests.portal.test_phone_card import enter, send_code
from tests.support.records import write_values
from tests.support.runs import Worker
from tests.support.sendblue import PHONE, code_in, connect, wrong
from tests.support.vendors import order

WITH_EVERYTHING = {"orders_pushed": 12, "tracking_pulled": 8}
SCHEMES = ("dark", "light")
SHIFTS = """
	window.shifts = [];
	const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round);
	const moved = ({ node, previousRect, currentRect }) =>
		[node?.outerHTML?.slice(0, 80) ?? node?.nodeName, place(previousRect), place(currentRect)];
	new PerformanceObserver((list) => {
		for (const { value, hadRecentInput, sources } of list.getEntries())
			if (!hadRecentInput) window.shifts.push({ value, sources: sources.map(moved) });
	}).observe({ type: "layout-shift", buffered: true });
"""


def violations_on(page) -> list[str]:
	found = Axe().run(page).response["violations"]
	return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def look_at(visitor, name: str, *, after_answer: bool = False) -> None:
	"""What must hold for a page in whatever state it is.

	:param after_answer: of a request that the reader made. What moves then does so because of them; Chromium
		knows that for half a second only, and a busy server takes longer. `test_layout.py` measures it.
	"""
	page = visitor.page
	# The style sheets alone know the scheme.
	for scheme in SCHEMES:
		page.emulate_media(color_scheme=scheme)
		visitor.keep_picture(f"{name}-{scheme}")
		assert violations_on(page) == [], scheme
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
	# Chromium's own measure; up to 0.1 counts as good, and we have no excuse for any.
	shifts = page.evaluate("window.shifts")
	assert after_answer or sum(shift["value"] for shift in shifts) < 0.01, shifts


@pytest.fixture
def look(visit, request):
	"""`look(person, path)`: opens a page on this test's device; returns the visitor."""
	return Look(visit, request.node.callspec.params["phone"])


class Look:
	def __init__(self, visit, phone: bool):
		self.visit, self.phone = visit, phone
		self.way = "phone" if phone else "desktop"

	def __call__(self, person, path: str):
		visitor = self.visit(person, phone=self.phone)
		visitor.page.add_init_script(SHIFTS)
		visitor.open(path)
		visitor.page.wait_for_load_state("networkidle")
		return visitor


def in_all_ways(function):
	return pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])(function)


@in_all_ways
def test_home(look, vendor, phone):
	look_at(look(vendor.user, "/portal"), f"home-{look.way}")


@in_all_ways
def test_integrations_before_anything_is_connected(look, vendor, phone):
	visitor = look(vendor.user, "/portal/integrations")
	look_at(visitor, f"integrations-{look.way}")
	visitor.page.get_by_role("button", name="Connect ShipStation").click()
	expect(visitor.page.get_by_label("API Key")).to_be_focused()
	look_at(visitor, f"integrations-empty-fields-{look.way}", after_answer=True)


@in_all_ways
@pytest.mark.parametrize("status", ["connected", "syncing", "error", "paused"])
def test_integrations_in_each_state(look, connected, site, status, phone):
	values = {"stats": json.dumps(WITH_EVERYTHING), "last_sync_at": site.utils.now_datetime()}
	if status == "error":
		values["last_error"] = "Invalid API Key or Secret — ShipStation rejected the credentials."
	if status == "paused":
		values |= {"paused_at": stored_utc_now(), "paused_by": connected.user.email}
	stored = "connected" if status == "paused" else status
	write_values("Vendor Connection", connected.connection(), {"status": stored, **values})
	if status == "syncing":
		Worker(connected.connection())
	visitor = look(connected.user, "/portal/integrations")
	expect(visitor.page.locator('[data-integration="shipstation"]')).to_have_attribute("data-status", status)
	look_at(visitor, f"integrations-{status}-{look.way}")


@in_all_ways
def test_keys_that_are_wrong_and_shipstation_that_is_down(look, vendor, phone):
	visitor = look(vendor.user, "/portal/integrations")
	card = card_of(visitor.page)
	fill_in_keys(card, vendor.api_key, "not-the-secret")
	expect(card.get_by_label("API Secret")).to_have_attribute("aria-invalid", "true")
	look_at(visitor, f"integrations-wrong-keys-{look.way}", after_answer=True)
	vendor.shipstation.fault("status", times=None, path="/accounts/listtags", status=503)
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(card.get_by_role("status")).to_have_attribute("data-tone", "bad")
	look_at(visitor, f"integrations-shipstation-down-{look.way}", after_answer=True)


@in_all_ways
def test_the_code_form_and_its_error(look, vendor, sendblue, phone):
	visitor = look(vendor.user, "/portal/integrations")
	card = card_of(visitor.page, "sendblue")
	send_code(card, PHONE)
	expect(card.get_by_label("Code from the message")).to_be_focused()
	look_at(visitor, f"phone-code-{look.way}", after_answer=True)
	enter(card, wrong(code_in(sendblue)))
	expect(card.get_by_label("Code from the message")).to_have_attribute("aria-invalid", "true")
	look_at(visitor, f"phone-wrong-code-{look.way}", after_answer=True)


@in_all_ways
@pytest.mark.parametrize("blocked", [False, True], ids=["waiting", "blocked"])
def test_waiting_for_shopify(look, vendor, shopify_app, blocked, phone):
	visitor = look(vendor.user, "/portal/integrations")
	page, card = visitor.page, card_of(visitor.page, "shopify")
	# A window that goes nowhere, or none.
	page.evaluate(f"window.open = () => {'null' if blocked else '({ close() {}, location: {} })'}")
	card.get_by_label("Your store's address").fill("mgt-look.myshopify.com")
	card.get_by_role("button", name="Connect Shopify").click()
	expect(card.get_by_role("link", name="Open Shopify")).to_be_visible()
	look_at(visitor, f"shopify-{'blocked' if blocked else 'waiting'}-{look.way}", after_answer=True)


@in_all_ways
def test_catalog_that_could_not_be_asked(look, customer, catalog, phone):
	visitor = look(customer.user, f"/portal/catalog?warehouse={catalog.alpha}")
	visitor.expected_errors = ["status of 502"]
	visitor.page.route("**/*search_items*", lambda route: route.fulfill(status=502, body="Bad Gateway"))
	visitor.page.get_by_label("Search").fill("gauze")
	expect(visitor.page.locator("#failure")).to_be_visible()
	look_at(visitor, f"catalog-failed-{look.way}", after_answer=True)


@in_all_ways
def test_catalog_while_it_loads_and_of_a_warehouse_that_holds_nothing(look, customer, catalog, phone):
	visitor, held = look(customer.user, "/portal"), []
	page = visitor.page
	page.route("**/*items_in_warehouse*", lambda route: held.append(route))
	visitor.open(f"/portal/catalog?warehouse={catalog.alpha}")
	expect(page.locator(".skeleton")).to_be_visible()
	look_at(visitor, f"catalog-loading-{look.way}")
	with page.expect_response("**/*items_in_warehouse*"):
		held.pop().fulfill(json={"message": []})
	expect(page.locator("#nothing")).to_have_text("This warehouse holds nothing at the moment.")
	look_at(visitor, f"catalog-empty-{look.way}", after_answer=True)


@in_all_ways
def test_integrations_of_somebody_who_is_no_vendor(look, customer, phone):
	visitor = look(customer.user, "/portal/integrations")
	expect(visitor.page.locator("#obstacle")).to_be_visible()
	look_at(visitor, f"integrations-no-vendor-{look.way}")


@in_all_ways
def test_orders_that_could_not_be_sent_and_a_long_wait(look, connected, phone):
	order((connected.item, 1, 10), address=False)
	visitor, held = look(connected.user, "/portal/integrations"), []
	page, card = visitor.page, card_of(visitor.page)
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Part of the sync failed:")
	look_at(visitor, f"integrations-partly-failed-{look.way}", after_answer=True)
	page.route("**/*test_connection", lambda route: held.append(route))
	card.get_by_role("button", name="Test connection").click()
	expect(card.get_by_role("status")).to_contain_text("This takes longer than usual.")
	look_at(visitor, f"integrations-slow-{look.way}", after_answer=True)
	held.pop().abort()
	visitor.expected_errors = ["ERR_FAILED"]
	expect(card.get_by_role("status")).to_contain_text("MedGrid cannot be reached.")
	look_at(visitor, f"integrations-unreachable-{look.way}", after_answer=True)


@in_all_ways
def test_a_verified_phone(look, vendor, sendblue, phone):
	connect(vendor, sendblue)
	visitor = look(vendor.user, "/portal/integrations")
	expect(card_of(visitor.page, "sendblue")).to_have_attribute("data-status", "connected")
	look_at(visitor, f"phone-verified-{look.way}")


@in_all_ways
def test_back_from_shopify_without_a_store_and_an_address_that_is_none(look, vendor, shopify_app, phone):
	visitor = look(vendor.user, "/portal/integrations?shopify=error&reason=denied")
	visitor.expected_errors = ["status of 400"]
	card = card_of(visitor.page, "shopify")
	expect(card.get_by_role("status")).to_contain_text("the request was not approved")
	look_at(visitor, f"shopify-denied-{look.way}", after_answer=True)
	card.get_by_label("Your store's address").fill("shop.example.com")
	card.get_by_role("button", name="Connect Shopify").click()
	expect(card.get_by_label("Your store's address")).to_have_attribute("aria-invalid", "true")
	look_at(visitor, f"shopify-no-address-{look.way}", after_answer=True)


@in_all_ways
@pytest.mark.parametrize("action", ["Generate new secret", "Revoke keys"])
def test_the_questions_about_keys(look, vendor, action, phone):
	visitor = look(vendor.user, "/portal/settings")
	visitor.page.get_by_role("button", name=action).click()
	expect(visitor.page.get_by_role("dialog")).to_be_visible()
	look_at(visitor, f"settings-{action.split()[0].lower()}-{look.way}", after_answer=True)


@in_all_ways
def test_the_question_before_disconnecting(look, connected, phone):
	visitor = look(connected.user, "/portal/integrations")
	visitor.page.get_by_role("button", name="Disconnect").first.click()
	look_at(visitor, f"disconnect-{look.way}", after_answer=True)


@in_all_ways
def test_settings_with_and_without_keys(look, vendor, phone):
	visitor = look(vendor.user, "/portal/settings")
	look_at(visitor, f"settings-{look.way}")
	visitor.page.get_by_role("button", name="Revoke keys").click()
	visitor.page.get_by_role("dialog").get_by_role("button", name="Revoke keys").click()
	expect(visitor.page.get_by_text("Your keys are revoked.")).to_be_visible()
	look_at(visitor, f"settings-no-keys-{look.way}", after_answer=True)
	visitor.page.get_by_role("button", name="Generate Keys").click()
	expect(visitor.page.locator("#secret-notice")).to_be_visible()
	look_at(visitor, f"settings-new-keys-{look.way}", after_answer=True)


@in_all_ways
def test_catalog_with_items_without_and_in_all_warehouses(look, customer, catalog, phone):
	visitor = look(customer.user, f"/portal/catalog?warehouse={catalog.alpha}")
	page = visitor.page
	expect(page.get_by_role("cell", name="MGT Powder")).to_be_visible()
	look_at(visitor, f"catalog-{look.way}")
	page.get_by_label("Search").fill("no such thing")
	expect(page.locator("#nothing")).to_be_visible()
	look_at(visitor, f"catalog-nothing-{look.way}", after_answer=True)
	page.get_by_label("Warehouse").select_option("")
	page.get_by_label("Search").fill("both")
	expect(page.get_by_role("cell", name="MGT Both Places").first).to_be_visible()
	look_at(visitor, f"catalog-everywhere-{look.way}", after_answer=True)
