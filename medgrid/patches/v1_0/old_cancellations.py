"""Acknowledges cancellations that syncs reported for a week before vendors could acknowledge them."""

from datetime import timedelta

import frappe

from medgrid.core.clock import stored_utc_now

REPORTED_FOR = timedelta(days=7)


def execute() -> None:
	record = frappe.qb.DocType("ShipStation Order")
	is_old = record.modified < frappe.utils.now_datetime() - REPORTED_FOR
	(
		frappe.qb.update(record)
		.set(record.acknowledged_at, stored_utc_now())
		.where((record.status == "Cancelled") & record.acknowledged_at.isnull() & is_old)
		.run()
	)
