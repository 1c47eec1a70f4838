"""The form of Sales Order in Desk: MedGrid's buttons and the fields that MedGrid keeps."""

import pytest
from playwright.sync_api import expect

from tests.support import people
from tests.support.store import new_item
from tests.support.vendors import fresh, order

pytestmark = pytest.mark.desk
SEND, SENT = ["Send to Exoceuticals"], ["Refresh status", "Open in Shopify"]


@pytest.fixture
def seller(environment):
	return people.person("mgt.desk.salesmanager@example.com", "Sales Manager")


def confirm(form) -> None:
	form.page.locator(".modal.show").get_by_role("button", name="Yes").click()


def test_an_order_is_sent_followed_and_found_in_shopify(desk, seller, sold, connected_store):
	left_out = new_item()
	sales_order = order((sold, 2, 10), (left_out, 1, 5))
	form = desk(seller).open(f"sales-order/{sales_order.name}")
	assert form.buttons() == SEND
	form.press("Send to Exoceuticals")
	expect(form.page.locator(".modal.show")).to_contain_text(f"Create an order for {sales_order.name}")
	confirm(form)
	expect(form.dialog()).to_contain_text("Sent to Exoceuticals as #")
	expect(form.dialog().locator("li")).to_have_text(left_out)
	form.close_dialog()

	form.tab("Exoceuticals").click()
	stored = fresh(sales_order)
	shown = form.field("exoceuticals_order_id")
	expect(shown).to_contain_text(stored.exoceuticals_order_id)
	expect(shown.locator("input:visible")).to_have_count(0)
	assert form.buttons() == SENT

	form.press("Refresh status")
	expect(form.page.locator(".alert-message")).to_have_text("Exoceuticals: Unfulfilled")

	context = form.visitor.context
	context.route("https://admin.shopify.com/**", lambda route: route.fulfill(body="the order"))
	form.visitor.other_hosts.add("admin.shopify.com")
	with context.expect_page() as opened:
		form.press("Open in Shopify")
	number = stored.exoceuticals_order_id.rpartition("/")[2]
	opened.value.wait_for_url(f"https://admin.shopify.com/store/*/orders/{number}")
	assert opened.value.evaluate("window.opener") is None


def test_what_stands_in_the_way_is_said_once_and_the_order_stays_as_it_is(desk, seller, connected_store):
	sales_order = order((new_item(), 1, 5))
	form = desk(seller)
	form.visitor.expected_errors += ["status of 417"]
	form.open(f"sales-order/{sales_order.name}")
	form.press("Send to Exoceuticals")
	confirm(form)
	expect(form.dialog().locator(".msgprint")).to_contain_text("have no Shopify variant")
	assert form.buttons() == SEND


def test_others_see_no_buttons(desk, sold):
	clerk = people.person("mgt.desk.salesuser@example.com", "Sales User")
	form = desk(clerk).open(f"sales-order/{order((sold, 1, 10)).name}")
	expect(form.shown.get_by_role("button", name="Update Items")).to_be_visible()
	assert form.buttons() == []


def test_a_draft_cannot_be_sent(desk, seller, sold):
	form = desk(seller).open(f"sales-order/{order((sold, 1, 10), submit=False).name}")
	expect(form.shown.get_by_role("button", name="Submit")).to_be_visible()
	assert form.buttons() == []


def test_the_item_shows_its_link_and_nobody_can_type_over_it(desk, administrator, sold):
	form = desk(administrator).open(f"item/{sold}")
	form.tab("Exoceuticals").click()
	shown = form.field("exoceuticals_variant_id")
	expect(shown).to_contain_text("gid://shopify/ProductVariant/")
	expect(form.shown.locator("[role=tabpanel]:visible input:visible")).to_have_count(0)
