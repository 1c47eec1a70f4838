"""Each unit of work that jobs and requests carry out succeeds although somebody else writes the same row
right after it has read, with MariaDB's snapshot isolation and without. Nothing of theirs is lost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
import pytest

from medgrid import account
from medgrid.contact import inbox
from medgrid.core.transactions import in_transaction
from medgrid.exoceuticals.catalog import links, unmatched
from medgrid.exoceuticals.inventory.bins import WarehouseMirror
from medgrid.integrations import turns
from medgrid.integrations.connections import records as connections
from medgrid.integrations.connections.actions import record_test
from medgrid.integrations.connections.credentials import forget_credentials
from medgrid.integrations.registry import REGISTRY
from medgrid.integrations.shipstation import sales_order_events
from medgrid.integrations.shipstation.due import register
from medgrid.integrations.shipstation.parcels import delivery_notes
from medgrid.sync import runs
from medgrid.sync.job import Job
from tests.support import people
from tests.support.rival import overtaken
from tests.support.vendors import deliver, order

ISOLATIONS = ("ON", "OFF")


@pytest.fixture(params=ISOLATIONS)
def isolation(request, site):
	site.db.rollback()
	site.db.sql(f"SET SESSION innodb_snapshot_isolation = {request.param}, innodb_lock_wait_timeout = 2")
	yield request.param
	site.db.rollback()
	site.db.sql("SET SESSION innodb_snapshot_isolation = DEFAULT, innodb_lock_wait_timeout = DEFAULT")


@dataclass
class Case:
	"""A unit of work and the row that somebody else writes meanwhile.

	:param theirs: the field and value that they write.
	:param ours: what the row must have afterwards, besides theirs.
	"""

	work: Callable[[], Any]
	doctype: str
	name: str
	theirs: tuple[str, Any]
	ours: dict[str, Any]


def stored(doctype: str, **values: Any) -> str:
	"""The name of a new row, committed, without the document's own code."""
	row = frappe.get_doc({"doctype": doctype, "name": f"mgt-{frappe.generate_hash(length=10)}", **values})
	row.db_insert()
	frappe.db.commit()
	return row.name


def revoking_keys(request) -> Case:
	# A user of its own: the callers of other tests need their tokens.
	user = people.person("mgt.rival@example.com", "Customer").email
	last = ("bio", frappe.generate_hash(length=8))
	return Case(
		lambda: in_transaction(lambda: account._delete_keys(user)), "User", user, last, {"api_key": None}
	)


def renewing_a_run(request) -> Case:
	run = runs.start(Job("inventory"))
	request.addfinalizer(lambda: (frappe.db.delete(runs.DOCTYPE, {"name": run.name}), frappe.db.commit()))
	return Case(
		lambda: run.save(after="x"), runs.DOCTYPE, run.name, ("error", "theirs"), {"running": "inventory"}
	)


def ending_a_dead_run(request) -> Case:
	job = Job("inventory")
	dead = runs.start(job)
	frappe.db.set_value(runs.DOCTYPE, dead.name, "lease_until", "2020-01-01 00:00:00")
	frappe.db.commit()

	def forget() -> None:
		frappe.db.delete(runs.DOCTYPE, {"kind": "inventory", "connection": ("is", "not set")})
		frappe.db.commit()

	request.addfinalizer(forget)
	ours = {"status": "Interrupted"}
	return Case(lambda: runs.start(job), runs.DOCTYPE, dead.name, ("resumed_from", dead.name), ours)


def noting_a_failed_message(request) -> Case:
	name = stored(inbox.DOCTYPE, words="{}", failures=1)
	request.addfinalizer(lambda: (frappe.db.delete(inbox.DOCTYPE, {"name": name}), frappe.db.commit()))
	work = lambda: in_transaction(lambda: inbox._note(name, "a place"))  # noqa: E731
	return Case(work, inbox.DOCTYPE, name, ("failures", 5), {"fault": "a place"})


def closing_an_entry(request) -> Case:
	variant = f"gid://shopify/ProductVariant/{frappe.generate_hash(length=8)}"
	name = stored(unmatched.DOCTYPE, variant_id=variant, status="Open", variant_number=1)
	request.addfinalizer(lambda: (frappe.db.delete(unmatched.DOCTYPE, {"name": name}), frappe.db.commit()))
	work = lambda: unmatched._mirror.update([name], {"status": "Closed"})  # noqa: E731
	return Case(work, unmatched.DOCTYPE, name, ("product_title", "theirs"), {"status": "Closed"})


def linking_an_item(request) -> Case:
	from tests.support import records

	item = records.item("MGT-RIVAL")
	frappe.db.commit()
	variant = f"gid://shopify/ProductVariant/{frappe.generate_hash(length=8)}"
	changes = {item: {"exoceuticals_variant_id": variant}}
	request.addfinalizer(lambda: links.write({item: {"exoceuticals_variant_id": None}}))
	return Case(
		lambda: links.write(changes),
		"Item",
		item,
		("item_name", frappe.generate_hash(length=8)),
		{"exoceuticals_variant_id": variant},
	)


