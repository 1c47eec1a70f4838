"""A vendor's first hour, from the sign-in page on: somebody who knows no address of the portal connects their
ShipStation, finds a failed order, understands it and retries it."""

import re

from frappe.utils import add_days, today
from playwright.sync_api import expect

from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.portal.test_integrations_page import card_of, fill_in_keys, status_of
from tests.support.records import write_values
from tests.support.waiting import wait_until_equal


def test_a_newcomer_connects_finds_a_failed_order_understands_it_and_retries_it(visit, vendor):
	good = new_order((vendor.item, 1, 10))
	visitor = visit()
	page = visitor.open("/login")

	# They sign in, and land where they can do something.
	page.locator("#login_email").fill(vendor.user.email)
	page.locator("#login_password").fill(vendor.user.password)
	page.locator(".btn-login").first.click()
	expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")

	# They connect, and the first sync begins by itself and says what it did.
	page.get_by_role("main").get_by_role("link", name=re.compile("^Integrations")).click()
	card = card_of(page)
	expect(card).to_contain_text("Orders that wait for you: 1.")
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(status_of(card)).to_have_text("Connected")
	expect(card.locator('[data-fact="connected_as"]')).to_contain_text(vendor.api_key[-4:])
	expect(card.locator('[data-stat="orders_sent_today"] dd')).to_have_text("1")
	expect(card.locator('[data-fact="next_sync_at"]')).to_be_visible()
	visitor.keep_picture("first-hour-connected")

	# Later, an order fails.
	bad, reason = new_order((vendor.item, 1, 10)), "The address has no postal code."
	set_record(vendor, bad, status="Failed", reason=reason, who_acts="Wholesaler", attempts=7)

	# From the card they come to their orders, and to the one that failed.
	card.get_by_role("link", name="See your orders").click()
	expect(page.get_by_role("heading", level=1)).to_have_text("Orders")
	expect(page.locator(f'[data-order="{good}"]')).to_contain_text("Sent")
	page.get_by_label("Status").select_option(label="Failed")
	row = page.locator(f'[data-order="{bad}"]')
	expect(row).to_contain_text(reason)
	expect(row).to_contain_text("The wholesaler has to act.")

	# It was mended meanwhile; they retry it, and it goes out.
	row.get_by_role("button", name="Retry now").click()
	expect(page.locator("#outcome")).to_contain_text(f"{bad} is due again.")
	wait_until_equal(lambda: vendor.record(bad).status, "Sent")
	page.get_by_label("Status").select_option(label="All")
	expect(page.locator(f'[data-order="{bad}"]')).to_contain_text("Sent")
	assert {each["orderKey"] for each in vendor.remote_orders()} == {good, bad}


def test_the_card_says_how_many_orders_would_go_from_a_day_on(visit, vendor):
	old, new = (new_order((vendor.item, 1, 10)) for _number in range(2))
	write_values("Sales Order", old, "transaction_date", add_days(today(), -10))
	card = card_of(visit(vendor.user).open("/portal/integrations"))
	to_send = card.locator('[data-slot="orders_to_send"]')
	expect(to_send).to_contain_text("Orders that wait for you: 2.")
	card.get_by_label("Only orders from this day on").fill(today())
	expect(to_send).to_contain_text("Orders that wait for you: 1.")
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(card.locator('[data-stat="orders_sent_today"] dd')).to_have_text("1")
	assert [each["orderKey"] for each in vendor.remote_orders()] == [new]
