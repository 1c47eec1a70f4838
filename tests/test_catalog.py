"""The four catalog endpoints over HTTP. Contract: "list_warehouses" to "search_items"."""

import frappe
import pytest

from medgrid.stock.items import PageRequest, items_in_warehouse, search_items
from medgrid.stock.terms import Terms, terms_of
from tests.support.http import error, message

PARAMETERS = {
	"list_warehouses": {},
	"list_warehouses_ordered": {},
	"items_in_warehouse": {"warehouse": "alpha"},
	"search_items": {"query": "MGT"},
}


def parameters_of(endpoint, catalog):
	return {name: getattr(catalog, value, value) for name, value in PARAMETERS[endpoint].items()}


@pytest.fixture
def default_price_list(site, catalog):
	"""MGT Retail as the default list of Selling Settings, for the length of a test."""
	before = site.db.get_single_value("Selling Settings", "selling_price_list")
	site.db.set_single_value("Selling Settings", "selling_price_list", catalog.retail)
	site.db.commit()
	yield catalog.retail
	site.db.set_single_value("Selling Settings", "selling_price_list", before)
	site.db.commit()


@pytest.fixture
def priorities(site, catalog):
	"""Sets the priority list of Medgrid Settings; what was there is back after the test."""

	def set_to(*warehouses):
		settings = site.get_doc("Medgrid Settings")
		settings.warehouse_priority = []
		for name in warehouses:
			settings.append("warehouse_priority", {"warehouse": name})
		settings.save()
		site.db.commit()

	before = [row.warehouse for row in site.get_doc("Medgrid Settings").warehouse_priority]
	yield set_to
	set_to(*before)


# Who may call


@pytest.mark.parametrize("endpoint", PARAMETERS)
def test_a_guest_gets_401(anonymous, catalog, endpoint):
	answer = anonymous.get(f"medgrid.catalog.{endpoint}", **parameters_of(endpoint, catalog))
	assert "Authorization: token KEY:SECRET" in error(answer, 401, "AuthenticationError")


@pytest.mark.parametrize("endpoint", PARAMETERS)
def test_a_portal_customer_without_desk_rights_may_call(customer, sales_rep, catalog, endpoint):
	parameters = parameters_of(endpoint, catalog)
	rows = message(customer.get(f"medgrid.catalog.{endpoint}", **parameters))
	assert rows
	assert rows == message(sales_rep.get(f"medgrid.catalog.{endpoint}", **parameters))


def test_the_portal_customer_of_these_tests_has_no_rights_on_stock(customer):
	error(customer.request("GET", "/api/resource/Bin"), 403, "PermissionError")


# Warehouses


def test_list_warehouses_has_the_contracts_fields_and_nothing_more(customer, catalog):
	rows = message(customer.get("medgrid.catalog.list_warehouses"))
	assert {"name": catalog.alpha, "warehouse_name": "MGT Alpha", "company": "Skydell Medical"} in rows
	assert all(list(row) == ["name", "warehouse_name", "company"] for row in rows)


def test_groups_and_disabled_warehouses_are_not_listed(customer, catalog):
	for endpoint in ("list_warehouses", "list_warehouses_ordered"):
		names = [row["name"] for row in message(customer.get(f"medgrid.catalog.{endpoint}"))]
		assert catalog.beta in names
		assert catalog.group not in names
		assert catalog.closed not in names


def test_preferred_warehouses_come_first_in_their_order_then_the_others_alphabetically(
	customer, catalog, priorities
):
	priorities(catalog.beta, catalog.alpha)
	rows = message(customer.get("medgrid.catalog.list_warehouses_ordered"))
	assert rows[:2] == [
		{"name": catalog.beta, "label": catalog.beta},
		{"name": catalog.alpha, "label": catalog.alpha},
	]
	others = [row["name"] for row in rows[2:]]
	assert others == sorted(others, key=str.casefold)
	everything = {row["name"] for row in message(customer.get("medgrid.catalog.list_warehouses"))}
	assert {row["name"] for row in rows} == everything
	assert len(rows) == len(everything)


