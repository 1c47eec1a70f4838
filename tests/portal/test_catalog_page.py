"""/portal/catalog: what is in which warehouse, search as you type, and thousands of rows."""

import re

import pytest
from playwright.sync_api import expect

from tests.support import records
from tests.support.http import message

MANY = 5_000
HACK = "document.title='hacked'"
HOSTILE = f"""<img src=x onerror="{HACK}"><script>{HACK}</script>Safe &amp; sound"""


def rows_of(page):
	return page.get_by_role("table").locator("tbody").get_by_role("row")


@pytest.fixture
def in_alpha(visit, customer, catalog):
	"""The page of a customer who looks at the warehouse alpha."""
	visitor = visit(customer.user)
	page = visitor.open("/portal/catalog")
	page.get_by_label("Warehouse").select_option(catalog.alpha)
	expect(page.get_by_role("cell", name="MGT Gauze 100% Cotton")).to_be_visible()
	return visitor


def test_warehouses_are_offered_in_priority_order(visit, customer, catalog):
	page = visit(customer.user).open("/portal/catalog")
	names = [row["name"] for row in message(customer.get("medgrid.catalog.list_warehouses_ordered"))]
	options = page.get_by_label("Warehouse").locator("option").all_inner_texts()
	assert options == [*names, "All warehouses (search only)"]


def test_a_warehouses_items_have_their_price_and_stock(in_alpha, customer, catalog):
	page = in_alpha.page
	items = message(customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha))
	expect(rows_of(page)).to_have_count(len(items))
	shown = page.locator("tbody .code").all_inner_texts()
	assert shown == [item["item_code"] for item in items]
	powder = rows_of(page).filter(has_text="MGT Powder")
	expect(powder).to_contain_text("2.5 Kg")
	expect(page.locator("#count")).to_have_text(f"{len(items)} items.")
	in_alpha.keep_picture("catalog")


def noting(asked: list[str], method: str):
	"""A listener that keeps the addresses of a method's requests."""

	def note(request) -> None:
		if method in request.url:
			asked.append(request.url)

	return note


def test_searching_happens_while_one_types_and_not_for_every_letter(in_alpha):
	page = in_alpha.page
	asked: list[str] = []
	page.on("request", noting(asked, "search_items"))
	page.clock.install()
	page.get_by_label("Search").press_sequentially("gauze")
	page.clock.run_for(200)
	assert asked == []
	page.clock.run_for(100)
	expect(rows_of(page)).to_have_count(2)
	assert len(asked) == 1 and "query=gauze" in asked[0]
	expect(page.locator("#count")).to_have_text("2 items.")


def test_an_answer_that_comes_late_is_dropped(in_alpha):
	page, held = in_alpha.page, []
	page.route("**/*search_items?*query=powder*", lambda route: held.append(route))
	search = page.get_by_label("Search")
	with page.expect_request("**/*query=powder*"):
		search.fill("powder")
	search.fill("gauze")
	expect(rows_of(page)).to_have_count(2)
	expect(rows_of(page).first).to_contain_text("Gauze")
	held[0].fulfill(json={"message": [{"item_code": "LATE", "item_name": "Late", "available_qty": 1}]})
	# Whatever the late answer was going to do, it has done when a later question is answered.
	search.fill("mepilex")
	expect(rows_of(page)).to_have_count(1)
	search.fill("gauze")
	expect(rows_of(page)).to_have_count(2)
	assert "Late" not in page.get_by_role("table").inner_text()


def test_a_search_in_all_warehouses_says_where(visit, customer, catalog):
	page = visit(customer.user).open("/portal/catalog")
	page.get_by_label("Warehouse").select_option("")
	expect(page.locator("#nothing")).to_have_text("Type a name to search all warehouses.")
	page.get_by_label("Search").fill("both places")
	expect(rows_of(page)).to_have_count(2)
	assert set(page.locator('tbody [data-column="warehouse"]').all_inner_texts()) == {
		catalog.alpha,
		catalog.beta,
	}
	expect(page.get_by_role("columnheader", name="Warehouse")).to_be_visible()


