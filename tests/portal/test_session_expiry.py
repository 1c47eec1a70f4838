"""A session that ends while somebody works: they sign in on the page, and go on with what they have typed."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from tests.integrations.accounts.test_order_rules import Goods, further
from tests.integrations.vendor_orders.test_list_orders import new_order
from tests.portal.test_accessibility import in_all_ways, look, look_at, violations_on
from tests.portal.test_integrations_page import card_of, fill_in_keys, status_of
from tests.support.records import write_values
from tests.support.runs import Worker
from tests.support.waiting import wait_for_jobs

__all__ = ["look"]


def question(page):
	return page.get_by_role("dialog", name="Sign in to go on")


def session_ends(visitor) -> None:
	visitor.expected_errors.append("status of 40[0-9]")
	visitor.context.clear_cookies()


def sign_in(page, password: str) -> None:
	question(page).get_by_label("Password").fill(password)
	question(page).get_by_role("button", name="Sign in").click()


@pytest.fixture
def asked(visit, vendor):
	"""A vendor who has typed their keys, and is asked to sign in."""
	visitor = visit(vendor.user)
	card = card_of(visitor.open("/portal/integrations"))
	session_ends(visitor)
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(question(visitor.page)).to_be_visible()
	return visitor


def test_whoever_signs_in_again_goes_on_without_typing_anything_twice(asked, vendor):
	page = asked.page
	card = card_of(page)
	expect(question(page)).to_contain_text(vendor.user.email)
	expect(question(page).get_by_label("Password")).to_be_focused()
	sign_in(page, "not the password")
	expect(question(page).get_by_role("alert")).to_have_text("The password is not right. Try again.")
	expect(question(page).get_by_label("Password")).to_have_value("")
	question(page).get_by_label("Password").fill(vendor.user.password)
	page.keyboard.press("Enter")
	expect(status_of(card)).to_have_text(re.compile("Connected|Syncing"))
	expect(question(page)).to_be_hidden()
	assert vendor.entry()["status"] in ("connected", "syncing")


@pytest.mark.parametrize("leave", ["button", "escape"])
def test_whoever_does_not_sign_in_keeps_what_is_typed(asked, vendor, leave):
	page = asked.page
	card = card_of(page)
	if leave == "button":
		question(page).get_by_role("button", name="Not now").click()
	else:
		page.keyboard.press("Escape")
	expect(question(page)).to_be_hidden()
	expect(card.get_by_role("status")).to_contain_text("You are not signed in any more.")
	expect(card.get_by_label("API Key")).to_have_value(vendor.api_key)
	assert vendor.entry()["status"] == "not_connected"
	card.get_by_role("button", name="Connect ShipStation").click()
	sign_in(page, vendor.user.password)
	expect(status_of(card)).to_have_text(re.compile("Connected|Syncing"))


def test_whoever_signs_in_in_another_tab_and_comes_back_goes_on(asked, vendor):
	page = asked.page
	with asked.context.expect_page() as opened:
		question(page).get_by_role("link", name="Sign in on the sign-in page").click()
	expect(opened.value).to_have_url(re.compile("/login"))
	opened.value.close()
	asked.sign_in(vendor.user)
	page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
	expect(status_of(card_of(page))).to_have_text(re.compile("Connected|Syncing"))


def test_a_list_that_could_not_be_loaded_is_loaded_after_signing_in(visit, vendor):
	new_order((vendor.item, 1, 10))
	visitor = visit(vendor.user)
	page = visitor.open("/portal/orders")
	expect(page.locator("#count")).to_have_text("Orders: 1.")
	session_ends(visitor)
	page.get_by_label("Status").select_option(label="Waiting")
	expect(page.locator("#failure")).to_contain_text("You are not signed in any more.")
	page.locator("#failure").get_by_role("button").click()
	sign_in(page, vendor.user.password)
	expect(page.locator("#count")).to_have_text("Orders: 1.")
	expect(page.locator("#failure")).to_be_hidden()


def test_the_catalog_goes_on_after_signing_in(visit, customer):
	visitor = visit(customer.user)
	page = visitor.open("/portal/catalog?query=gauze")
	expect(page.locator(".items")).to_have_attribute("aria-busy", "false")
	session_ends(visitor)
	page.get_by_label("Search").fill("vitamin")
	expect(page.locator("#failure")).to_contain_text("You are not signed in any more.")
	page.locator("#failure").get_by_role("button").click()
	sign_in(page, customer.user.password)
	expect(page.locator("#failure")).to_be_hidden()
	expect(page.locator(".items")).to_have_attribute("aria-busy", "false")
	expect(page.get_by_label("Search")).to_have_value("vitamin")


def test_who_watches_a_sync_goes_on_watching_it_after_signing_in(visit, connected, site):
	write_values("Vendor Connection", connected.connection(), "status", "syncing")
	worker = Worker(connected.connection())
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	expect(card.get_by_role("status").first).to_contain_text("A sync is running.")
	session_ends(visitor)
	sign_in(visitor.page, connected.user.password)
	expect(question(visitor.page)).to_be_hidden()
	worker.finish()
	expect(card.get_by_role("status").first).to_contain_text("Sync finished.")
	expect(status_of(card)).to_have_text("Connected")


FORMS = {
	"store": ("Save the store", "The store is saved."),
	"rule": ("Add to the rule", "The rule is saved."),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_forms_of_several_accounts_go_on_after_signing_in(visit, connected, form):
	goods = Goods(connected)
	frappe.db.commit()
	further(connected, "Europe")
	visitor = visit(connected.user)
	card = visitor.open("/portal/integrations").locator('[data-account="Europe"]')
	card.get_by_text("Orders that go here, and their store").click()
	expect(card.get_by_role("button", name="Save the store")).to_be_enabled()
	# The answer to a request that is still on its way would bring the session's cookie back.
	expect(card.locator(f'option[value="brand:{goods.brand}"]')).to_be_attached()
	button, said = FORMS[form]
	if form == "rule":
		card.get_by_label("Orders with a row of").select_option(f"brand:{goods.brand}")
	session_ends(visitor)
	card.get_by_role("button", name=button).click()
	sign_in(visitor.page, connected.user.password)
	expect(card.locator('[data-slot="routing_message"]')).to_contain_text(said)
	wait_for_jobs()


@pytest.mark.parametrize("action", ["Sync now", "Test connection", "Pause"])
def test_each_button_of_a_card_goes_on_after_signing_in(visit, connected, action):
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	session_ends(visitor)
	card.get_by_role("button", name=action, exact=True).click()
	sign_in(visitor.page, connected.user.password)
	done = {"Sync now": "Sync finished.", "Test connection": "The connection works.", "Pause": "is paused."}
	expect(card.get_by_role("status").first).to_contain_text(done[action])


def test_settings_go_on_after_signing_in(visit, vendor):
	visitor = visit(vendor.user)
	page = visitor.open("/portal/settings")
	mails = page.locator("#mails")
	before = mails.get_attribute("data-mails")
	session_ends(visitor)
	mails.get_by_role("button").click()
	sign_in(page, vendor.user.password)
	expect(mails).to_have_attribute("data-mails", "off" if before == "on" else "on")
	mails.get_by_role("button").click()
	expect(mails).to_have_attribute("data-mails", before)


@pytest.mark.parametrize("path", ["/portal/orders", "/portal/products"])
def test_a_file_is_downloaded_after_signing_in(visit, vendor, path):
	visitor = visit(vendor.user)
	page = visitor.open(path)
	expect(page.locator("#nothing")).to_be_visible()
	session_ends(visitor)
	link = page.get_by_role("link", name="Download CSV")
	link.click()
	with page.expect_download() as download:
		sign_in(page, vendor.user.password)
	assert download.value.suggested_filename == f"{path.rpartition('/')[2]}.csv"
	assert download.value.path().read_bytes().startswith(b"\xef\xbb\xbf")
	expect(page.locator("#outcome")).to_be_empty()


def test_a_file_that_cannot_be_loaded_is_said_beside_its_link(visit, vendor):
	visitor = visit(vendor.user)
	visitor.expected_errors = ["ERR_FAILED"]
	page = visitor.open("/portal/orders")
	expect(page.locator("#nothing")).to_be_visible()
	page.route("**/*export_orders*", lambda route: route.abort())
	page.get_by_role("link", name="Download CSV").click()
	expect(page.locator("#outcome")).to_contain_text("MedGrid cannot be reached.")
	assert page.url.endswith("/portal/orders")


@in_all_ways
def test_the_question_is_accessible_and_fits(look, vendor, phone):
	visitor = look(vendor.user, "/portal/integrations")
	session_ends(visitor)
	fill_in_keys(card_of(visitor.page), vendor.api_key, vendor.api_secret)
	expect(question(visitor.page)).to_be_visible()
	sign_in(visitor.page, "not the password")
	expect(question(visitor.page).get_by_role("alert")).not_to_be_empty()
	look_at(visitor, f"session-ended-{look.way}", after_answer=True)


def test_the_question_is_in_german_and_fits_320_pixels(visit, vendor, site):
	site.db.set_value("User", vendor.user.email, "language", "de")
	site.db.commit()
	try:
		visitor = visit(vendor.user)
		visitor.page.set_viewport_size({"width": 320, "height": 800})
		card = card_of(visitor.open("/portal/integrations"))
		session_ends(visitor)
		card.locator('input[name="api_key"]').fill(vendor.api_key)
		card.locator('input[name="api_secret"]').fill(vendor.api_secret)
		card.locator('[data-connect="keys"] [type="submit"]').click()
		expect(visitor.page.get_by_role("dialog")).to_contain_text("Ihre Sitzung ist beendet.")
		assert violations_on(visitor.page) == []
		assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	finally:
		site.db.set_value("User", vendor.user.email, "language", None)
		site.db.commit()
