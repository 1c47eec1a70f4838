"""/portal/integrations: a second ShipStation account, which orders go there, and into which store."""

import secrets

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.integrations.accounts.test_order_rules import Goods, accounts, further, sent
from tests.portal.test_integrations_page import card_of, status_of
from tests.support.vendors import order
from tests.support.waiting import wait_for_jobs, wait_until_equal

DETAILS = "Orders that go here, and their store"
ANOTHER = "Connect another account"


@pytest.fixture
def goods(connected, site) -> Goods:
	made = Goods(connected)
	site.db.commit()
	return made


@pytest.fixture
def second(connected):
	return further(connected, "Europe")


def card_named(page, account: str):
	return page.locator(f'[data-integration="shipstation"][data-account="{account}"]')


def opened(card):
	"""The details of a card, when ShipStation has named the stores."""
	card.get_by_text(DETAILS).click()
	expect(card.get_by_role("button", name="Save the store")).to_be_enabled()
	return card.locator('[data-slot="routing"]')


def fill_in(form, account: str, key: str, secret: str) -> None:
	form.get_by_label("Name of the account").fill(account)
	form.get_by_label("API Key").fill(key)
	form.get_by_label("API Secret").fill(secret)
	form.get_by_role("button", name="Connect the account").click()


def test_a_vendor_connects_a_second_account_says_which_orders_go_there_and_they_do(
	visit, connected, goods, shipstation
):
	key, secret = f"key-{secrets.token_hex(8)}", f"secret-{secrets.token_hex(8)}"
	shipstation.add_account(key, secret)
	visitor = visit(connected.user)
	page = visitor.open("/portal/integrations")
	first = card_of(page)
	first.get_by_text(ANOTHER).click()
	form = first.locator('form[data-form="another"]')
	fill_in(form, "Europe", key, "not-the-secret")
	expect(form.get_by_label("API Secret")).to_have_attribute("aria-invalid", "true")
	expect(form.get_by_label("API Secret")).to_be_focused()
	fill_in(form, "Europe", key, secret)

	card = card_named(page, "Europe")
	expect(status_of(card)).to_have_text("Connected")
	expect(card.get_by_role("heading", level=2)).to_be_focused()
	details = card.locator('[data-slot="routing"]')
	expect(details).to_contain_text("No order goes to this account yet.")
	details.get_by_label("Orders with a row of").select_option(f"brand:{goods.brand}")
	details.get_by_role("button", name="Add to the rule").click()
	expect(details.get_by_role("status")).to_have_text("The rule is saved. Orders that wait go by it.")
	expect(details.get_by_role("listitem")).to_contain_text(f"Brand: {goods.brand}")
	expect(card_of(page).first.locator('[data-slot="takes"]')).to_have_text(
		"All orders that no other account's rule matches go to this account."
	)
	visitor.keep_picture("integrations-two-accounts")
	wait_for_jobs()
	matching = order(goods.rows()["brand"])
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status").first).to_contain_text("Sync finished.")
	assert [entry["orderKey"] for entry in shipstation.orders(key)] == [matching.name]
	assert not sent(connected)


def test_a_warehouse_that_no_order_names_is_found_by_its_name(visit, connected, second, goods):
	page = visit(connected.user).open("/portal/integrations")
	details = opened(card_named(page, "Europe"))
	parts, said = details.get_by_label("Orders with a row of"), details.get_by_role("status")
	assert goods.warehouse not in parts.locator("option").all_inner_texts()
	search = details.get_by_label("Search warehouses, brands and item groups")
	expect(search).to_have_accessible_description(
		"Not all are listed below. Search for the others by their names."
	)
	search.fill("no such place")
	expect(said).to_have_text("No warehouse, brand or item group has such a name.")
	search.fill(f"place {goods.mark.lower()}")
	expect(said).to_have_text("Found: 1. Choose one below.")
	expect(search).to_have_accessible_description("")
	parts.select_option(f"warehouse:{goods.warehouse}")
	details.get_by_role("button", name="Add to the rule").click()
	expect(said).to_have_text("The rule is saved. Orders that wait go by it.")
	assert accounts(connected)["Europe"]["rule"] == [goods.part("warehouse")]
	wait_for_jobs()