def test_nothing_found_is_said_with_the_words_that_were_looked_for(in_alpha):
	page = in_alpha.page
	page.get_by_label("Search").fill("<b>nothing</b> like this")
	expect(page.locator("#nothing")).to_have_text("Nothing in stock matches “<b>nothing</b> like this”.")
	in_alpha.keep_picture("catalog-nothing-found")


@pytest.mark.parametrize("words", ["$& and $'", "{0} {1}"])
def test_words_that_mean_something_to_programs_are_said_as_they_were_typed(in_alpha, words):
	page = in_alpha.page
	page.get_by_label("Search").fill(words)
	expect(page.locator("#nothing")).to_have_text(f"Nothing in stock matches “{words}”.")


def test_a_failed_question_can_be_asked_again(in_alpha):
	page = in_alpha.page
	in_alpha.expected_errors = ["ERR_INTERNET_DISCONNECTED"]
	in_alpha.context.set_offline(True)
	page.get_by_label("Search").fill("gauze")
	failure = page.get_by_role("alert").filter(has_text="MedGrid cannot be reached.")
	expect(failure).to_be_visible()
	in_alpha.keep_picture("catalog-failed")
	in_alpha.context.set_offline(False)
	page.get_by_role("button", name="Try again").click()
	expect(rows_of(page)).to_have_count(2)
	expect(failure).to_be_hidden()


def test_html_in_a_description_is_text_and_does_nothing(in_alpha, site):
	before = site.db.get_value("Item", "MGT-PLAIN", ["item_name", "description"], as_dict=True)
	site.db.set_value("Item", "MGT-PLAIN", {"item_name": HOSTILE, "description": HOSTILE})
	site.db.commit()
	try:
		page = in_alpha.page
		page.reload()
		row = rows_of(page).filter(has_text="MGT-PLAIN")
		expect(row.locator(".description")).to_have_text("Safe & sound")
		expect(row.get_by_role("cell").first).to_have_text(re.compile(r"^\s*<img src=x"))
		assert row.locator("img, script").count() == 0
		assert page.title().startswith("Catalog")
		gauze = rows_of(page).filter(has_text="MGT-GAUZE").first
		expect(gauze.locator(".description")).to_have_text("Sterile gauze")
	finally:
		site.db.set_value("Item", "MGT-PLAIN", dict(before))
		site.db.commit()


def test_the_address_remembers_what_was_looked_at(in_alpha, catalog):
	page = in_alpha.page
	page.get_by_label("Search").fill("gauze")
	expect(rows_of(page)).to_have_count(2)
	page.reload()
	expect(page.get_by_label("Warehouse")).to_have_value(catalog.alpha)
	expect(page.get_by_label("Search")).to_have_value("gauze")
	expect(rows_of(page)).to_have_count(2)


@pytest.fixture
def full_warehouse(site):
	"""A warehouse with MANY items, made in bulk and taken away again."""
	warehouse = records.warehouse("MGT Full")
	codes = [f"MGTMANY-{number:04}" for number in range(MANY)]
	item = ["name", "item_code", "item_name", "description", "stock_uom", "item_group"]
	stock = ["name", "item_code", "warehouse", "actual_qty", "stock_uom"]
	site.db.bulk_insert(
		"Item",
		item,
		[[code, code, f"Many {code}", f"<p>The {code}</p>", "Nos", records.ITEM_GROUP] for code in codes],
		ignore_duplicates=True,
	)
	site.db.bulk_insert("Bin", stock, [[f"mgt-{code}", code, warehouse, 1, "Nos"] for code in codes])
	site.db.commit()
	yield warehouse
	site.db.rollback()
	site.db.delete("Bin", {"item_code": ("like", "MGTMANY-%")})
	site.db.delete("Item", {"name": ("like", "MGTMANY-%")})
	site.db.commit()