def test_a_preferred_warehouse_that_was_disabled_since_is_left_out(customer, catalog, priorities):
	priorities(catalog.closed, catalog.beta)
	rows = message(customer.get("medgrid.catalog.list_warehouses_ordered"))
	assert rows[0]["name"] == catalog.beta
	assert catalog.closed not in [row["name"] for row in rows]


def test_without_a_priority_list_the_order_is_alphabetical(customer, priorities):
	priorities()
	names = [row["name"] for row in message(customer.get("medgrid.catalog.list_warehouses_ordered"))]
	assert names == sorted(names, key=str.casefold)


# Items in a warehouse


def rows_by_code(answer):
	return {row["item_code"]: row for row in message(answer)}


def test_an_item_has_the_contracts_fields_and_types_and_nothing_more(customer, catalog):
	rows = rows_by_code(
		customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha, price_list=catalog.retail)
	)
	assert rows["MGT-GAUZE"] == {
		"item_code": "MGT-GAUZE",
		"item_name": "MGT Gauze 100% Cotton",
		"description": "<p>Sterile <strong>gauze</strong></p>",
		"stock_uom": "Nos",
		"rate": 28.5,
		"available_qty": 12,
	}
	fields = ["item_code", "item_name", "description", "stock_uom", "rate", "available_qty"]
	assert all(list(row) == fields for row in rows.values())


def test_only_enabled_items_with_stock_in_this_warehouse_are_listed(customer, catalog):
	rows = rows_by_code(customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha))
	assert "MGT-BOTH" in rows
	assert not {"MGT-BETA", "MGT-SOLD-OUT", "MGT-RETIRED"} & set(rows)


def test_available_qty_is_the_actual_qty_of_that_warehouse_a_whole_one_as_an_integer(customer, catalog):
	alpha = rows_by_code(customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha))
	beta = rows_by_code(customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.beta))
	assert (alpha["MGT-BOTH"]["available_qty"], beta["MGT-BOTH"]["available_qty"]) == (30, 40)
	assert isinstance(alpha["MGT-BOTH"]["available_qty"], int)
	assert alpha["MGT-FRACTION"]["available_qty"] == 2.5


@pytest.mark.parametrize(
	("code", "rate", "rule"),
	[
		("MGT-GAUZE", 28.5, "the price of the list"),
		("MGT-BOTH", 11.25, "the latest valid_from that is not in the future"),
		("MGT-UNDER", None, "a price that has run out does not count"),
		("MGT-PLAIN", None, "a price in another UOM does not count"),
		("MGT-SAME-1", None, "a customer's own price does not count"),
		("MGT-SAME-2", None, "a batch's own price does not count"),
		("MGT-UNICODE", None, "no price at all"),
		("MGT-FRACTION", 12.35, "money has at most two decimals"),
	],
)
def test_rate_is_the_current_selling_price(customer, catalog, code, rate, rule):
	answer = customer.get(
		"medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha, price_list=catalog.retail
	)
	assert rows_by_code(answer)[code]["rate"] == rate, rule


def test_another_price_list_has_other_rates(customer, catalog):
	answer = customer.get(
		"medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha, price_list=catalog.wholesale
	)
	rows = rows_by_code(answer)
	assert rows["MGT-GAUZE"]["rate"] == 24.2
	assert rows["MGT-BOTH"]["rate"] is None


@pytest.mark.parametrize("endpoint", ["items_in_warehouse", "search_items"])
def test_the_default_price_list_is_that_of_selling_settings(customer, catalog, default_price_list, endpoint):
	parameters = parameters_of(endpoint, catalog)
	rows = message(customer.get(f"medgrid.catalog.{endpoint}", **parameters))
	assert {row["rate"] for row in rows if row["item_code"] == "MGT-GAUZE"} == {28.5}
	blank = message(customer.get(f"medgrid.catalog.{endpoint}", **parameters, price_list=""))
	assert blank == rows


