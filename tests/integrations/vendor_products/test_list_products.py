"""`list_products` and `export_products`, over HTTP: a vendor sees their own products, and nobody else's."""

import csv
import io

import frappe
import pytest

from tests.support.http import error, message
from tests.support.records import write_values

METHOD = "medgrid.integrations.list_products"
FILE = "medgrid.integrations.export_products"


@pytest.fixture
def curated(connected_shop):
	"""A connected shop whose products a sync has seen: one is linked, the others wait."""
	item = connected_shop.vendor.item
	connected_shop.control.seed_products(
		connected_shop.domain,
		[
			{"title": "Bandage", "sku": item, "price": "3.50", "quantity": 5},
			{"title": "Gauze 100%", "sku": "GZ_100", "price": "7", "quantity": 2},
			{"title": "Tape", "sku": "", "price": "1.25", "quantity": 0, "status": "DRAFT"},
		],
	)
	assert connected_shop.sync()["ok"]
	return connected_shop


def listed(shop, **parameters) -> dict:
	return message(shop.caller.get(METHOD, **parameters))


def titles(shop, **parameters) -> list[str]:
	return [entry["product"] for entry in listed(shop, **parameters)["products"]]


def decide(shop, title: str, **values) -> None:
	key = {"supplier": shop.vendor.supplier, "product_title": title}
	write_values("Vendor Product", key, values)


def test_each_product_says_its_state_and_why(curated):
	answer = listed(curated)
	bandage, gauze, tape = answer["products"]
	item = curated.vendor.item
	assert bandage.pop("last_seen")
	assert bandage == {
		"product": "Bandage",
		"variant": None,
		"sku": item,
		"state": "linked",
		"reason": None,
		"item": item,
		"item_name": f"{item} Vitamin",
		"price": 3.5,
		"currency": "USD",
		"available_qty": 5,
		"shop_status": "Active",
		"shop": curated.domain,
	}
	assert gauze["state"] == tape["state"] == "waiting"
	assert gauze["reason"] == (
		"The wholesaler has no item of yours with this SKU yet. MedGrid decides about it."
	)
	assert tape["reason"] == "It has no SKU. Enter the wholesaler's item code as its SKU in Shopify."
	assert (answer["total"], answer["user"]) == (3, curated.user.email)
	assert answer["counts"] == {"linked": 1, "waiting": 2, "not_wanted": 0, "gone": 0}


def test_what_is_not_wanted_says_why_also_after_the_next_sync(curated):
	decide(curated, "Gauze 100%", not_wanted=1, not_wanted_because="We sell another brand.")
	curated.sync()
	[gauze] = listed(curated, state="not_wanted")["products"]
	assert (gauze["state"], gauze["reason"]) == ("not_wanted", "We sell another brand.")
	decide(curated, "Gauze 100%", not_wanted_because="")
	assert listed(curated, state="not_wanted")["products"][0]["reason"] == "The wholesaler does not take it."
	assert titles(curated, state="waiting") == ["Tape"]


def test_what_the_shop_has_no_more_is_apart(curated):
	decide(curated, "Tape", status="Gone")
	assert titles(curated) == ["Bandage", "Gauze 100%"]
	[tape] = listed(curated, state="gone")["products"]
	assert tape["reason"] == "Your shop does not have it any more."


def test_a_linked_product_that_is_not_active_says_so(curated):
	decide(curated, "Bandage", status="Draft")
	assert (
		listed(curated, state="linked")["products"][0]["reason"]
		== "It is linked, but not active in your shop."
	)


@pytest.mark.parametrize(
	("query", "found"),
	[
		("band", ["Bandage"]),
		("100%", ["Gauze 100%"]),
		("GZ_1", ["Gauze 100%"]),
		("G__1", []),
		("nothing", []),
	],
)
def test_titles_and_skus_are_searched_literally(curated, query, found):
	assert titles(curated, query=query) == found