def test_thousands_of_rows_come_as_one_goes_down_and_few_are_laid_out(visit, customer, full_warehouse):
	page = visit(customer.user).open("/portal/catalog")
	page.get_by_label("Warehouse").select_option(full_warehouse)
	expect(page.locator("#count")).to_have_text("200 items shown, more below.")
	table = page.get_by_role("table")
	for shown in range(200, MANY, 200):
		page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
		page.wait_for_function("(shown) => document.querySelectorAll('tbody tr').length > shown", arg=shown)
	# The last page was full: only asking once more tells that there is nothing after it.
	page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
	expect(page.locator("#count")).to_have_text("5,000 items.")
	assert table.get_attribute("aria-rowcount") == str(MANY + 1)
	codes = page.evaluate("[...document.querySelectorAll('tbody .code')].map((code) => code.textContent)")
	assert codes == [f"MGTMANY-{number:04}" for number in range(MANY)]
	laid_out = """[...document.querySelectorAll('tbody tr')]
		.filter((row) => row.checkVisibility({ contentVisibilityAuto: true })).length"""
	assert 0 < page.evaluate(laid_out) < 1_000


def test_all_warehouses_after_a_full_one_asks_for_no_more_of_it(visit, customer, full_warehouse):
	page = visit(customer.user).open("/portal/catalog")
	page.get_by_label("Warehouse").select_option(full_warehouse)
	expect(page.locator("#count")).to_have_text("200 items shown, more below.")
	asked: list[str] = []
	page.on("request", noting(asked, "items_in_warehouse"))
	page.get_by_label("Warehouse").select_option("")
	expect(page.locator("#nothing")).to_have_text("Type a name to search all warehouses.")
	expect(page.get_by_role("button", name="Show more")).to_be_hidden()
	# Two frames are time enough for an observer that looks yet.
	page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
	page.wait_for_load_state("networkidle")
	assert asked == []
	expect(page.locator("#failure")).to_be_hidden()


def test_the_next_rows_can_be_asked_for_with_the_keyboard(visit, customer, full_warehouse):
	visitor = visit(customer.user)
	# Without it nothing comes by itself.
	visitor.page.add_init_script("IntersectionObserver.prototype.observe = () => {}")
	page = visitor.open("/portal/catalog")
	page.get_by_label("Warehouse").select_option(full_warehouse)
	expect(rows_of(page)).to_have_count(200)
	page.get_by_role("button", name="Show more").press("Enter")
	expect(rows_of(page)).to_have_count(400)
	expect(rows_of(page).nth(200)).to_be_focused()


def test_a_language_or_currency_that_the_browser_does_not_know_is_no_reason_to_fail(visit, customer, catalog):
	visitor = visit(customer.user)
	page = visitor.page

	def spoil(route):
		answer = route.fetch()
		text = re.sub('data-currency="[^"]*"', 'data-currency="US"', answer.text())
		route.fulfill(response=answer, body=text.replace('<html lang="en"', '<html lang="zh_TW"'))

	page.route("**/portal/catalog*", spoil)
	visitor.open(f"/portal/catalog?warehouse={catalog.alpha}")
	assert page.evaluate("document.documentElement.lang") == "zh_TW"
	expect(rows_of(page).filter(has_text="MGT Gauze").first).to_be_visible()
	expect(rows_of(page).filter(has_text="MGT Powder")).to_contain_text("2.5 Kg")


def test_while_items_are_loading_their_places_are_shown(visit, customer, catalog):
	visitor, held = visit(customer.user), []
	page = visitor.page
	page.route("**/*items_in_warehouse*", lambda route: held.append(route))
	with page.expect_request("**/*items_in_warehouse*"):
		visitor.open(f"/portal/catalog?warehouse={catalog.alpha}")
	expect(page.locator("#count")).to_have_text("Loading items…")
	expect(page.locator(".skeleton")).to_be_visible()
	expect(page.locator(".items")).to_have_attribute("aria-busy", "true")
	visitor.keep_picture("catalog-loading")
	held[0].continue_()
	expect(rows_of(page).first).to_be_visible()
	expect(page.locator(".skeleton")).to_be_hidden()
	expect(page.locator(".items")).to_have_attribute("aria-busy", "false")
