"""What the store has of each linked Item, on the Item and in the mirror. Contract: "sync_inventory"."""

import json
import secrets
from datetime import datetime, timedelta, timezone

import frappe
import pytest

from medgrid.clients.shopify.models import StockedItem
from medgrid.exoceuticals import jobs
from medgrid.exoceuticals.inventory.quantities import stocked
from medgrid.http_client.errors import UnexpectedResponse
from medgrid.sync import engine, runs
from medgrid.sync.job import Job
from tests.support.http import error, message
from tests.support.records import set_stock, warehouse
from tests.support.runs import last
from tests.support.store import (
	as_the_next_request_sees,
	bin_of,
	item_of,
	latest_run,
	links_of,
	many_items,
	new_item,
	stocked_item,
)

RPC = "medgrid.exoceuticals.sync_inventory"
GONE = "gid://shopify/InventoryItem/1"


@pytest.fixture
def store(connected_store):
	return connected_store


def many(store, count: int) -> list[str]:
	"""Linked Items, more than one call asks for."""
	names = many_items(store, count)
	store.sync_catalog()
	return names


# what is written


def test_the_quantity_is_on_the_item_and_in_a_bin_that_was_made(store):
	name, _variant = stocked_item(store, 42)
	assert bin_of(store, name) is None
	assert store.sync_inventory() == {"status": "ok", "updated": 1, "warehouse": store.warehouse}
	assert item_of(name).exoceuticals_qty == 42
	row = bin_of(store, name)
	assert (row.actual_qty, row.projected_qty, row.stock_uom) == (42, 42, "Nos")
	assert (row.stock_value, row.reserved_qty) == (0, 0)


def test_the_answer_has_exactly_the_contracts_keys(store):
	stocked_item(store, 1)
	assert list(store.sync_inventory()) == ["status", "updated", "warehouse"]


def test_catalog_queries_show_it(store, customer):
	name, _variant = stocked_item(store, 42)
	store.sync_inventory()
	rows = message(customer.get("medgrid.catalog.items_in_warehouse", warehouse=store.warehouse))
	assert [row["available_qty"] for row in rows if row["item_code"] == name] == [42]


def test_a_changed_quantity_is_mirrored(store):
	name, variant = stocked_item(store, 42)
	store.sync_inventory()
	store.control.set_inventory(store.domain, variant["id"], 7)
	store.sync_inventory()
	assert item_of(name).exoceuticals_qty == 7
	assert (bin_of(store, name).actual_qty, bin_of(store, name).projected_qty) == (7, 7)


def test_the_time_of_the_last_sync_is_utc_and_recent(store):
	name, _variant = stocked_item(store, 1)
	before = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
	store.sync_inventory()
	after = datetime.now(timezone.utc).replace(tzinfo=None)
	assert before <= item_of(name).exoceuticals_last_synced <= after
	shown = store.caller.request("GET", f"/api/resource/Item/{name}").json()["data"]
	assert datetime.strptime(shown["exoceuticals_last_synced"], "%Y-%m-%d %H:%M:%S")


def test_what_is_reserved_and_ordered_stays_in_the_projected_quantity(store):
	name, variant = stocked_item(store, 42)
	store.sync_inventory()
	promised = {"reserved_qty": 5, "reserved_qty_for_production": 1, "reserved_qty_for_sub_contract": 2}
	expected = {"ordered_qty": 10, "indented_qty": 3, "planned_qty": 4}
	values = {**promised, **expected, "reserved_qty_for_production_plan": 1}
	frappe.db.set_value("Bin", bin_of(store, name).name, values)
	frappe.db.commit()
	store.control.set_inventory(store.domain, variant["id"], 20)
	store.sync_inventory()
	assert bin_of(store, name).projected_qty == 20 + 10 + 3 + 4 - 5 - 1 - 2 - 1


def test_other_warehouses_are_left_alone(store):
	name, _variant = stocked_item(store, 42)
	other = warehouse("MGT Alpha")
	set_stock(name, other, 3)
	frappe.db.commit()
	store.sync_inventory()
	frappe.db.rollback()
	assert frappe.db.get_value("Bin", {"item_code": name, "warehouse": other}, "actual_qty") == 3


def test_only_the_location_of_the_settings_counts(store):
	name, variant = stocked_item(store, 42)
	other = store.control.add_location(store.domain, "Second")["id"]
	store.control.set_inventory(store.domain, variant["id"], 5, other)
	store.configure(location_id=other)
	store.sync_inventory()
	assert item_of(name).exoceuticals_qty == 5


def test_items_without_a_link_are_not_asked_about(store):
	new_item()
	stocked_item(store, 1)
	assert store.sync_inventory()["updated"] == 1


def test_the_items_cached_document_knows_the_quantity(store):
	name, _variant = stocked_item(store, 42)
	frappe.db.rollback()
	frappe.get_cached_doc("Item", name)
	store.sync_inventory()
	assert as_the_next_request_sees(name).exoceuticals_qty == 42


