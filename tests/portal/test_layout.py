"""Nothing moves when an answer comes, however long it takes.

Chromium's own measure passes over whatever moves within half a second of a click, and a busy server takes
longer: so these tests hold the answer, and compare where everything is before, meanwhile and after.
"""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.portal.test_integrations_page import card_of, fill_in_keys, status_of
from tests.portal.test_phone_card import enter, send_code
from tests.support import people
from tests.support.records import write_values
from tests.support.sendblue import PHONE, code_in, wrong

PUBLIC = Path(__file__).parents[2] / "medgrid" / "public"
PLACES = """() => Object.fromEntries([...document.querySelectorAll("article, button, input, a, h2, dt")]
	.filter((element) => element.checkVisibility({ visibilityProperty: true }))
	.map((element) => {
		const { x, y, width, height } = element.getBoundingClientRect();
		const part = element.closest("[data-integration]")?.dataset.integration ?? "page";
		const words = element.localName === "article" ? "" : element.textContent.trim();
		const name = element.id || element.dataset.action || words;
		const place = [x + scrollX, y + scrollY, width, height].map(Math.round);
		return [`${part}: ${element.localName} ${name}`, place];
	}))"""


def test_no_grid_has_columns_that_depend_on_how_much_has_arrived():
	"""`auto-fit` gives the first child the whole width until the second one has arrived."""
	sheets = list(PUBLIC.rglob("*.css"))
	assert sheets and [sheet.name for sheet in sheets if "auto-fit" in sheet.read_text()] == []


def test_the_first_card_has_its_place_before_the_others_have_arrived(visit, vendor):
	visitor = visit(vendor.user)
	page = visitor.page
	# The page as the server wrote it.
	page.route("**/*.js*", lambda route: route.fulfill(body="", content_type="text/javascript"))
	visitor.open("/portal/integrations")
	cards = page.locator("[data-integration]")
	whole, number = cards.first.bounding_box(), cards.count()

	def half(route):
		answer = route.fetch()
		first, end, _rest = answer.text().partition("</article>")
		route.fulfill(response=answer, body=first + end)

	page.route("**/portal/integrations", half)
	page.reload()
	assert (number > 1, cards.count(), cards.first.bounding_box()) == (True, 1, whole)


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def hub(request, visit, vendor):
	"""A vendor's integrations: `hub.places()` is where everything is, `hub.hold(rpc)` holds an answer."""
	return _hub(visit(vendor.user, phone=request.param))


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def connected_hub(request, visit, connected, site):
	values = {"stats": json.dumps({"orders_pushed": 12, "tracking_pulled": 8})}
	write_values("Vendor Connection", connected.connection(), values)
	return _hub(visit(connected.user, phone=request.param))


def _hub(visitor):
	visitor.open("/portal/integrations")
	visitor.page.wait_for_load_state("networkidle")
	visitor.places = lambda: visitor.page.evaluate(PLACES)
	visitor.hold = lambda rpc: Held(visitor.page, rpc)
	return visitor


class Held:
	"""The answers of an RPC, held until `release()`."""

	def __init__(self, page, rpc: str):
		self.page = page
		self.routes: list[Route] = []
		page.route(f"**/*{rpc}*", lambda route: self.routes.append(route))

	def release(self) -> None:
		while not self.routes:
			self.page.wait_for_timeout(50)
		self.routes.pop().continue_()


def test_testing_a_connection_moves_nothing(connected_hub):
	card, held, before = (
		card_of(connected_hub.page),
		connected_hub.hold("test_connection"),
		connected_hub.places(),
	)
	card.get_by_role("button", name="Test connection").click()
	expect(card.get_by_role("status")).to_have_text("Testing the connection…")
	assert connected_hub.places() == before
	held.release()
	expect(card.get_by_role("status")).to_have_text("The connection works.")
	assert connected_hub.places() == before


def test_a_sync_moves_nothing(connected_hub):
	card, held = card_of(connected_hub.page), connected_hub.hold("sync_now")
	before = connected_hub.places()
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("progressbar")).to_be_visible()
	assert connected_hub.places() == before
	held.release()
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	assert connected_hub.places() == before