def mirroring_a_bin(request) -> Case:
	name = stored("Bin", item_code="MGT-RIVAL", warehouse="MGT mirror", actual_qty=1, reserved_qty=0)
	request.addfinalizer(lambda: (frappe.db.delete("Bin", {"name": name}), frappe.db.commit()))
	mirror = WarehouseMirror("MGT mirror")
	work = lambda: in_transaction(lambda: mirror.write({"MGT-RIVAL": (7, "Nos")}))  # noqa: E731
	return Case(work, "Bin", name, ("reserved_qty", 2.0), {"actual_qty": 7.0, "projected_qty": 5.0})


def asking_a_connection(request) -> Case:
	vendor = request.getfixturevalue("connected")
	connection = connections.get(vendor.connection())
	return Case(
		lambda: record_test(connection, None),
		"Vendor Connection",
		connection.name,
		("stats", '{"theirs": 1}'),
		{"status": "connected"},
	)


def disconnecting(request) -> Case:
	vendor = request.getfixturevalue("connected")
	work = lambda: forget_credentials(vendor.user.email, REGISTRY["shipstation"])  # noqa: E731
	ours = {"status": "not_connected"}
	return Case(work, "Vendor Connection", vendor.connection(), ("turn", 41), ours)


def taking_a_turn(request) -> Case:
	vendor = request.getfixturevalue("connected")
	name = vendor.connection()
	frappe.db.set_value("Vendor Connection", name, "queued_at", None)
	frappe.db.commit()
	return Case(lambda: turns.take(name), "Vendor Connection", name, ("turn", 41), {})


def registering_an_order(request) -> Case:
	vendor = request.getfixturevalue("connected")
	sales_order = order((vendor.item, 1, 10)).name
	record = frappe.db.get_value("ShipStation Order", {"sales_order": sales_order})
	if not record:
		register.make_records(sales_order)
		record = vendor.record(sales_order).name
	work = lambda: register.make_records(sales_order)  # noqa: E731
	return Case(work, "ShipStation Order", record, ("carrier_code", "theirs"), {"status": "Waiting"})


def cancelling_an_order(request) -> Case:
	vendor = request.getfixturevalue("connected")
	sales_order = order((vendor.item, 1, 10))
	register.make_records(sales_order.name)
	record = vendor.record(sales_order.name).name
	frappe.db.set_value("Sales Order", sales_order.name, "docstatus", 2)
	frappe.db.commit()
	work = lambda: sales_order_events.record_cancellation(sales_order.name)  # noqa: E731
	return Case(work, "ShipStation Order", record, ("carrier_code", "theirs"), {"status": "Cancelled"})


def tracked(request) -> tuple[Any, Any, Any]:
	"""A vendor, a submitted note, and the record with its tracking number."""
	vendor = request.getfixturevalue("connected")
	sales_order = order((vendor.item, 1, 10))
	vendor.stats()
	note = deliver(sales_order.name)
	record = vendor.record(sales_order.name)
	frappe.db.set_value("ShipStation Order", record.name, {"tracking_number": "1ZRIVAL", "status": "Shipped"})
	frappe.db.commit()
	return sales_order, note, record


def writing_tracking(request) -> Case:
	sales_order, note, _record = tracked(request)
	work = lambda: delivery_notes.apply_tracking(sales_order.name)  # noqa: E731
	return Case(work, "Delivery Note", note.name, ("instructions", "theirs"), {"lr_no": "1ZRIVAL"})


def linking_parcels(request) -> Case:
	_sales_order, note, record = tracked(request)
	work = lambda: delivery_notes.link_parcels(note.name, ["1ZRIVAL"])  # noqa: E731
	ours = {"delivery_note": note.name, "status": "Delivered"}
	return Case(work, "ShipStation Order", record.name, ("carrier_code", "theirs"), ours)


CASES = (
	*(revoking_keys, renewing_a_run, ending_a_dead_run, noting_a_failed_message, closing_an_entry),
	*(linking_an_item, mirroring_a_bin, asking_a_connection, disconnecting, taking_a_turn),
	*(registering_an_order, cancelling_an_order, writing_tracking, linking_parcels),
)


@pytest.mark.parametrize("at", ["after a read", "before a lock"])
@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_what_somebody_else_writes_meanwhile_costs_nothing(request, isolation, make, at):
	case = make(request)
	frappe.db.rollback()
	field, value = case.theirs

	def write(rival: Any) -> None:
		rival.sql(f"UPDATE `tab{case.doctype}` SET `{field}` = %s WHERE name = %s", (value, case.name))

	with overtaken(write, at) as moment:
		case.work()
	frappe.db.rollback()
	# A unit that reads nothing cannot be overtaken there.
	assert moment.statement or at == "after a read", "the rival had no moment"
	row = frappe.db.get_value(case.doctype, case.name, [field, *case.ours], as_dict=True)
	assert {name: row[name] for name in case.ours} == case.ours
	if moment.wrote:
		# A number is counted on from theirs.
		assert row[field] >= value if isinstance(value, int) else row[field] == value