@pytest.mark.parametrize("endpoint", ["items_in_warehouse", "search_items"])
@pytest.mark.parametrize(
	("parameter", "value", "status", "exc_type", "sentence"),
	[
		("warehouse", "No Such - SM", 404, "DoesNotExistError", "Warehouse No Such - SM does not exist."),
		("warehouse", "group", 417, "ValidationError", "is a group"),
		("warehouse", "closed", 417, "ValidationError", "is disabled"),
		("price_list", "No Such List", 404, "DoesNotExistError", "Price List No Such List does not exist."),
		("price_list", "disabled_list", 417, "ValidationError", "is disabled"),
		("price_list", "buying", 417, "ValidationError", "is not for selling"),
		("warehouse", "x" * 141, 400, "ValidationError", "warehouse is too long"),
		("price_list", "x" * 141, 400, "ValidationError", "price_list is too long"),
	],
)
def test_a_wrong_warehouse_or_price_list_is_refused(
	customer, catalog, endpoint, parameter, value, status, exc_type, sentence
):
	value = getattr(catalog, value, value)
	parameters = {**parameters_of(endpoint, catalog), parameter: value}
	answer = customer.get(f"medgrid.catalog.{endpoint}", **parameters)
	assert sentence in error(answer, status, exc_type)


def test_items_are_sorted_by_name_then_code(customer, catalog):
	rows = message(customer.get("medgrid.catalog.items_in_warehouse", warehouse=catalog.alpha))
	same = [row["item_code"] for row in rows if row["item_name"] == "MGT Same Name"]
	assert same == ["MGT-SAME-1", "MGT-SAME-2"]


# Search


def found(customer, query, **parameters):
	rows = message(customer.get("medgrid.catalog.search_items", query=query, **parameters))
	return [(row["item_code"], row["warehouse"]) for row in rows if row["item_code"].startswith("MGT-")]


def test_a_hit_has_the_contracts_fields_and_nothing_more(customer, catalog):
	rows = message(
		customer.get("medgrid.catalog.search_items", query="Gauze 100% C", price_list=catalog.retail)
	)
	assert rows == [
		{
			"item_code": "MGT-GAUZE",
			"item_name": "MGT Gauze 100% Cotton",
			"description": "<p>Sterile <strong>gauze</strong></p>",
			"stock_uom": "Nos",
			"rate": 28.5,
			"available_qty": 12,
			"warehouse": catalog.alpha,
		}
	]


@pytest.mark.parametrize(
	("query", "code"),
	[
		("MGT Gauze 100%", "MGT-GAUZE"),
		("MGT Item_Under", "MGT-UNDER"),
		("back\\slash", "MGT-UNDER"),
	],
)
def test_percent_underscore_and_backslash_are_literal(customer, catalog, query, code):
	assert found(customer, query) == [(code, catalog.alpha)]


@pytest.mark.parametrize("query", ["%", "_", "\\"])
def test_a_wildcard_alone_finds_only_itself(customer, query):
	rows = message(customer.get("medgrid.catalog.search_items", query=query))
	assert rows
	assert all(query in row["item_name"] + row["description"] for row in rows)


@pytest.mark.parametrize("query", ["mgt gauze 100x", "MGT GAUZE 100X", "NOT A PERCENT"])
def test_search_ignores_case_in_name_and_description(customer, catalog, query):
	assert found(customer, query) == [("MGT-GAUZE-100X", catalog.alpha)]


def test_without_a_warehouse_there_is_a_row_for_each_that_holds_stock(customer, catalog):
	assert found(customer, "MGT Both") == [("MGT-BOTH", catalog.alpha), ("MGT-BOTH", catalog.beta)]


def test_with_a_warehouse_only_that_one_counts(customer, catalog):
	assert found(customer, "MGT Both", warehouse=catalog.beta) == [("MGT-BOTH", catalog.beta)]
	assert found(customer, "MGT Beta Only", warehouse=catalog.alpha) == []


def test_items_without_stock_and_disabled_items_are_not_found(customer):
	assert found(customer, "MGT Sold Out") == []
	assert found(customer, "MGT Retired") == []


