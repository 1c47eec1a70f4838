"""Pages: by offset and by continuation key, along the index and sorted, they are parts of the same list."""

import random

import frappe
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medgrid.api.responses import LongList
from medgrid.exceptions import NotFound
from medgrid.stock import items
from medgrid.stock.items import PageRequest, items_in_warehouse, search_items
from medgrid.stock.terms import terms_of
from tests.support.http import error, message
from tests.support.records import warehouse

NAMES = (
	"Zinc",
	"zinc",
	"ZINC ",
	"Ångström",
	"angstrom",
	"Ähre",
	"10 ml",
	"9 ml",
	"_x",
	"🩹 Plaster",
	"Zinc 2",
)
ROWS = 60


@pytest.fixture
def stocked(shelf):
	"""ROWS items under few names, in two warehouses; some of them are not offered or out of stock."""
	chance, other = random.Random(5), warehouse("MGT Shelf Two")
	for number in range(ROWS):
		code = f"MGT-PG-{number:03}"
		shelf.put(code, item_name=f"mgtpg {chance.choice(NAMES)}", quantity=chance.choice((0, 1, 2.5, 7)))
		frappe.db.set_value(
			"Item", code, {"disabled": chance.random() < 0.1, "description": f"mgtpg {number % 7}"}
		)
		shelf.stock(code, place=other, actual_qty=chance.choice((0, 4)))
	return shelf


@pytest.fixture(params=[True, False], ids=["along the index", "sorted"])
def plan(request, monkeypatch):
	"""Both ways to read a page, whatever the tables hold."""
	monkeypatch.setattr(items, "_is_read_along_index", lambda *_arguments: request.param)


def lists(shelf):
	here, everywhere = terms_of(shelf.warehouse, shelf.price_list), terms_of(None, shelf.price_list)
	return [
		lambda page=None: list(items_in_warehouse(here, page)),
		lambda page=None: list(search_items("mgtpg", here, page)),
		lambda page=None: list(search_items("mgtpg 3", here, page)),
		lambda page=None: list(search_items("mgtpg", everywhere, page)),
	]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(1, 30), start=st.integers(0, 90))
def test_a_page_by_offset_is_a_part_of_the_whole_list(stocked, plan, rows, start):
	for read in lists(stocked):
		assert read(PageRequest(rows, start)) == read()[start : start + rows]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(3, 30))
def test_pages_by_continuation_key_are_the_whole_list(stocked, plan, rows):
	for read in lists(stocked):
		whole = read()
		pages: list[dict] = []
		while page := read(PageRequest(rows, 0, **key_of(pages))):
			pages += page
			assert len(pages) <= len(whole)
		assert pages == whole
		assert len(whole) > 3


def key_of(rows):
	if not rows:
		return {}
	return {"after_item": rows[-1]["item_code"], "after_warehouse": rows[-1].get("warehouse")}


def test_a_page_goes_on_although_its_key_was_sold_out_meanwhile(stocked, plan):
	read = lists(stocked)[0]
	whole = read()
	stocked.stock(whole[4]["item_code"], actual_qty=0)
	assert read(PageRequest(3, 0, whole[4]["item_code"])) == whole[5:8]


def test_a_key_that_is_no_item_is_not_found(stocked, plan):
	with pytest.raises(NotFound, match="Item MGT-NONE does not exist"):
		lists(stocked)[0](PageRequest(3, 0, "MGT-NONE"))


@pytest.mark.parametrize("search", [False, True])
def test_a_page_is_read_along_the_index_and_sorts_no_table(stocked, search):
	from medgrid.stock.statements import Shape, list_statement

	shape = Shape(searches=search, is_page=True, along_index=True, after=True, priced=True)
	values = {
		"warehouse": stocked.warehouse,
		"price_list": stocked.price_list,
		"today": frappe.utils.today(),
		"rows": 20,
		"skipped": 0,
		"after_name": "mgtpg Zinc",
		"after_code": "MGT-PG-001",
		"pattern": "%mgtpg%",
	}
	plan = frappe.db.sql("EXPLAIN " + list_statement(shape), values, as_dict=True)
	[cut, bins] = [step for step in plan if step.select_type == "DERIVED"]
	assert (cut.key, bins.key) == ("medgrid_name", "medgrid_place")
	assert "filesort" not in cut.Extra and "temporary" not in cut.Extra


# Over HTTP


def test_after_goes_on_behind_a_row(customer, catalog):
	parameters = {"warehouse": catalog.alpha}
	whole = message(customer.get("medgrid.catalog.items_in_warehouse", **parameters))
	first = message(customer.get("medgrid.catalog.items_in_warehouse", **parameters, limit_page_length=3))
	key = first[-1]["item_code"]
	second = customer.get("medgrid.catalog.items_in_warehouse", **parameters, after=key, limit_page_length=3)
	assert [*first, *message(second)] == whole[:6]
	alone = message(customer.get("medgrid.catalog.items_in_warehouse", **parameters, after=key))
	assert alone == whole[3:23]
	blank = customer.get("medgrid.catalog.items_in_warehouse", **parameters, after="", limit_page_length=3)
	assert message(blank) == first


def test_a_search_of_all_warehouses_goes_on_behind_an_item_in_a_warehouse(customer, catalog):
	whole = message(customer.get("medgrid.catalog.search_items", query="MGT"))
	key = {"after": whole[4]["item_code"], "after_warehouse": whole[4]["warehouse"]}
	page = customer.get("medgrid.catalog.search_items", query="MGT", limit_page_length=5, **key)
	assert message(page) == whole[5:10]
	answer = customer.get("medgrid.catalog.search_items", query="MGT", after=whole[4]["item_code"])
	assert "Parameter after_warehouse is missing" in error(answer, 400, "ValidationError")


def test_an_unknown_after_is_404(customer, catalog):
	answer = customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha, after="No Such")
	assert "Item No Such does not exist" in error(answer, 404, "DoesNotExistError")


@pytest.mark.parametrize(("path", "key"), [("/api/method/", "message"), ("/api/v2/method/", "data")])
def test_a_whole_list_has_the_shape_of_every_answer(customer, catalog, path, key):
	address = f"{path}medgrid.catalog.items_in_warehouse?warehouse={catalog.alpha}"
	answer = customer.request("GET", address)
	assert answer.headers["Content-Type"] == "application/json"
	assert int(answer.headers["Content-Length"]) == len(answer.content)
	assert list(answer.json()) == [key]
	page = message(
		customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha, limit_page_length=500)
	)
	assert answer.json()[key] == page


def test_a_search_that_finds_nothing_is_an_empty_list(customer):
	assert message(customer.get("medgrid.catalog.search_items", query="no such thing anywhere")) == []


@pytest.mark.parametrize("rows", [0, 1, 499, 500, 501, 1234])
def test_a_long_list_is_encoded_in_parts_that_are_one_object(rows):
	import json

	whole = [{"item_code": f"é{number}", "rate": None if number % 3 else 2.5} for number in range(rows)]
	parts = list(LongList(iter(whole)).encoded("message"))
	assert json.loads(b"".join(parts)) == {"message": whole}
	assert max(map(len, parts)) < 30_000


def test_a_long_list_needs_the_memory_of_its_answer():
	import tracemalloc

	text = "x" * 100
	rows = ({"item_code": str(number), "description": text + str(number)} for number in range(40_000))
	tracemalloc.start()
	parts = list(LongList(rows).encoded("message"))
	_now, peak = tracemalloc.get_traced_memory()
	tracemalloc.stop()
	assert peak < 1.5 * sum(map(len, parts))
