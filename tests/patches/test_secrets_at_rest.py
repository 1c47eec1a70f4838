"""The patch that takes out what release 0.1 left of secrets."""

import json

import frappe
import pytest

from medgrid.integrations.connections.credentials import keyed_account
from medgrid.patches.v1_0 import secrets_at_rest

OLD = "0123456789abcdef0123456789abcdef01234567"
MASK = "*" * 8


@pytest.fixture
def old_site(site):
	site.db.bulk_insert(
		"ShipStation Order",
		["name", "sales_order", "supplier", "account"],
		[["mgt-old", "mgt-old", "MGT", OLD], ["mgt-none", "mgt-none", "MGT", None]],
	)
	site.db.bulk_insert(
		"Sync Run",
		["name", "kind", "progress"],
		[["mgt-run", "products", json.dumps({"account": OLD, "cursor": "x"})]],
	)
	site.db.sql(
		"REPLACE INTO tabSingles (doctype, field, value) VALUES (%s, %s, %s)",
		("Medgrid Settings", "sendblue_webhook_secret", "*" * 23),
	)
	changed = [["sendblue_webhook_secret", "*" * 5, "*" * 23], ["sendblue_from_number", "**", "***"]]
	version = {"doctype": "Version", "ref_doctype": "Medgrid Settings", "docname": "Medgrid Settings"}
	site.get_doc({**version, "name": "mgt-version", "data": json.dumps({"changed": changed})}).db_insert()
	deleted = {"user": "mgt@example.com", "account": OLD, "verified_phone": "+15550001111", "shop": "mgt"}
	copy = {"doctype": "Deleted Document", "deleted_doctype": "Vendor Connection", "deleted_name": "mgt-gone"}
	site.get_doc({**copy, "name": "mgt-copy", "data": json.dumps(deleted)}).db_insert()
	yield
	site.db.rollback()


def test_nothing_is_left_that_tells_of_a_secret(old_site, site):
	for _twice in range(2):
		secrets_at_rest.execute()
		assert frappe.db.get_value("ShipStation Order", "mgt-old", "account") == keyed_account(OLD)
		assert frappe.db.get_value("ShipStation Order", "mgt-none", "account") is None
		progress = json.loads(frappe.db.get_value("Sync Run", "mgt-run", "progress"))
		assert progress == {"account": keyed_account(OLD), "cursor": "x"}
		assert frappe.db.get_singles_dict("Medgrid Settings").sendblue_webhook_secret == MASK
		changed = json.loads(frappe.db.get_value("Version", "mgt-version", "data"))["changed"]
		assert changed == [
			["sendblue_webhook_secret", MASK, MASK],
			["sendblue_from_number", "**", "***"],
		]
		copy = json.loads(frappe.db.get_value("Deleted Document", "mgt-copy", "data"))
		assert copy == {"user": "mgt@example.com"}
