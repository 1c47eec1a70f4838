"""Converts the states of ShipStation Orders to those of the outbox, and moves their `remark` to `reason`."""

import frappe

DOCTYPE = "ShipStation Order"
STATES = {"Claimed": "Sending", "Pushed": "Sent"}


def execute() -> None:
	record = frappe.qb.DocType(DOCTYPE)
	for old, new in STATES.items():
		frappe.qb.update(record).set(record.status, new).where(record.status == old).run()
	# Release 0.1 created each record when it made an attempt.
	frappe.qb.update(record).set(record.attempts, 1).where(
		(record.attempts == 0) & record.claimed_at.notnull() & (record.status != "Waiting")
	).run()
	if frappe.db.has_column(DOCTYPE, "remark"):
		_move_remarks()
	frappe.qb.update(record).set(record.who_acts, "Vendor").where(
		(record.status == "Cancelled") & (record.reason != "") & (record.shipstation_order_id != "")
	).run()


def _move_remarks() -> None:
	"""Moves the remarks to `reason`: Frappe keeps the column of a removed field with its values."""
	record = frappe.qb.DocType(DOCTYPE)
	is_empty = record.reason.isnull() | (record.reason == "")
	frappe.qb.update(record).set(record.reason, record.remark).where((record.remark != "") & is_empty).run()
	frappe.qb.update(record).set(record.remark, None).where(record.remark == record.reason).run()
