"""Makes `tests/data/release-0.1.0.sql.gz`: a site of release 0.1.0 with rows in every state that an update
may meet. `tests/test_upgrade.py` migrates it.

It was made so, with the release's own code (0.1.0 is commit 2f44181):

	git worktree add --detach RELEASE 2f44181
	cp tools/release_fixture.py RELEASE/tools/
	cd RELEASE && python3 -m sandbox up && python3 -m sandbox demo
	python3 -m sandbox execute tools.release_fixture.fill
	python3 -m sandbox execute tools.release_fixture.dump FOLDER
	python3 -m sandbox reset

The demo leaves connections, orders, runs, events, products and leads as the release writes them; `fill` adds
what it does not leave: what was under way, of unknown outcome, or failing when the site was stopped. `dump`
writes the database and, into `release-0.1.0.json`, the key that its secrets are encrypted with. Both are
worth nothing: the passwords and tokens are those of a sandbox that is gone.
"""

import gzip
import json
import os
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import frappe
from frappe.utils.password import set_encrypted_password

RELEASE = "0.1.0"
# Rows of no interest that would only make the fixture larger.
EMPTIED = (
	"Error Log",
	"Version",
	"Activity Log",
	"Scheduled Job Log",
	"Route History",
	"Sessions",
	"View Log",
)
NOON = datetime(2026, 11, 20, 12)
# A lease that the update meets alive, whenever that is.
FAR = datetime(2099, 1, 1)
TOKEN = "0123456789abcdef0123456789abcdef"
CANCELLED = "was cancelled after it was sent; cancel order 90000099 in ShipStation"


def fill() -> None:
	"""Rows in the states that the demo does not leave. Commits."""
	orders = frappe.get_all("Sales Order", {"docstatus": 1}, order_by="name", pluck="name")
	_shipstation_orders(orders)
	_exoceuticals_orders(orders)
	_sync_runs()
	_integration_events(orders[0])
	_contact_messages()
	_connections()
	_settings()
	frappe.db.commit()


def _shipstation_orders(orders: list[str]) -> None:
	"""Claimed, of a worker that died and of one at work; Cancelled, with its remark; Shipped, in two
	parcels."""
	connection = frappe.db.get_value(
		"Vendor Connection", {"integration": "shipstation", "status": "connected"}
	)
	common = {"connection": connection, "account": "ab" * 16, "lines": json.dumps(["row-1", "row-2"])}
	suppliers = frappe.get_all("Supplier", order_by="name", pluck="name")
	parcels = [
		{"shipment_id": "700001", "tracking_number": "1Z1", "carrier_code": "ups", "ship_date": NOON.date()},
		{"shipment_id": "700002", "tracking_number": "1Z2", "carrier_code": "ups", "voided": 1},
	]
	rows = [
		{"status": "Claimed", "claimed_at": NOON},
		{"status": "Claimed", "claimed_at": FAR},
		{
			"status": "Cancelled",
			"claimed_at": NOON,
			"pushed_at": NOON,
			"shipstation_order_id": "90000099",
			"remark": CANCELLED,
		},
		{
			"status": "Shipped",
			"claimed_at": NOON,
			"pushed_at": NOON,
			"shipped_at": NOON,
			"shipstation_order_id": "90000098",
			"tracking_number": "1Z1",
			"carrier_code": "ups",
			"shipments": parcels,
		},
	]
	taken = set(frappe.get_all("ShipStation Order", fields=["sales_order", "supplier"], as_list=True))
	free = [(order, supplier) for order in orders for supplier in suppliers if (order, supplier) not in taken]
	for row, (order, supplier) in zip(rows, free, strict=False):
		frappe.get_doc(
			{"doctype": "ShipStation Order", "sales_order": order, "supplier": supplier, **common, **row}
		).insert(ignore_links=True)


def _exoceuticals_orders(orders: list[str]) -> None:
	"""One that was sent and partly shipped, one whose worker is at it, one of which nobody knows."""
	sent = {
		"order_id": "gid://shopify/Order/5001",
		"order_name": "#EXO1001",
		"status": "Partially Fulfilled",
		"sync_date": NOON,
		"updated_at": NOON,
		"checked_at": NOON,
		"tracking_number": "1Z999",
		"carrier": "UPS",
		"tracking_url": "https://ups.com/track?number=1Z999",
		"fulfillments": json.dumps([{"id": "gid://shopify/Fulfillment/1", "status": "SUCCESS"}]),
	}
	for order, values in zip(
		orders,
		(
			sent,
			{"claim": f"running:{TOKEN}", "claimed_at": FAR},
			{"claim": f"doubtful:{TOKEN}", "claimed_at": NOON},
		),
		strict=False,
	):
		values = {f"exoceuticals_{name}": value for name, value in values.items()}
		frappe.db.set_value("Sales Order", order, values)


