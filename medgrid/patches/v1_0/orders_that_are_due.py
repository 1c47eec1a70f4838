"""Makes the ShipStation Orders of open Sales Orders: release 0.1 made them with the first attempt only."""

import frappe

from medgrid.integrations.shipstation.due.missed import register_open


def execute() -> None:
	record = frappe.qb.DocType("ShipStation Order")
	frappe.qb.update(record).set(record.since, record.claimed_at).where(record.since.isnull()).run()
	register_open()