def test_pages(curated):
	assert titles(curated, limit_page_length=2) == ["Bandage", "Gauze 100%"]
	assert titles(curated, limit_start=2, limit_page_length=2) == ["Tape"]
	assert titles(curated, limit_start=9) == []
	assert listed(curated, limit_start=9)["total"] == 3


def test_another_vendor_sees_none_of_them(curated, other_vendor):
	answer = message(other_vendor.caller.get(METHOD))
	assert (answer["products"], answer["total"]) == ([], 0)
	assert set(answer["counts"].values()) == {0}


def test_the_file_has_what_the_list_has_without_formulas(curated):
	decide(curated, "Gauze 100%", not_wanted=1, not_wanted_because='=HYPERLINK("http://x")')
	answer = curated.caller.get(FILE)
	assert answer.headers["Content-Type"].startswith("text/csv")
	rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
	assert [row["Product"] for row in rows] == ["Bandage", "Gauze 100%", "Tape"]
	assert (rows[0]["State"], rows[0]["Item"], rows[0]["Price"]) == ("Linked", curated.vendor.item, "3.5")
	assert rows[1]["Reason"] == '\'=HYPERLINK("http://x")'
	one = curated.caller.get(FILE, state="linked").content.decode("utf-8-sig")
	assert len(one.strip().splitlines()) == 2


@pytest.mark.parametrize("method", [METHOD, FILE])
def test_others_are_refused(curated, customer, anonymous, method):
	assert "belongs to no Supplier" in error(customer.get(method), 417, "ValidationError")
	error(anonymous.get(method), 401, "AuthenticationError")
	error(curated.caller.get(method, state="nonsense"), 400, "ValidationError")


def test_the_office_decides_and_changes_nothing_else(curated, manager):
	name = frappe.db.get_value(
		"Vendor Product", {"supplier": curated.vendor.supplier, "product_title": "Tape"}
	)
	path = f"/api/resource/Vendor Product/{name}"
	change = {"not_wanted": 1, "not_wanted_because": "No.", "item": curated.vendor.item, "sku": "X"}
	answer = manager.request("PUT", path, json=change)
	assert answer.status_code == 200, answer.text
	[tape] = listed(curated, state="not_wanted")["products"]
	assert (tape["reason"], tape["item"], tape["sku"]) == ("No.", None, None)
	assert curated.caller.request("PUT", path, json={"not_wanted": 0}).status_code == 403


def test_a_page_of_a_vendor_is_read_along_its_index(curated):
	from medgrid.integrations.vendor_products.listing import ALONG

	frappe.db.rollback()
	condition = f"supplier = {frappe.db.escape(curated.vendor.supplier)} AND status != 'Gone'"
	query = f"SELECT name FROM `tabVendor Product` FORCE INDEX ({ALONG}) WHERE {condition}"
	[plan] = frappe.db.sql(f"EXPLAIN {query} ORDER BY product_title, name LIMIT 20", as_dict=True)
	assert plan["key"] == ALONG
	assert "filesort" not in (plan["Extra"] or "")


def test_counting_reads_no_rows(curated):
	from medgrid.integrations.vendor_products.listing import BY_STATE

	frappe.db.rollback()
	query = f"SELECT status, not_wanted, item FROM `tabVendor Product` FORCE INDEX ({BY_STATE})"
	supplier = frappe.db.escape(curated.vendor.supplier)
	[plan] = frappe.db.sql(f"EXPLAIN {query} WHERE supplier = {supplier}", as_dict=True)
	assert (plan["key"], "Using index" in plan["Extra"]) == (BY_STATE, True)


@pytest.mark.parametrize("state", [None, "linked", "waiting", "not_wanted", "gone"])
def test_the_total_is_the_number_of_all_pages(curated, state):
	decide(curated, "Tape", not_wanted=1)
	given = {"state": state} if state else {}
	assert listed(curated, **given)["total"] == len(
		listed(curated, **given, limit_page_length=500)["products"]
	)
	assert listed(curated, **given, query="a")["total"] == len(titles(curated, **given, query="a"))
