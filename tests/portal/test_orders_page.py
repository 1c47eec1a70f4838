"""/portal/orders as a vendor uses it: to find a failed order, understand it, and retry it."""

import re

import pytest
from playwright.sync_api import expect

from tests.integrations.vendor_orders.test_acknowledge import cancel
from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.portal.test_accessibility import in_all_ways, look, look_at, violations_on
from tests.portal.test_integrations_page import card_of
from tests.support.vendors import order

__all__ = ["look"]
NARROW = {"width": 320, "height": 800}


def row_of(page, sales_order):
	return page.locator(f'[data-order="{sales_order}"]')


def count_of(page, key):
	return page.locator(f'[data-count="{key}"]')


@pytest.fixture
def failed(vendor):
	"""A failed and a waiting order of a vendor who is not connected: nothing sends them meanwhile."""
	made = [new_order((vendor.item, 1, 10)) for _number in range(2)]
	set_record(
		vendor, made[0], status="Failed", reason="The address has no postal code.", who_acts="Wholesaler"
	)
	return made


def test_a_failed_order_is_found_understood_and_retried_from_the_home_page(visit, vendor, failed):
	visitor = visit(vendor.user)
	page = visitor.open("/portal")
	page.get_by_role("main").get_by_role("link", name=re.compile("^Orders")).click()
	expect(page.locator("#count")).to_have_text("Orders: 2.")
	expect(count_of(page, "failed")).to_have_text("1")
	expect(count_of(page, "waiting")).to_have_text("1")
	page.get_by_label("Status").select_option(label="Failed")
	expect(page.locator("#count")).to_have_text("Orders: 1.")
	row = row_of(page, failed[0])
	expect(row).to_contain_text("The address has no postal code.")
	expect(row).to_contain_text("The wholesaler has to act.")
	visitor.keep_picture("orders-failed")
	row.get_by_role("button", name="Retry now").click()
	expect(page.locator("#outcome")).to_contain_text(f"{failed[0]} is due again.")
	expect(count_of(page, "failed")).to_have_text("0")
	expect(count_of(page, "waiting")).to_have_text("2")
	# Its row is gone, since the list has failed orders only.
	expect(page.locator("#outcome")).to_be_focused()
	assert vendor.record(failed[0]).status == "Waiting"


def test_all_failed_are_retried_at_once_by_keyboard(visit, vendor, failed):
	set_record(vendor, failed[1], status="Failed")
	page = visit(vendor.user).open("/portal/orders")
	button = page.get_by_role("button", name="Retry all failed")
	expect(button).to_be_visible()
	button.focus()
	page.keyboard.press("Enter")
	expect(page.locator("#outcome")).to_contain_text("Due again: 2.")
	expect(button).to_be_hidden()
	expect(page.locator("#outcome")).to_be_focused()
	assert [vendor.record(name).status for name in failed] == ["Waiting", "Waiting"]


def test_a_retried_row_keeps_the_focus(visit, vendor, failed):
	page = visit(vendor.user).open("/portal/orders")
	button = row_of(page, failed[0]).get_by_role("button")
	button.focus()
	page.keyboard.press("Space")
	expect(row_of(page, failed[0])).to_be_focused()
	expect(row_of(page, failed[0]).locator(".state")).to_have_text("Waiting")


def test_filters_are_in_the_address_and_in_the_file(visit, vendor, failed):
	page = visit(vendor.user).open("/portal/orders")
	page.get_by_label("Search").fill(failed[1])
	expect(page.locator("#count")).to_have_text("Orders: 1.")
	assert page.url.endswith(f"?query={failed[1]}")
	page.reload()
	expect(page.get_by_label("Search")).to_have_value(failed[1])
	expect(row_of(page, failed[1])).to_be_visible()
	expect(row_of(page, failed[0])).to_have_count(0)
	with page.expect_download() as download:
		page.get_by_role("link", name="Download CSV").click()
	assert download.value.suggested_filename == "orders.csv"
	text = download.value.path().read_text(encoding="utf-8-sig")
	assert failed[1] in text and failed[0] not in text
	page.get_by_label("Search").fill("no such thing")
	expect(page.locator("#nothing")).to_have_text("No order matches.")


def test_a_parcel_links_to_its_carrier(visit, vendor):
	name = new_order((vendor.item, 1, 10))
	set_record(vendor, name, status="Shipped", tracking_number="1Z9", carrier_code="ups")
	link = row_of(visit(vendor.user).open("/portal/orders"), name).get_by_role("link", name="1Z9")
	expect(link).to_have_attribute("href", "https://www.ups.com/track?tracknum=1Z9")
	expect(link).to_have_attribute("rel", re.compile("noopener"))


def test_text_of_others_is_text(visit, vendor):
	name = new_order((vendor.item, 1, 10))
	hostile = "<img src=x onerror=\"document.title='hacked'\"> {0} & so on"
	set_record(vendor, name, status="Failed", reason=hostile)
	page = visit(vendor.user).open("/portal/orders")
	expect(row_of(page, name)).to_contain_text(hostile)
	assert "hacked" not in page.title()


