"""Run in a process of its own, by tests that kill it."""

import frappe


def send(sales_order: str) -> None:
	from medgrid.exoceuticals.orders import send as orders

	frappe.set_user("Administrator")
	orders.send(sales_order, None)
