"""Turning mails off: by the link in a mail, without signing in, and on the page of the user's settings."""

import frappe
import pytest
from playwright.sync_api import expect

from medgrid.services import mail_choices
from tests.portal.test_accessibility import in_all_ways, look, look_at

__all__ = ["look"]


@pytest.fixture
def link(vendor):
	"""The path in a mail to a vendor's user, who gets mails."""
	mail_choices.choose(vendor.user.email, mails=True)
	frappe.db.commit()
	yield "/portal" + mail_choices.link_of(vendor.user.email).split("/portal", 1)[1]
	frappe.db.rollback()
	mail_choices.choose(vendor.user.email, mails=True)
	frappe.db.commit()


def gets_mails(vendor) -> bool:
	frappe.db.rollback()
	return mail_choices.wants_mails(vendor.user.email)


def test_a_guest_turns_them_off_by_keyboard_and_opening_the_link_alone_does_not(visit, vendor, link):
	page = visit().open(link)
	expect(page.get_by_role("heading", level=1)).to_have_text("Mails about your connections")
	expect(page.get_by_role("main")).to_contain_text(vendor.user.email)
	expect(page.get_by_role("navigation")).to_have_count(0)
	assert gets_mails(vendor)
	page.get_by_role("button", name="Send me no such mails").focus()
	page.keyboard.press("Enter")
	expect(page.get_by_role("status")).to_have_text("You get no more mails about your connections.")
	assert not gets_mails(vendor)


def test_a_broken_link_says_so(visit, vendor, link):
	visitor = visit()
	visitor.expected_errors = ["status of 400"]
	page = visitor.open(link[:-3])
	page.get_by_role("button", name="Send me no such mails").click()
	expect(page.get_by_role("status")).to_have_text("This link is not complete. Open it again from the mail.")
	assert gets_mails(vendor)


def test_the_settings_turn_them_off_and_on(visit, vendor, link):
	page = visit(vendor.user).open("/portal/settings")
	mails = page.locator("#mails")
	expect(mails.get_by_role("status")).to_have_text("You get them.")
	mails.get_by_role("button", name="Send me no such mails").click()
	expect(mails.get_by_role("status")).to_have_text("You do not get them.")
	assert not gets_mails(vendor)
	mails.get_by_role("button", name="Send me these mails").click()
	expect(mails.get_by_role("status")).to_have_text("You get them.")
	assert gets_mails(vendor)


def test_who_is_no_vendor_is_not_asked(visit, customer):
	expect(visit(customer.user).open("/portal/settings").locator("#mails")).to_have_count(0)


@in_all_ways
@pytest.mark.parametrize("page", ["unsubscribe", "settings"])
def test_the_pages_are_accessible_and_fit(look, vendor, link, page, phone):
	person, path = (None, link) if page == "unsubscribe" else (vendor.user, "/portal/settings")
	look_at(look(person, path), f"mails-{page}-{look.way}")


@pytest.mark.parametrize("page", ["unsubscribe", "settings"])
def test_320_pixels_are_enough(visit, vendor, link, page):
	visitor = visit(None if page == "unsubscribe" else vendor.user)
	visitor.page.set_viewport_size({"width": 320, "height": 800})
	visitor.open(link if page == "unsubscribe" else "/portal/settings")
	assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
