"""ShipStation Orders get the states of the outbox, and what they remarked becomes their reason."""

import frappe

DOCTYPE = "ShipStation Order"
STATES = {"Claimed": "Sending", "Pushed": "Sent"}


def execute() -> None:
	record = frappe.qb.DocType(DOCTYPE)
	for old, new in STATES.items():
		frappe.qb.update(record).set(record.status, new).where(record.status == old).run()
	# Each record was made by an attempt.
	frappe.qb.update(record).set(record.attempts, 1).where(
		(record.attempts == 0) & record.claimed_at.notnull() & (record.status != "Waiting")
	).run()
	if frappe.db.has_column(DOCTYPE, "remark"):
		_move_remarks()
	frappe.qb.update(record).set(record.who_acts, "Vendor").where(
		(record.status == "Cancelled") & (record.reason != "") & (record.shipstation_order_id != "")
	).run()


def _move_remarks() -> None:
	"""Frappe keeps the column of a field that is gone, and what is in it."""
	record = frappe.qb.DocType(DOCTYPE)
	is_empty = record.reason.isnull() | (record.reason == "")
	frappe.qb.update(record).set(record.reason, record.remark).where((record.remark != "") & is_empty).run()
	frappe.qb.update(record).set(record.remark, None).where(record.remark == record.reason).run()
