"""The panel "Vendors and store" and the buttons on Vendor Connection, in Desk itself."""

import pytest
from playwright.sync_api import expect

from tests.integrations.vendor_orders.test_list_orders import new_order, set_record
from tests.support import people

pytestmark = pytest.mark.desk


def press(form, label: str) -> None:
	form.settle()
	group = form.shown.locator('.inner-group-button[data-label="MedGrid"]')
	group.get_by_role("button").first.click()
	group.locator(".dropdown-item").filter(has_text=label).click()


def test_a_sales_manager_sees_why_an_order_failed_and_retries_it(desk, environment, vendor):
	seller = people.person("mgt.desk.salesmanager@example.com", "Sales Manager")
	order = new_order((vendor.item, 1, 10))
	failure = {"reason": "The state is missing.", "who_acts": "Wholesaler", "attempts": 7}
	set_record(vendor, order, status="Failed", **failure)
	form = desk(seller).open(f"sales-order/{order}")
	panel = form.shown.locator(".medgrid-panel")
	expect(panel).to_have_count(1)
	for text in (vendor.supplier, "Failed", "The state is missing.", "Wholesaler", "7"):
		expect(panel).to_contain_text(text)
	press(form, f"Retry {vendor.supplier}")
	expect(form.page.locator(".alert-message").first).to_contain_text(f"{order} is due again")
	expect(panel).to_contain_text("Waiting")
	assert vendor.record(order).status == "Waiting"


def test_an_administrator_pauses_a_vendors_connection(desk, environment, connected, manager):
	form = desk(manager.user).open(f"vendor-connection/{connected.connection()}")
	expect(form.shown.locator(".form-message").first).to_contain_text(connected.supplier)
	press(form, "Pause")
	expect(form.page.locator(".alert-message").first).to_contain_text("It is paused")
	assert connected.entry()["paused"]["by"] == manager.user.email
