"""/portal/products as a vendor uses it: to see which products the wholesaler sells, which wait, and why."""

import re

import pytest
from playwright.sync_api import expect

from tests.integrations.vendor_products.test_list_products import curated, decide
from tests.portal.test_accessibility import in_all_ways, look, look_at, violations_on

__all__ = ["curated", "look"]
NARROW = {"width": 320, "height": 800}


def test_a_product_that_waits_is_found_and_understood_from_the_home_page(visit, curated):
	decide(curated, "Tape", not_wanted=1, not_wanted_because="We sell another brand.")
	page = visit(curated.user).open("/portal")
	page.get_by_role("main").get_by_role("link", name=re.compile("^Products")).click()
	expect(page.locator("#count")).to_have_text("Products: 3.")
	expect(page.locator('[data-count="linked"]')).to_have_text("1")
	row = page.get_by_role("row").filter(has_text="Tape")
	expect(row).to_contain_text("We sell another brand.")
	page.get_by_label("State").select_option(label="Waiting for a decision")
	expect(page.locator("#count")).to_have_text("Products: 1.")
	row = page.get_by_role("row").filter(has_text="Gauze 100%")
	expect(row).to_contain_text("The wholesaler has no item of yours with this SKU yet.")
	expect(row).to_contain_text("$7.00")
	page.get_by_label("Search").fill("nothing like it")
	expect(page.locator("#nothing")).to_have_text("No product matches.")
	link = page.get_by_role("link", name="Download CSV")
	assert link.get_attribute("href").endswith("export_products?state=waiting&query=nothing+like+it")


def test_the_menu_has_no_products_before_a_sync_has_seen_any(visit, vendor):
	page = visit(vendor.user).open("/portal")
	expect(page.get_by_role("link", name=re.compile("^Products"))).to_have_count(0)
	page.goto(page.url.replace("/portal", "/portal/products"))
	expect(page.locator("#nothing")).to_contain_text("No sync has seen a product of yours yet.")


def test_markup_of_the_shop_is_shown_as_text(visit, curated):
	decide(curated, "Gauze 100%", product_title="<img src=x onerror=alert(1)>")
	page = visit(curated.user).open("/portal/products")
	expect(page.locator("#count")).to_have_text("Products: 3.")
	expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
	assert page.locator(".products img").count() == 0


@in_all_ways
def test_products_in_all_ways(look, curated, phone):
	visitor = look(curated.user, "/portal/products")
	expect(visitor.page.get_by_role("row").filter(has_text="Bandage")).to_be_visible()
	look_at(visitor, f"products-{look.way}")


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_sticks_out_at_320_pixels(visit, curated, direction):
	decide(curated, "Tape", product_title="W" * 120, sku="9" * 60, not_wanted=1, not_wanted_because="W" * 300)
	visitor = visit(curated.user)
	page = visitor.page
	page.set_viewport_size(NARROW)
	visitor.open("/portal/products")
	expect(page.get_by_role("row").filter(has_text="Bandage")).to_be_visible()
	page.evaluate(f"document.dir = '{direction}'")
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	assert violations_on(page) == []