def test_a_name_that_is_taken_is_said_at_its_field_and_changes_nothing(visit, connected):
	page = visit(connected.user).open("/portal/integrations")
	card = card_of(page)
	card.get_by_text(ANOTHER).click()
	form = card.locator('form[data-form="another"]')
	before = len(connected.shipstation.received())
	fill_in(form, "Default", "some-key", "some-secret")
	expect(form.get_by_label("Name of the account")).to_have_accessible_description(
		"Its own name, and its own keys from ShipStation: Settings → Account → API Settings. Afterwards you"
		" say which orders go there. You have connected an account with this name. Choose another name."
	)
	assert len(connected.shipstation.received()) == before


def test_a_part_of_the_rule_is_removed_by_its_button_and_a_single_account_has_no_rule(
	visit, connected, second, goods
):
	page = visit(connected.user).open("/portal/integrations")
	card = card_named(page, "Europe")
	details = opened(card)
	for kind, value in (("brand", goods.brand), ("item_group", goods.group)):
		details.get_by_label("Orders with a row of").select_option(f"{kind}:{value}")
		details.get_by_role("button", name="Add to the rule").click()
		expect(details.get_by_text(value, exact=False).first).to_be_visible()
		expect(details.get_by_role("status")).to_contain_text("The rule is saved.")
	expect(details.get_by_role("listitem")).to_have_count(2)
	remove = details.get_by_role("button", name=f"Remove from the rule: Brand: {goods.brand}")
	remove.focus()
	page.keyboard.press("Enter")
	expect(details.get_by_role("listitem")).to_have_count(1)
	expect(details.get_by_role("status")).to_be_focused()
	assert accounts(connected)["Europe"]["rule"] == [goods.part("item_group")]

	card.get_by_role("button", name="Disconnect").click()
	page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
	expect(status_of(card)).to_have_text("Not connected")
	first = card_of(page).first
	expect(first.locator('[data-slot="takes"]')).to_have_text("All your orders go to this account.")
	expect(first.locator('form[data-form="rule"]')).to_be_hidden()


def test_the_store_is_chosen_from_shipstations_list(visit, connected, second):
	web = connected.shipstation.add_store(second.api_key, "Web shop", marketplace="Shopify")
	page = visit(connected.user).open("/portal/integrations")
	details = opened(card_named(page, "Europe"))
	store = details.get_by_label("Store in ShipStation")
	assert store.locator("option").all_inner_texts() == [
		"ShipStation's default",
		"Manual Orders (ShipStation)",
		"Web shop (Shopify)",
	]
	store.select_option(str(web["storeId"]))
	details.get_by_role("button", name="Save the store").click()
	expect(details.get_by_role("status")).to_have_text("The store is saved.")
	wait_until_equal(lambda: accounts(connected)["Europe"]["store"], "Web shop")
	page.reload()
	details = opened(card_named(page, "Europe"))
	expect(details.get_by_label("Store in ShipStation")).to_have_value(str(web["storeId"]))


def test_that_shipstation_does_not_name_its_stores_is_said_and_none_can_be_saved(visit, connected):
	connected.shipstation.fault("status", times=None, path="/stores", status=503)
	page = visit(connected.user).open("/portal/integrations")
	card = card_of(page)
	card.get_by_text(DETAILS).click()
	details = card.locator('[data-slot="routing"]')
	expect(details.get_by_role("status")).to_contain_text("ShipStation")
	expect(details.get_by_role("status")).to_have_attribute("data-tone", "bad")
	expect(details.get_by_role("button", name="Save the store")).to_be_disabled()


@pytest.mark.parametrize(("scheme", "phone"), [("light", False), ("dark", True)], ids=["light", "dark-phone"])
@pytest.mark.parametrize("language", [None, "ar"])
def test_the_details_in_each_way(
	visit,
	reads,
	connected,
	second,
	goods,
	scheme,
	phone,
	language,
):
	if language:
		reads(connected.user, language)
	visitor = visit(connected.user, scheme=scheme, phone=phone)
	page = visitor.open("/portal/integrations")
	assert page.evaluate("document.dir") == ("rtl" if language else "ltr")
	card = card_named(page, "Europe")
	for summary in (card.locator("details").first, card_of(page).first.locator('[data-slot="another"]')):
		summary.locator("summary").focus()
		page.keyboard.press("Enter")
	details = card.locator('[data-slot="routing"]')
	expect(details.locator('form[data-form="store"] [type="submit"]')).to_be_enabled()
	details.locator("select").first.select_option(f"brand:{goods.brand}")
	details.locator('form[data-form="rule"] [type="submit"]').click()
	expect(details.get_by_role("listitem")).to_have_count(1)
	visitor.keep_picture(f"routing-{scheme}-{language or 'en'}")
	found = Axe().run(page).response["violations"]
	assert [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]] == []
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
	wait_for_jobs()
