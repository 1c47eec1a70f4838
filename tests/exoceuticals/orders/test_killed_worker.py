"""A sync whose worker is killed: nothing is lost, nothing is stuck, and the next one goes on."""

import json

import frappe
import pytest

from tests.support.http import error
from tests.support.runs import kill, last
from tests.support.store import links_of, many_items
from tests.support.waiting import wait_for

SECONDS = 60


@pytest.fixture
def killed_worker(environment, connected_store):
	"""Kills a worker while Shopify lets it wait for the second answer to an operation."""

	def die(kind: str, operation: str) -> None:
		control = connected_store.control
		control.clear_received()
		control.fault("slow", times=1, operation=operation, seconds=0)
		control.fault("slow", times=1, operation=operation, seconds=20)
		worker = environment.process("medgrid.exoceuticals.jobs.sync_now", json.dumps(kind))
		try:
			wait_for(lambda: len(control.received(connected_store.domain, operation)) == 2)
		finally:
			worker.kill()
			worker.wait(SECONDS)
		control.clear_faults()

	return die


def test_a_killed_catalog_sync_keeps_its_pages_and_the_next_one_ends_it(connected_store, killed_worker):
	names = many_items(connected_store, 300)
	killed_worker("catalog", "product_variants")
	assert links_of(names[249]) != (None, None, None)
	assert links_of(names[250]) == (None, None, None)
	error(connected_store.caller.post("medgrid.exoceuticals.sync_catalog"), 409, "ConflictError")
	kill("catalog")
	assert last("catalog")["status"] == "Interrupted"
	assert connected_store.sync_catalog() == {"status": "ok", "matched": 300, "unmatched_count": 0}
	frappe.db.rollback()
	assert last("catalog")["status"] == "Succeeded"


def test_a_killed_inventory_sync_keeps_its_chunks_and_the_next_one_ends_it(connected_store, killed_worker):
	names = many_items(connected_store, 150)
	connected_store.sync_catalog()
	killed_worker("inventory", "inventory_levels")
	frappe.db.rollback()
	quantities = [frappe.db.get_value("Item", name, "exoceuticals_qty") for name in (names[99], names[100])]
	assert quantities == [100, 0]
	kill("inventory")
	assert connected_store.sync_inventory()["updated"] == 150
	frappe.db.rollback()
	assert frappe.db.get_value("Item", names[100], "exoceuticals_qty") == 101