def test_the_first_sync_moves_nothing(hub, vendor):
	vendor.connect()
	hub.page.reload()
	card, before = card_of(hub.page), hub.places()
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	assert hub.places() == before


def test_wrong_keys_move_nothing(hub, vendor):
	card, held, before = card_of(hub.page), hub.hold("connect_shipstation"), hub.places()
	fill_in_keys(card, vendor.api_key, "not-the-secret")
	expect(card.get_by_role("status")).to_have_text("Testing your keys…")
	assert hub.places() == before
	held.release()
	expect(card.get_by_label("API Secret")).to_have_attribute("aria-invalid", "true")
	assert hub.places() == before


@pytest.mark.parametrize("size", ["16px", "24px"])
def test_in_a_wider_font_nothing_moves_either(hub, vendor, size):
	hub.page.evaluate(
		"""(size) => {
			document.body.style.fontFamily = "monospace";
			document.documentElement.style.fontSize = size;
		}""",
		size,
	)
	test_wrong_keys_move_nothing(hub, vendor)


@pytest.fixture
def german(reads, vendor):
	reads(vendor.user, "de")


def test_in_another_language_nothing_moves_either(german, hub, vendor):
	card, held, before = card_of(hub.page), hub.hold("connect_shipstation"), hub.places()
	card.locator("[name=api_key]").fill(vendor.api_key)
	card.locator("[name=api_secret]").fill("not-the-secret")
	card.locator("[data-connect] [type=submit]").click()
	expect(card.get_by_role("status")).not_to_be_empty()
	assert hub.places() == before
	held.release()
	expect(card.locator("[name=api_secret]")).to_have_attribute("aria-invalid", "true")
	assert hub.places() == before


def test_a_wrong_code_moves_nothing(hub, sendblue):
	card = card_of(hub.page, "sendblue")
	send_code(card, PHONE)
	expect(card.get_by_label("Code from the message")).to_be_focused()
	expect(card.get_by_role("status")).to_contain_text("We sent a code")
	before = hub.places()
	enter(card, wrong(code_in(sendblue)))
	expect(card.get_by_label("Code from the message")).to_have_attribute("aria-invalid", "true")
	assert hub.places() == before


def test_what_one_card_becomes_leaves_the_others_beside_and_above_it_alone(hub, vendor):
	"""On a desktop that is all the others; on a phone those below follow the card's new end."""
	card, before = card_of(hub.page), hub.places()
	fill_in_keys(card, vendor.api_key, vendor.api_secret)
	expect(status_of(card)).to_have_text("Connected")
	after = hub.places()
	phone = hub.page.viewport_size["width"] < 600
	others = [key for key in before if not key.startswith("shipstation" if not phone else ("sh", "sen"))]
	assert len(others) > 3
	assert {key: after[key] for key in others} == {key: before[key] for key in others}


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def shop_hub(request, visit, connected_shop):
	connected_shop.control.make_products(connected_shop.domain, 7)
	return _hub(visit(connected_shop.user, phone=request.param))


def test_the_first_pull_of_a_shop_moves_nothing(shop_hub):
	card, before = card_of(shop_hub.page, "shopify"), shop_hub.places()
	card.get_by_role("button", name="Sync now").click()
	expect(card.get_by_role("status")).to_have_text("Sync finished.")
	expect(card.locator('[data-stat="products_pulled"] dd')).to_have_text("7")
	assert shop_hub.places() == before


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_replacing_the_secret_moves_nothing(visit, site, phone):
	visitor = visit(people.keyless(), phone=phone)
	page = visitor.open("/portal/settings")
	page.get_by_role("button", name="Generate Keys").click()
	expect(page.locator("#secret-notice")).to_be_focused()
	page.reload()
	before = page.evaluate(PLACES)
	page.get_by_role("button", name="Generate new secret").click()
	page.get_by_role("dialog").get_by_role("button", name="Generate new secret").click()
	expect(page.locator("#secret-notice")).to_be_focused()
	after = page.evaluate(PLACES)
	assert {name: after[name] for name in before} == before
