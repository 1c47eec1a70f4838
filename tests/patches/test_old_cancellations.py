"""Cancellations of before the update: vendors are not shown those that syncs stopped reporting long ago."""

import frappe

from medgrid.patches.v1_0 import old_cancellations
from tests.integrations.vendor_orders.test_acknowledge import cancelled, do_not_ship

__all__ = ["cancelled"]


def test_old_cancellations_are_acknowledged_and_recent_ones_are_not(connected, cancelled):
	old_cancellations.execute()
	frappe.db.commit()
	assert do_not_ship(connected) == [cancelled]
	week = frappe.utils.add_days(frappe.utils.now_datetime(), -8)
	name = connected.record(cancelled).name
	frappe.db.set_value("ShipStation Order", name, "modified", week, update_modified=False)
	old_cancellations.execute()
	frappe.db.commit()
	assert do_not_ship(connected) == []
