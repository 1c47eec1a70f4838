"""The form of System Settings in Desk: the store's settings, and MedGrid's buttons."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.store import CLIENT_ID, configured, new_item
from tests.support.waiting import wait_for

pytestmark = pytest.mark.desk
BUTTONS = ["Install", "Test", "Sync catalog", "Sync inventory", "Register webhooks"]


@pytest.fixture
def settings(desk, administrator, connected_store):
	form = desk(administrator).open("system-settings")
	form.tab("API Integration").click()
	expect(form.field("exoceuticals_shop_domain")).to_be_visible()
	return form


def test_the_form_shows_the_settings_as_they_are_and_saving_keeps_them(settings, connected_store):
	before = configured()
	expect(settings.field("exoceuticals_shop_domain").locator("input")).to_have_value(connected_store.domain)
	expect(settings.field("exoceuticals_location_id").locator("input")).to_have_value(
		connected_store.location
	)
	settings.field("exoceuticals_order_tag").locator("input").fill("MGT tag")
	settings.save()
	settings.settle()
	assert configured() == {**before, "order_tag": "MGT tag"}


def test_the_stores_tab_is_the_last_and_hides_what_nobody_types(settings):
	assert settings.shown.locator(".form-tabs .nav-link:visible").last.inner_text() == "API Integration"
	labels = settings.shown.locator(
		"[role=tabpanel]:visible .frappe-control:visible .control-label"
	).all_inner_texts()
	assert [label.strip() for label in labels if "Previous" in label] == []
	assert {"Shop Domain", "Location GID", "Warehouse", "Webhook Secret"} <= {text.strip() for text in labels}


def test_testing_tells_how_the_link_is(settings, connected_store):
	assert settings.buttons() == BUTTONS
	settings.press("Test")
	dialog = settings.dialog()
	expect(dialog).to_contain_text("The link to the store needs attention.")
	expect(dialog).to_contain_text(f"Shop: {connected_store.domain}")
	expect(dialog).to_contain_text("Access token: works")


def test_what_is_done_by_hand_says_what_came_of_it(settings, connected_store):
	connected_store.product(new_item(), quantity=7)
	connected_store.product(None, title="MGT <b>nameless</b>")
	for button, said in (
		("Sync catalog", ["Variants linked to Items: 1", "Variants without an Item: 1"]),
		("Sync inventory", ["Items refreshed: 1", connected_store.warehouse]),
		("Register webhooks", ["ORDERS_UPDATED: registered now"]),
		("Test", ["Last run of catalog: Succeeded"]),
	):
		settings.press(button)
		for sentence in said:
			expect(settings.dialog()).to_contain_text(sentence)
		settings.close_dialog()


def test_a_slow_shopify_is_waited_for_visibly(settings, shopify):
	shopify.fault("slow", seconds=3)
	settings.press("Sync catalog")
	expect(settings.page.locator("#freeze .freeze-message")).to_have_text("Syncing the catalog …")
	expect(settings.page.locator("#freeze .freeze-message")).to_be_visible()
	expect(settings.dialog()).to_contain_text("Done.")
	expect(settings.page.locator("#freeze")).to_have_count(0)


def test_a_failure_is_told_once(settings, connected_store):
	settings.visitor.expected_errors += ["status of 417"]
	connected_store.configure(api_token=None)
	settings.press("Register webhooks")
	expect(settings.dialog().locator(".msgprint")).to_have_text(
		re.compile(
			r"^Set exoceuticals_api_token in System Settings → API Integration → Exoceuticals first\.$"
		)
	)


def test_installing_leads_to_shopify_and_back_to_a_form_that_knows_the_store(
	desk, administrator, store, environment
):
	form = desk(administrator).open("system-settings")
	simulator = environment.simulators["shopify"].removeprefix("http://").partition("/")[0]
	form.visitor.other_hosts.add(simulator)
	form.visitor.expected_errors += ["favicon"]
	with form.visitor.context.expect_page() as opened:
		form.press("Install")
	shopify = opened.value
	expect(shopify.get_by_text(CLIENT_ID)).to_be_visible()
	shopify.get_by_role("button", name="Approve").click()
	shopify.wait_for_url(re.compile("oauth_callback"))
	wait_for(lambda: configured()["api_token"])
	form.open("system-settings")
	assert form.value("exoceuticals_shop_domain") == store.domain
	assert form.value("exoceuticals_api_token")
