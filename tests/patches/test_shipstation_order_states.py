"""The patch of ShipStation Orders, on rows as release 0.1 wrote them."""

import frappe
import pytest

from medgrid.patches.v1_0 import shipstation_order_states
from tests.patches.old_columns import old_columns

SENTENCE = "was cancelled after it was sent; cancel order 7 in ShipStation"
CLAIMED_AT = "2026-11-25 23:59:59"
COLUMNS = ["name", "sales_order", "supplier", "status", "claimed_at", "account", "lines"]
COLUMNS += ["shipstation_order_id", "remark"]
# Old status, ShipStation's id, remark -> status, reason, who acts.
ROWS = {
	"mgt-old-1": ("Claimed", None, None, ("Sending", None, "Nobody")),
	"mgt-old-2": ("Pushed", "5", None, ("Sent", None, "Nobody")),
	"mgt-old-3": ("Shipped", "6", None, ("Shipped", None, "Nobody")),
	"mgt-old-4": ("Cancelled", "7", SENTENCE, ("Cancelled", SENTENCE, "Vendor")),
}


@pytest.fixture
def old_rows(site):
	"""Rows of release 0.1, one for each of its states."""
	with old_columns("ShipStation Order", {"remark": "text"}):
		for name, (status, order_id, remark, _expected) in ROWS.items():
			values = [name, name, "MGT", status, CLAIMED_AT, "abc", '["row"]', order_id, remark]
			frappe.db.bulk_insert("ShipStation Order", COLUMNS, [values])
		frappe.db.commit()
		yield
		frappe.db.delete("ShipStation Order", {"name": ("in", list(ROWS))})
		frappe.db.commit()


def migrated() -> dict[str, tuple]:
	frappe.db.rollback()
	fields = ["name", "status", "reason", "who_acts"]
	rows = frappe.get_all("ShipStation Order", {"name": ("in", list(ROWS))}, fields)
	return {row.name: (row.status, row.reason or None, row.who_acts) for row in rows}


def test_old_states_become_those_of_the_outbox_and_remarks_reasons(old_rows):
	shipstation_order_states.execute()
	frappe.db.commit()
	assert migrated() == {name: expected for name, (*_old, expected) in ROWS.items()}


def test_what_else_the_rows_say_is_kept(old_rows):
	shipstation_order_states.execute()
	frappe.db.commit()
	for name, (_status, order_id, _remark, _expected) in ROWS.items():
		row = frappe.get_doc("ShipStation Order", name)
		assert (str(row.claimed_at), row.account, row.lines) == (CLAIMED_AT, "abc", '["row"]')
		assert (row.shipstation_order_id, row.attempts) == (order_id, 1)


def test_running_it_again_changes_nothing_and_loses_no_newer_reason(old_rows):
	shipstation_order_states.execute()
	newer = "was amended as X after it was sent; cancel order 7 in ShipStation"
	frappe.db.set_value("ShipStation Order", "mgt-old-4", "reason", newer)
	frappe.db.commit()
	before = migrated()
	shipstation_order_states.execute()
	frappe.db.commit()
	assert migrated() == before
	assert before["mgt-old-4"][1] == newer


def test_every_state_is_an_option_of_the_field(old_rows):
	shipstation_order_states.execute()
	frappe.db.commit()
	options = frappe.get_meta("ShipStation Order").get_field("status").options.split("\n")
	assert {status for status, _reason, _who in migrated().values()} <= set(options)
