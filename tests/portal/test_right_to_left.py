"""What a reader of Arabic sees besides the pages at rest: the notice of orders not to ship, the question to
sign in again, lists with rows, and the page that turns mails off."""

import pytest
from playwright.sync_api import expect

from medgrid.services import mail_choices
from tests.integrations.vendor_orders.test_acknowledge import cancelled
from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.integrations.vendor_products.test_list_products import curated
from tests.portal.test_accessibility import violations_on
from tests.portal.test_integrations_page import card_of

__all__ = ["cancelled", "curated"]


def looks_right(visitor, name: str) -> None:
	page = visitor.page
	visitor.keep_picture(f"rtl-{name}")
	expect(page.locator("html")).to_have_attribute("dir", "rtl")
	assert violations_on(page) == []
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def arabic(request, visit, reads):
	"""`arabic(person, path)`: a Visitor who reads Arabic."""

	def open_page(person, path: str):
		reads(person, "ar")
		visitor = visit(person, phone=request.param)
		visitor.open(path)
		visitor.page.wait_for_load_state("networkidle")
		return visitor

	return open_page


def test_orders_that_must_not_be_shipped(arabic, connected, cancelled):
	visitor = arabic(connected.user, "/portal/orders")
	row = visitor.page.locator(f'[data-cancelled="{cancelled}"]')
	expect(row).to_be_visible()
	looks_right(visitor, "do-not-ship")
	row.get_by_role("button").focus()
	visitor.page.keyboard.press("Enter")
	expect(row).to_have_count(0)


def test_the_list_of_orders_with_a_failed_one(arabic, vendor):
	name = new_order((vendor.item, 1, 10))
	set_record(vendor, name, status="Failed", reason="The address has no postal code.", who_acts="Wholesaler")
	visitor = arabic(vendor.user, "/portal/orders")
	expect(visitor.page.locator(f'[data-order="{name}"]')).to_contain_text("The address has no postal code.")
	looks_right(visitor, "orders")


def test_the_list_of_products(arabic, curated):
	visitor = arabic(curated.user, "/portal/products")
	expect(visitor.page.locator("tbody tr").first).to_be_visible()
	looks_right(visitor, "products")


def test_the_question_to_sign_in_again(arabic, vendor):
	visitor = arabic(vendor.user, "/portal/integrations")
	card = card_of(visitor.page)
	visitor.expected_errors.append("status of 40[0-9]")
	visitor.context.clear_cookies()
	card.locator('[name="api_key"]').fill(vendor.api_key)
	card.locator('[name="api_secret"]').fill(vendor.api_secret)
	card.locator('[data-connect="keys"] [type="submit"]').click()
	expect(visitor.page.get_by_role("dialog")).to_be_visible()
	looks_right(visitor, "sign-in")


def test_turning_mails_off(arabic, vendor):
	path = "/portal" + mail_choices.link_of(vendor.user.email).split("/portal", 1)[1]
	visitor = arabic(vendor.user, path)
	expect(visitor.page.get_by_role("heading", level=1)).to_be_visible()
	looks_right(visitor, "unsubscribe")
	visitor.open("/portal/settings")
	expect(visitor.page.locator("#mails")).to_be_visible()
	looks_right(visitor, "settings")