def test_hits_are_sorted_by_item_name_item_code_and_warehouse(customer, catalog):
	assert found(customer, "MGT Same") == [
		("MGT-SAME-1", catalog.alpha),
		("MGT-SAME-2", catalog.alpha),
		("MGT-SAME-2", catalog.beta),
	]
	names = [row["item_name"] for row in message(customer.get("medgrid.catalog.search_items", query="MGT"))]
	assert names == sorted(names, key=str.casefold)


def test_unicode_is_found_and_comes_back_unharmed(customer, catalog):
	rows = message(customer.get("medgrid.catalog.search_items", query="mepilex®", warehouse=catalog.alpha))
	assert [row["item_name"] for row in rows if row["item_code"] == "MGT-UNICODE"] == [
		"MGT Mölnlycke Mepilex® – 10 × 10 cm 🩹"
	]
	assert found(customer, "Ωmega", warehouse=catalog.beta) == [("MGT-UNICODE", catalog.beta)]


@pytest.mark.parametrize("query", ["", "   ", "\t"])
def test_a_blank_query_is_400(customer, query):
	answer = customer.get("medgrid.catalog.search_items", query=query)
	assert "query must not be blank" in error(answer, 400, "ValidationError")


def test_a_missing_query_or_warehouse_is_400_naming_it(customer):
	answer = customer.get("medgrid.catalog.search_items")
	assert error(answer, 400, "ValidationError") == "Parameter query is missing."
	answer = customer.get("medgrid.catalog.items_in_warehouse")
	assert error(answer, 400, "ValidationError") == "Parameter warehouse is missing."


def test_sql_in_a_query_is_just_text(customer):
	rows = message(customer.get("medgrid.catalog.search_items", query="' OR 1=1 -- "))
	assert rows == []


# Pages


@pytest.mark.parametrize("endpoint", PARAMETERS)
def test_pages_together_are_the_whole_list(customer, catalog, endpoint):
	parameters = parameters_of(endpoint, catalog)
	everything = message(customer.get(f"medgrid.catalog.{endpoint}", **parameters))
	pages: list[dict] = []
	start = 0
	while page := message(
		customer.get(f"medgrid.catalog.{endpoint}", **parameters, limit_start=start, limit_page_length=3)
	):
		assert len(page) <= 3
		pages, start = pages + page, start + 3
	assert pages == everything
	assert len(everything) > 3


def test_a_page_without_a_length_has_20_rows_at_most(customer):
	rows = message(customer.get("medgrid.catalog.search_items", query="e", limit_start=0))
	assert len(rows) <= 20


@pytest.mark.parametrize(
	("parameter", "value"),
	[("limit_start", -1), ("limit_start", "x"), ("limit_page_length", -1), ("limit_page_length", "many")],
)
def test_a_wrong_page_is_400_naming_the_parameter(customer, parameter, value):
	answer = customer.get("medgrid.catalog.list_warehouses", **{parameter: value})
	assert f"Parameter {parameter} is invalid" in error(answer, 400, "ValidationError")


def test_a_list_may_be_posted_for(customer, catalog):
	posted = message(customer.post("medgrid.catalog.list_warehouses"))
	assert posted == message(customer.get("medgrid.catalog.list_warehouses"))


def test_a_longer_list_takes_no_more_queries(site, catalog):
	terms = terms_of(None, catalog.retail)

	def queries(rows):
		before = statements(site)
		found = list(search_items("MGT", terms, PageRequest(rows)))
		return len(found), statements(site) - before

	queries(1)
	short, long = queries(1), queries(500)
	assert short[0] == 1 < long[0]
	assert short[1] == long[1]


def statements(site):
	"""How many statements this connection has sent to the database."""
	return int(site.db.sql("SHOW SESSION STATUS LIKE 'Questions'")[0][1])


def test_the_domain_works_without_http(site, catalog):
	rows = list(items_in_warehouse(Terms(catalog.alpha)))
	assert {row["rate"] for row in rows} == {None}
	assert frappe.response.get("message") is None
