"""Coming to the portal without a session, coming back, and leaving."""

import re

from playwright.sync_api import expect


def test_a_guest_signs_in_and_comes_back_to_the_page_with_its_query(visit, customer):
	visitor = visit()
	page = visitor.open("/portal/catalog?query=gauze")
	expect(page).to_have_url(re.compile(r"/login\?redirect-to="))
	page.locator("#login_email").fill(customer.user.email)
	page.locator("#login_password").fill(customer.user.password)
	page.locator(".btn-login").first.click()
	expect(page).to_have_url(re.compile(r"/portal/catalog\?.*query=gauze"))
	expect(page.get_by_role("heading", level=1)).to_have_text("Catalog")
	expect(page.get_by_label("Search")).to_have_value("gauze")


def test_the_home_leads_to_each_page_and_back(visit, vendor):
	visitor = visit(vendor.user)
	page = visitor.open("/portal")
	visitor.keep_picture("home")
	page.get_by_role("main").get_by_role("link", name="Integrations").click()
	expect(page.get_by_role("heading", level=1)).to_have_text("Integrations")
	expect(page.get_by_role("link", name="Integrations")).to_have_attribute("aria-current", "page")
	page.get_by_role("link", name="MedGrid").click()
	expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def test_signing_out_ends_the_session(visit, customer):
	visitor = visit(customer.user)
	page = visitor.open("/portal/settings")
	page.get_by_role("button", name="Sign out").click()
	expect(page).to_have_url(re.compile("/login"))
	visitor.open("/portal/settings")
	expect(page).to_have_url(re.compile("/login"))


def test_a_page_left_open_by_one_user_does_nothing_for_the_next(visit, customer, connected):
	visitor = visit(connected.user)
	page = visitor.open("/portal/integrations")
	visitor.sign_in(customer.user)
	page.get_by_role("button", name="Test connection").first.click()
	expect(page.get_by_role("status").filter(has_text="This page is out of date.")).to_be_visible()
	assert connected.entry()["status"] == "connected"


def test_a_session_that_has_ended_is_said_in_words(visit, connected):
	visitor = visit(connected.user)
	visitor.expected_errors = ["status of 4"]
	page = visitor.open("/portal/integrations")
	visitor.context.clear_cookies()
	page.get_by_role("button", name="Test connection").first.click()
	expect(page.get_by_role("status").filter(has_text="You are not signed in any more.")).to_be_visible()


def test_a_page_that_the_browser_kept_in_memory_is_hidden_and_asked_for_anew(visit, vendor, customer):
	"""Chromium keeps none of ours; a browser that does fires these events."""
	visitor = visit(vendor.user)
	page = visitor.open("/portal/settings")
	page.get_by_role("button", name="Generate new secret").click()
	page.get_by_role("dialog").get_by_role("button", name="Generate new secret").click()
	expect(page.locator("#secret-notice")).to_be_visible()
	secret = page.locator("#api-secret").inner_text()
	page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
	expect(page.get_by_text(secret).first).to_be_hidden()
	visitor.sign_in(customer.user)
	with page.expect_navigation():
		page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
	expect(page.locator("body")).to_have_attribute("data-user", customer.user.email)
	assert secret not in page.content()