def test_a_hundred_items_are_one_call(store):
	many(store, 250)
	store.control.clear_received()
	assert store.sync_inventory()["updated"] == 250
	calls = [call["operation"] for call in store.control.received(store.domain)]
	assert calls.count("inventory_levels") == 3


def test_a_second_sync_writes_timestamps_only(store):
	name, _variant = stocked_item(store, 42)
	none, _other = stocked_item(store, 0)
	store.sync_inventory()
	before = [(item_of(one).modified, bin_of(store, one).modified) for one in (name, none)]
	synced = item_of(name).exoceuticals_last_synced - timedelta(hours=1)
	frappe.db.set_value("Item", name, "exoceuticals_last_synced", synced, update_modified=False)
	frappe.db.commit()
	assert store.sync_inventory()["updated"] == 2
	assert [(item_of(one).modified, bin_of(store, one).modified) for one in (name, none)] == before
	assert item_of(name).exoceuticals_last_synced > synced


# what is missing, negative, unlinked


def test_what_the_location_does_not_stock_is_reported_and_goes_to_0(store):
	name, variant = stocked_item(store, 42)
	other, _variant = stocked_item(store, 3)
	store.sync_inventory()
	synced = item_of(name).exoceuticals_last_synced
	store.control.set_inventory(store.domain, variant["id"], None)
	assert store.sync_inventory() == {
		"status": "ok",
		"updated": 1,
		"warehouse": store.warehouse,
		"missing": [name],
		"notes": [f"{name}: The location does not stock it."],
	}
	assert item_of(name).exoceuticals_qty == 0
	assert bin_of(store, name).actual_qty == 0
	assert item_of(name).exoceuticals_last_synced == synced
	assert bin_of(store, other).actual_qty == 3


@pytest.mark.parametrize(
	("stocked", "lost", "stops"),
	[(1, 1, True), (20, 19, True), (20, 20, True), (20, 18, False), (103, 97, False), (103, 98, True)],
)
def test_a_location_that_lost_nearly_all_of_its_items_stops_the_sync_and_empties_nothing(
	store, stocked, lost, stops
):
	names = many_items(store, stocked)
	stocked_item(store, 0)
	_name, nowhere = stocked_item(store, 0)
	store.sync_inventory()
	before = [item_of(name).exoceuticals_qty for name in names]
	assert all(before)
	for variant in [*(links_of(name)[1] for name in names[:lost]), nowhere["id"]]:
		store.control.set_inventory(store.domain, variant, None)
	if stops:
		answer = store.caller.post(RPC)
		sentence = f"no longer stocks {lost} of the {stocked} Items that had stock"
		assert sentence in error(answer, 417, "ValidationError")
	else:
		assert store.sync_inventory()["updated"] == stocked - lost + 1
		before[:lost] = [0] * lost
	assert [item_of(name).exoceuticals_qty for name in names] == before
	assert [bin_of(store, name).actual_qty for name in names] == before


def test_what_shopify_does_not_know_any_more_is_reported_and_goes_to_0(store):
	name, variant = stocked_item(store, 42)
	store.sync_inventory()
	store.control.remove_product(store.domain, variant["product_id"])
	answer = store.sync_inventory()
	assert (answer["updated"], answer["missing"]) == (0, [name])
	assert answer["notes"] == [f"{name}: Shopify no longer has its inventory item."]
	assert (item_of(name).exoceuticals_qty, bin_of(store, name).actual_qty) == (0, 0)


def test_an_id_that_is_none_is_reported_and_does_not_stop_the_others(store):
	name, _variant = stocked_item(store, 42)
	strange = new_item()
	frappe.db.set_value("Item", strange, "exoceuticals_inventory_item_id", "MGT-NO-ID")
	frappe.db.commit()
	answer = store.sync_inventory()
	assert (answer["status"], answer["updated"], answer["missing"]) == ("ok", 1, [strange])
	assert item_of(name).exoceuticals_qty == 42
	frappe.db.set_value("Item", strange, "exoceuticals_inventory_item_id", None)
	frappe.db.commit()


def test_a_negative_quantity_counts_as_0_with_a_note(store):
	name, _variant = stocked_item(store, -3)
	answer = store.sync_inventory()
	assert answer["updated"] == 1
	assert answer["notes"] == [f"{name}: Shopify reports the quantity -3. MedGrid uses 0."]
	assert "missing" not in answer
	assert (item_of(name).exoceuticals_qty, bin_of(store, name).actual_qty) == (0, 0)


def test_no_more_than_fifty_are_named(store):
	names = many(store, 60)
	frappe.db.set_value("Item", {"name": ("in", names)}, "exoceuticals_inventory_item_id", GONE)
	frappe.db.commit()
	answer = store.sync_inventory()
	assert (len(answer["missing"]), len(answer["notes"])) == (50, 50)
	assert last("inventory")["counts"] == {
		"updated": 0,
		"missing": 60,
		"changed": 0,
		"warehouse": store.warehouse,
	}


