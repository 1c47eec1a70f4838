"""Background work of the integrations, run by RQ workers; more workers mean more vendors at a time."""

import frappe

from medgrid.exceptions import Conflict, RuleViolated
from medgrid.integrations import engine, leases
from medgrid.integrations.leases import Lease


def push_and_track() -> None:
	"""The scheduler's hourly job: orders out to ShipStation, tracking back."""
	sync_connected_vendors("shipstation")


def pull_catalogs() -> None:
	"""The scheduler's daily job: what vendors' Shopify stores sell."""
	sync_connected_vendors("shopify")


def sync_connected_vendors(integration: str) -> None:
	"""Queues one job for each vendor who has connected an integration."""
	connection, user = frappe.qb.DocType("Vendor Connection"), frappe.qb.DocType("User")
	names = (
		frappe.qb.from_(connection)
		.join(user)
		.on(user.name == connection.user)
		.select(connection.name)
		.where((connection.integration == integration) & (connection.status != "not_connected"))
		# A vendor who may not sign in any more gets no more customers' addresses.
		.where(user.enabled == 1)
		.run(pluck=True)
	)
	for name in names:
		engine.enqueue(name)


def sync_connection(connection: str, token: str | None = None, limit: int | None = None) -> None:
	"""Syncs one connection, or goes on with a sync whose lease was handed over.

	:param token: the lease to take over.
	:param limit: how many orders to push at most; None: all.
	"""
	if not frappe.db.exists("Vendor Connection", connection):
		return
	try:
		lease = Lease(connection, token) if token else leases.begin(connection)
	except (Conflict, RuleViolated):
		# Somebody syncs it right now, or has disconnected it: both are fine.
		frappe.db.rollback()
		return
	engine.run(lease, limit=limit, seconds=engine.JOB_SECONDS)