def _sync_runs() -> None:
	"""Running, handed over to a job, failed and told, interrupted."""
	live = {"token": TOKEN, "lease_until": FAR, "started": NOON}
	progress = json.dumps({"cursor": "eyJsYXN0X2lkIjoyNTB9", "above": 250, "matched": 250})
	ended = {"started": NOON, "finished": NOON + timedelta(minutes=2), "duration": 120.5}
	rows = [
		{"kind": "catalog", "status": "Running", "running": "catalog", "progress": progress, **live},
		{"kind": "inventory", "status": "Running", "running": "inventory", "progress": "{}", **live},
		{
			"kind": "reconciliation",
			"status": "Failed",
			"error": "Shopify has a problem of its own.",
			"told": 1,
			"counts": '{"checked": 12}',
			**ended,
		},
		{"kind": "catalog", "status": "Interrupted", "error": "Its worker died.", **ended},
	]
	for row in rows:
		frappe.get_doc({"doctype": "Exoceuticals Sync Run", **row}).insert()


def _integration_events(sales_order: str) -> None:
	"""One of each outcome."""
	outcomes = frappe.get_meta("Integration Event").get_field("outcome").options.split("\n")
	for number, outcome in enumerate(outcomes):
		row = {
			"source": "shopify",
			"event_id": f"0b0a0908-{number:04d}",
			"topic": "orders/updated",
			"shop": "release.myshopify.com",
			"outcome": outcome,
			"error": "It made no sense." if outcome == "Failed" else None,
			"received_at": NOON + timedelta(seconds=number),
			"order_id": "gid://shopify/Order/5001",
			"sales_order": sales_order if outcome == "Updated" else None,
		}
		frappe.get_doc({"doctype": "Integration Event", **row}).insert(ignore_links=True)


def _contact_messages() -> None:
	"""One that waits for its job, and one that failed."""
	visitor = {"name": "Ada King", "email": "ada@example.com", "phone": "", "company": "King Clinic"}
	words = {**visitor, "subject": "Shipping", "message": "Do you ship on Saturdays?"}
	for failures, fault in ((0, None), (3, "leads.py:70 _make\nValidationError")):
		values = {"words": json.dumps(words), "failures": failures, "fault": fault}
		frappe.get_doc({"doctype": "Contact Message", **values}).insert()


def _connections() -> None:
	"""One in the middle of a sync, one that fails and whose vendor was told, one that was disconnected."""
	shop = frappe.db.get_value("Vendor Connection", {"integration": "shopify"})
	progress = json.dumps({"cursor": "eyJsYXN0X2lkIjo1MH0", "above": 50, "at": "2026-11-20T12:00:00+00:00"})
	frappe.db.set_value(
		"Vendor Connection",
		shop,
		{"status": "syncing", "lease_token": TOKEN, "lease_until": FAR, "progress": progress},
	)
	failing = frappe.db.get_value("Vendor Connection", {"integration": "shipstation", "status": "error"})
	frappe.db.set_value("Vendor Connection", failing, "incident_told", 1)
	frappe.get_doc(
		{
			"doctype": "Vendor Connection",
			"user": "vendor@northfield.example",
			"integration": "shopify",
			"status": "not_connected",
			"shop": "northfield.myshopify.com",
		}
	).insert()


def _settings() -> None:
	"""A previous webhook secret that still counts, and the catalog's first warehouses."""
	settings = "System Settings"
	set_encrypted_password(settings, settings, "the secret before", "exoceuticals_webhook_secret_previous")
	frappe.db.set_single_value(settings, "exoceuticals_webhook_secret_until", FAR)
	document = frappe.get_doc("Medgrid Settings")
	for warehouse in frappe.get_all("Warehouse", {"is_group": 0}, order_by="name", limit=2, pluck="name"):
		if warehouse not in [row.warehouse for row in document.warehouse_priority]:
			document.append("warehouse_priority", {"warehouse": warehouse})
	document.save()


def dump(folder: str) -> None:
	"""Writes the database and the encryption key.

	:param folder: where to; `tests/data` of the working tree that keeps the fixture.
	"""
	for doctype in EMPTIED:
		frappe.db.delete(doctype)
	frappe.db.commit()
	conf = frappe.conf
	command = ["mariadb-dump", "--no-defaults", f"--host={conf.db_host}", f"--port={conf.db_port}"]
	# Two dumps of the same rows are the same.
	options = [
		"--single-transaction",
		"--skip-dump-date",
		"--skip-comments",
		"--order-by-primary",
		"--skip-lock-tables",
	]
	done = subprocess.run(
		[*command, f"--user={conf.db_user}", *options, conf.db_name],
		env={**os.environ, "MYSQL_PWD": conf.db_password},
		capture_output=True,
		check=True,
	)
	target = Path(folder) / f"release-{RELEASE}.sql.gz"
	target.write_bytes(gzip.compress(done.stdout, 9, mtime=0))
	facts = {"release": RELEASE, "encryption_key": conf.encryption_key}
	target.with_name(f"release-{RELEASE}.json").write_text(json.dumps(facts, indent="\t") + "\n")
	print(f"{target.name}: {target.stat().st_size:,} bytes")