def test_an_item_that_is_linked_no_longer_goes_to_0(store):
	name, variant = stocked_item(store, 42)
	store.sync_inventory()
	store.control.change_sku(store.domain, variant["id"], "MGT-ELSEWHERE")
	store.sync_catalog()
	assert store.sync_inventory()["updated"] == 0
	assert item_of(name).exoceuticals_qty == 0
	assert (bin_of(store, name).actual_qty, bin_of(store, name).projected_qty) == (0, 0)


def test_stock_entries_in_the_mirror_are_replaced_and_reported(store):
	name, _variant = stocked_item(store, 42)
	own = warehouse(f"MGT Own {secrets.token_hex(3)}")
	store.configure(warehouse=own)
	set_stock(name, own, 3)
	frappe.db.commit()
	answer = store.sync_inventory()
	assert answer["warehouse"] == own
	assert answer["notes"] == [
		f"{own} has stock entries of its own. The sync replaced its quantities with the store's."
	]
	frappe.db.rollback()
	assert frappe.db.get_value("Bin", {"item_code": name, "warehouse": own}, "actual_qty") == 42


def test_another_mirror_takes_over_and_the_one_before_is_emptied(store):
	name, _variant = stocked_item(store, 42)
	store.sync_inventory()
	own = warehouse(f"MGT Second WarehouseMirror {secrets.token_hex(3)}")
	frappe.db.commit()
	store.configure(warehouse=own)
	assert store.sync_inventory()["warehouse"] == own
	frappe.db.rollback()
	quantities = {
		row.warehouse: row.actual_qty
		for row in frappe.get_all("Bin", {"item_code": name}, ["warehouse", "actual_qty"])
	}
	assert quantities == {store.warehouse: 0, own: 42}


# failures, time


def test_a_failure_half_way_keeps_what_was_done_and_says_so(store):
	names = many(store, 150)
	store.control.fault("slow", times=1, operation="inventory_levels", seconds=0)
	store.control.fault("status", times=None, operation="inventory_levels", status=402)
	sentence = error(store.caller.post("medgrid.exoceuticals.sync_inventory"), 417, "ValidationError")
	assert "billing" in sentence
	assert item_of(names[98]).exoceuticals_qty == 99
	assert item_of(names[149]).exoceuticals_qty == 0
	run = latest_run("inventory")
	assert (run.status, json.loads(run.counts)["updated"]) == ("Failed", 100)
	assert sentence.startswith(run.error) and run.name in sentence
	store.control.clear_faults()
	assert store.sync_inventory()["updated"] == 150
	assert item_of(names[149]).exoceuticals_qty == 150


@pytest.mark.parametrize(
	("kind", "options"), [("too_many", {"seconds": 0.1}), ("throttled", {}), ("malformed", {})]
)
def test_a_passing_trouble_is_no_failure(store, kind, options):
	stocked_item(store, 1)
	store.control.fault(kind, operation="inventory_levels", **options)
	assert store.sync_inventory()["updated"] == 1


def test_while_one_runs_another_is_409_and_a_catalog_sync_is_not(store):
	run = runs.start(Job("inventory"))
	error(store.caller.post(RPC), 409, "ConflictError")
	assert store.sync_catalog()["status"] == "ok"
	run.finish({})
	assert store.sync_inventory()["status"] == "ok"


def test_what_takes_too_long_goes_on_as_a_job_where_it_stopped(store, monkeypatch):
	many(store, 250)
	queued = []
	# The second call would have to wait fifteen seconds for its points.
	store.control.set_shop(store.domain, bucket_size=450, restore_rate=10)
	monkeypatch.setattr(engine, "ANSWER_SECONDS", 8)
	monkeypatch.setattr(frappe, "enqueue", lambda method, **options: queued.append(options))
	assert jobs.sync_now("inventory") == {"status": "running", "updated": 100, "warehouse": store.warehouse}
	store.control.clear_received()
	store.control.set_shop(store.domain, bucket_size=20000, restore_rate=1000)
	done = jobs.run_job(queued[0]["kind"], queued[0]["token"])
	assert done == {"status": "ok", "updated": 250, "warehouse": store.warehouse}
	calls = [call["operation"] for call in store.control.received(store.domain)]
	assert calls.count("inventory_levels") == 2


# what an answer means


@pytest.mark.parametrize(
	"quantities", [[], [{"name": "on_hand", "quantity": 5}], [{"name": "available", "quantity": 1}] * 2]
)
def test_an_answer_without_the_quantity_asked_for_makes_no_sense(quantities):
	node = StockedItem.model_validate({"id": GONE, "inventoryLevel": {"quantities": quantities}})
	with pytest.raises(UnexpectedResponse):
		stocked("MGT", node)