def test_what_cannot_be_loaded_is_said_and_tried_again(visit, vendor, failed):
	visitor = visit(vendor.user)
	visitor.expected_errors = ["ERR_FAILED"]
	page = visitor.page
	page.route("**/*list_orders*", lambda route: route.abort())
	visitor.open("/portal/orders")
	expect(page.locator("#failure")).to_contain_text("MedGrid cannot be reached.")
	page.unroute("**/*list_orders*")
	page.get_by_role("button", name="Try again").click()
	expect(row_of(page, failed[0])).to_be_visible()


def test_more_orders_are_shown_page_by_page(visit, vendor):
	made = [new_order((vendor.item, 1, 10)) for _number in range(2)]
	visitor = visit(vendor.user)
	page = visitor.page

	def one_row(route):
		route.continue_(url=route.request.url.replace("limit_page_length=50", "limit_page_length=1"))

	page.route("**/*list_orders*", one_row)
	visitor.open("/portal/orders")
	expect(page.locator("#count")).to_have_text("1 of 2 orders shown.")
	page.get_by_role("button", name="Show more").click()
	expect(row_of(page, made[0])).to_be_focused()
	expect(page.locator("#count")).to_have_text("Orders: 2.")
	expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_somebody_who_is_no_vendor_is_told_why_there_is_nothing(visit, customer):
	page = visit(customer.user).open("/portal/orders")
	expect(page.locator("#obstacle")).to_contain_text("Your user belongs to no Supplier.")
	expect(page.get_by_role("navigation").get_by_role("link", name="Orders")).to_have_count(0)


@in_all_ways
def test_orders_in_all_ways(look, vendor, failed, phone):
	set_record(vendor, failed[1], status="Shipped", tracking_number="1Z9", carrier_code="ups")
	visitor = look(vendor.user, "/portal/orders")
	expect(row_of(visitor.page, failed[0])).to_be_visible()
	look_at(visitor, f"orders-{look.way}")
	visitor.page.get_by_label("Search").fill("no such thing")
	expect(visitor.page.locator("#nothing")).to_be_visible()
	look_at(visitor, f"orders-nothing-{look.way}", after_answer=True)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_sticks_out_at_320_pixels(visit, vendor, failed, direction):
	set_record(vendor, failed[0], reason="W" * 300, shipstation_order_id="9" * 30)
	visitor = visit(vendor.user)
	page = visitor.page
	page.set_viewport_size(NARROW)
	visitor.open("/portal/orders")
	expect(row_of(page, failed[0])).to_be_visible()
	page.evaluate(f"document.dir = '{direction}'")
	visitor.keep_picture(f"orders-320-{direction}")
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	assert violations_on(page) == []


def test_the_card_says_how_many_orders_wait_have_failed_and_were_sent(visit, connected):
	order((connected.item, 1, 10), address=False)
	card = card_of(visit(connected.user).open("/portal/integrations"))
	order((connected.item, 1, 10))
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Part of the sync failed:")
	for key, number in (("orders_waiting", 1), ("orders_failed", 0), ("orders_sent_today", 1)):
		expect(card.locator(f'[data-stat="{key}"] dd')).to_have_text(str(number))
	advice = card.locator('[data-slot="advice"]')
	expect(advice).to_have_text(
		"Each sync tries again to send the orders that wait: 1. Failed: 0. The page Orders says why, and who"
		" has to act."
	)
	card.page.reload()
	expect(advice).to_contain_text("orders that wait: 1.")
	expect(card.locator('[data-stat="orders_waiting"] dd')).to_have_text("1")
	card.get_by_role("link", name="See your orders").click()
	expect(card.page).to_have_url(re.compile("/portal/orders$"))


def test_a_sync_that_leaves_orders_says_so(visit, connected):
	for _number in range(2):
		new_order((connected.item, 1, 10))
	visitor = visit(connected.user)
	card = card_of(visitor.open("/portal/integrations"))
	page = visitor.page
	page.route("**/*sync_now*", lambda route: route.fulfill(json={"message": {"ok": True, "stats": {}}}))
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Sync finished. Orders that still wait: 2.")


@in_all_ways
def test_orders_that_must_not_be_shipped_are_on_top_until_acknowledged(look, connected, phone):
	document = order((connected.item, 1, 10))
	connected.stats()
	name = cancel(document)
	visitor = look(connected.user, "/portal/orders")
	visitor.open("/portal/integrations")
	section = visitor.page.get_by_role("region", name="Do not ship these orders")
	expect(section).to_contain_text(f"{name} The Sales Order was cancelled after it was sent.")
	look_at(visitor, f"do-not-ship-{look.way}")
	visitor.open("/portal/orders")
	section.get_by_role("button", name=f"I do not ship {name}").press("Enter")
	expect(section.get_by_role("status")).to_have_text(f"You have said that you do not ship {name}.")
	expect(section.get_by_role("status")).to_be_focused()
	visitor.open("/portal/orders")
	expect(section).to_be_hidden()
	assert connected.record(name).acknowledged_by == connected.user.email
