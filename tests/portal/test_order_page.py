"""/portal/order as a vendor uses it: to see the lines, parcels and history of an order, and to retry it."""

import pytest
from playwright.sync_api import expect

from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.portal.test_accessibility import in_all_ways, look, look_at, violations_on
from tests.portal.test_session_expiry import session_ends, sign_in

__all__ = ["look"]
NARROW = {"width": 320, "height": 800}
REASON = "The address has no postal code."


@pytest.fixture
def failed(vendor) -> str:
	made = new_order((vendor.item, 2, 10))
	set_record(vendor, made, status="Failed", reason=REASON, who_acts="Wholesaler", attempts=7)
	return made


def test_an_order_is_opened_from_the_list_understood_and_retried(visit, vendor, failed):
	visitor = visit(vendor.user)
	page = visitor.open("/portal/orders")
	page.get_by_role("link", name=failed, exact=True).click()
	expect(page.get_by_role("heading", level=1)).to_have_text(f"Order {failed}")
	main = page.get_by_role("main")
	expect(main).to_contain_text(REASON)
	expect(main).to_contain_text("The wholesaler has to act.")
	lines = page.get_by_role("region", name="Your lines of the order")
	expect(lines.get_by_role("listitem")).to_have_count(1)
	expect(lines).to_contain_text(f"2 Nos {vendor.item}")
	history = page.get_by_role("region", name="What happened")
	expect(history.get_by_role("listitem").first).to_contain_text("The order is due for you.")
	visitor.keep_picture("order-failed")
	retry = page.get_by_role("button", name="Retry now")
	retry.dblclick()
	expect(page.locator("#outcome")).to_contain_text(f"{failed} is due again.")
	expect(page.locator("#outcome")).to_be_focused()
	expect(history).to_contain_text(f"Retried by {vendor.user.email}.")
	expect(retry).to_have_count(0)
	assert vendor.record(failed).status == "Waiting"
	# It is said once.
	page.reload()
	expect(page.locator("#outcome")).to_be_empty()
	page.get_by_role("link", name="All orders").click()
	expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


def test_who_is_signed_out_signs_in_and_retries(visit, vendor, failed):
	visitor = visit(vendor.user)
	page = visitor.open(f"/portal/order?order={failed}")
	session_ends(visitor)
	page.get_by_role("button", name="Retry now").click()
	sign_in(page, vendor.user.password)
	expect(page.locator("#outcome")).to_contain_text(f"{failed} is due again.")


@pytest.mark.parametrize("wanted", ["SAL-ORD-0", "<img src=x onerror=alert(1)>", "x" * 500])
def test_an_order_that_is_not_the_vendors_is_not_there(visit, vendor, wanted):
	page = visit(vendor.user).open("/portal/orders")
	page.goto(f"{page.url.split('/portal')[0]}/portal/order?order={wanted}")
	expect(page.locator("#obstacle")).to_have_text(f"There is no order {wanted[:140]} of yours.")
	assert page.locator("main img").count() == 0
	assert violations_on(page) == []


def test_without_an_order_there_is_the_list(visit, vendor):
	page = visit(vendor.user).open("/portal/order")
	expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


@in_all_ways
def test_an_order_in_all_ways(look, vendor, failed, phone):
	set_record(vendor, failed, shipstation_order_id="90000014", tracking_number="1Z9", carrier_code="ups")
	visitor = look(vendor.user, f"/portal/order?order={failed}")
	expect(visitor.page.get_by_role("link", name="1Z9")).to_be_visible()
	look_at(visitor, f"order-{look.way}")


@pytest.mark.parametrize("language", [None, "de", "es", "ar"])
def test_nothing_sticks_out_at_320_pixels_in_any_language(visit, reads, vendor, failed, language):
	set_record(vendor, failed, reason="W" * 300, shipstation_order_id="9" * 30)
	if language:
		reads(vendor.user, language, is_spoken=language == "ar")
	visitor = visit(vendor.user)
	visitor.page.set_viewport_size(NARROW)
	page = visitor.open(f"/portal/order?order={failed}")
	expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
	expect(page.get_by_text("W" * 300)).to_be_visible()
	visitor.keep_picture(f"order-320-{language}")
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	assert violations_on(page) == []


def test_text_of_others_is_text(visit, vendor, failed):
	hostile = "<img src=x onerror=\"document.title='hacked'\"> {0} & so on"
	set_record(vendor, failed, reason=hostile)
	page = visit(vendor.user).open(f"/portal/order?order={failed}")
	expect(page.get_by_role("main")).to_contain_text(hostile)
	assert "hacked" not in page.title()
