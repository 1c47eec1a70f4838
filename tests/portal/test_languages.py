"""Each page for readers of other languages, of both ways to write a code and both directions of writing.

The languages have Language records, as Frappe demands of a User; without one, Frappe 16 renders no page of
the website at all.
"""

import pytest
from playwright.sync_api import expect

from tests.portal.test_accessibility import violations_on
from tests.portal.test_integrations_page import card_of, status_of
from tests.portal.test_pages import PAGES
from tests.support import languages
from tests.support.sendblue import PHONE, code_in

# Frappe's code, as HTML wants it, direction, a quantity as the catalog shows it.
LANGUAGES = [
	("zh_TW", "zh-TW", "ltr", "12,345"),
	("zh-TW", "zh-TW", "ltr", "12,345"),
	("pt-BR", "pt-BR", "ltr", "12.345"),
	("sr-BA", "sr-BA", "ltr", "12.345"),
	("ar", "ar", "rtl", "12,345"),
	("de", "de", "ltr", "12.345"),
]

# Where the first and the last of an element's characters that match are, in pixels from the left.
ENDS = """(root, wanted) => {
	const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
	for (let node; (node = walker.nextNode()); ) {
		const start = node.data.indexOf(wanted);
		if (start < 0) continue;
		const at = (index) => {
			const range = document.createRange();
			range.setStart(node, index);
			range.setEnd(node, index + 1);
			return range.getBoundingClientRect().x;
		};
		return [at(start), at(start + wanted.length - 1)];
	}
}"""


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize(("code", "written", "direction", "quantity"), LANGUAGES)
def test_each_page_in_another_language(visit, reads, connected, code, written, direction, quantity, phone):
	reads(connected.user, code)
	visitor = visit(connected.user, phone=phone)
	for path in PAGES:
		page = visitor.open(path)
		page.wait_for_load_state("networkidle")
		html = page.locator("html")
		expect(html).to_have_attribute("lang", written)
		expect(html).to_have_attribute("dir", direction)
		assert violations_on(page) == []
		assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
		way = "phone" if phone else "desktop"
		visitor.keep_picture(f"language-{code}{path.replace('/', '-')}-{way}")


@pytest.mark.parametrize("code", ["ar", "fr", "zh_TW"])
def test_a_page_that_is_not_translated_says_that_it_is_english(visit, reads, connected, code):
	reads(connected.user, code, is_spoken=False)
	visitor = visit(connected.user)
	for path in PAGES:
		html = visitor.open(path).locator("html")
		expect(html).to_have_attribute("lang", "en")
		expect(html).to_have_attribute("dir", "ltr")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_arabic_sentences_stand_on_the_right_with_their_full_stops_on_the_left(
	visit, reads, connected, phone
):
	reads(connected.user, "ar")
	page = visit(connected.user, phone=phone).open("/portal/integrations")
	sentence = languages.arabic()["Push your MedGrid orders into ShipStation, pull tracking back."]
	said = page.get_by_text(sentence)
	expect(said).to_be_visible()
	first, full_stop = said.evaluate(ENDS, sentence)
	assert full_stop < first
	facts = page.locator('[data-integration="shipstation"] .facts')
	label, value = facts.locator("dt").first.bounding_box(), facts.locator("dd").first.bounding_box()
	assert abs((label["x"] + label["width"]) - (value["x"] + value["width"])) < 2 or value["x"] < label["x"]
	assert violations_on(page) == []


@pytest.mark.parametrize(("code", "written", "direction", "quantity"), LANGUAGES)
def test_numbers_and_times_are_the_languages_own(
	visit, reads, customer, catalog, code, written, direction, quantity
):
	reads(customer.user, code)
	visitor = visit(customer.user)
	item = {"item_code": "A", "item_name": "A", "description": None, "stock_uom": "Box", "rate": 1.5}
	answer = {"message": [{**item, "available_qty": 12345}]}
	visitor.page.route("**/*items_in_warehouse*", lambda route: route.fulfill(json=answer))
	page = visitor.open(f"/portal/catalog?warehouse={catalog.alpha}")
	expect(page.locator(".items tbody .number").last).to_contain_text(quantity)


def test_who_reads_from_right_to_left_can_connect(visit, reads, vendor):
	reads(vendor.user, "ar")
	visitor = visit(vendor.user)
	card = card_of(visitor.open("/portal/integrations"))
	title, status = card.get_by_role("heading", level=2), status_of(card)
	assert title.bounding_box()["x"] > status.bounding_box()["x"]
	# By names: a bench may have an Arabic word for "API Key".
	card.locator('[name="api_key"]').fill(vendor.api_key)
	card.locator('[name="api_secret"]').fill(vendor.api_secret)
	card.locator('[data-connect="keys"] [type="submit"]').click()
	expect(card).to_have_attribute("data-status", "connected")
	visitor.keep_picture("language-ar-connected")


def test_a_phone_number_keeps_its_plus_in_front_for_who_reads_from_right_to_left(
	visit, reads, vendor, sendblue
):
	reads(vendor.user, "ar")
	said = languages.arabic()
	card = card_of(visit(vendor.user).open("/portal/integrations"), "sendblue")
	card.get_by_label(said["Mobile number"]).fill(PHONE)
	card.get_by_role("button", name=said["Send code"]).click()
	message, fact = card.get_by_role("status"), card.locator('[data-stat="verified_phone"] dd')
	expect(message).to_contain_text(PHONE)
	plus, last = message.evaluate(ENDS, PHONE)
	assert plus < last
	card.get_by_label(said["Code from the message"]).fill(code_in(sendblue))
	# By what it does: a bench has an Arabic word for "Verify".
	card.locator('[data-connect="code"] [type="submit"]').click()
	expect(fact).to_have_text(PHONE)
	plus, last = fact.evaluate(ENDS, PHONE)
	assert plus < last


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_command_begins_at_the_left_for_who_reads_from_right_to_left(visit, reads, vendor, phone):
	reads(vendor.user, "ar")
	page = visit(vendor.user, phone=phone).open("/portal/settings")
	sample = page.locator(".sample pre")
	first, last = sample.evaluate(ENDS, "curl")
	assert 0 <= first - sample.bounding_box()["x"] < 40
	assert first < last
	option, value = sample.evaluate(ENDS, "-H")
	assert option < value
