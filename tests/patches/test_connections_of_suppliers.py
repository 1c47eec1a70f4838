"""Release 0.1 kept a connection for each user; now a connection belongs to a Supplier."""

from datetime import datetime

import frappe
import pytest

from medgrid.core.secrets import read_secret
from medgrid.patches.v1_0 import connections_of_suppliers
from tests.support import people, records

SUPPLIER = "MGT Vendor of release 0.1"
USERS = ("mgt.vendor.one@example.com", "mgt.vendor.colleague@example.com", "mgt.vendor.alone@example.com")


@pytest.fixture
def release_01(site):
	"""Two users of one Supplier and one of none, each with ShipStation and text messages."""
	records.supplier(SUPPLIER)
	for user in USERS:
		people.person(user, "Supplier")
	for user in USERS:
		site.db.delete("Portal User", {"user": user})
		site.db.delete("Vendor Connection", {"user": user})
	document = site.get_doc("Supplier", SUPPLIER)
	document.portal_users = []
	for user in USERS[:2]:
		document.append("portal_users", {"user": user})
	document.save(ignore_permissions=True)
	names = {}
	# The colleague, who comes second among the users, connected first.
	for number, user in enumerate((USERS[1], USERS[0], USERS[2])):
		for integration in ("shipstation", "sendblue"):
			name = f"mgt-old-{number}-{integration}"
			values = {"user": user, "integration": integration, "status": "connected", "api_key": "*"}
			row = site.get_doc({"doctype": "Vendor Connection", **values})
			row.insert(ignore_permissions=True, set_name=name)
			moment = datetime(2026, 1, 1 + number)
			site.db.set_value(
				"Vendor Connection", name, {"creation": moment, "supplier": None, "account_name": None}
			)
			names[user, integration] = name
	yield names
	site.db.rollback()
	site.db.delete("Vendor Connection", {"user": ("in", USERS)})
	site.db.delete("Integration Issue", {"issue_type": "shipstation/without_supplier"})
	site.db.commit()


def row(name):
	fields = ["supplier", "account_name", "status", "user"]
	return frappe.db.get_value("Vendor Connection", name, fields)


def test_no_connection_is_lost(release_01):
	connections_of_suppliers.execute()
	first, second, homeless = USERS[1], USERS[0], USERS[2]
	assert row(release_01[first, "shipstation"]) == (SUPPLIER, "default", "connected", first)
	assert row(release_01[second, "shipstation"]) == (SUPPLIER, second, "connected", second)
	assert row(release_01[homeless, "shipstation"]) == (None, "default", "not_connected", homeless)
	for user in (first, second):
		assert row(release_01[user, "sendblue"]) == (SUPPLIER, user, "connected", user)
	assert row(release_01[homeless, "sendblue"])[2] == "connected"
	assert read_secret("Vendor Connection", release_01[homeless, "shipstation"], "api_key") is None


def test_those_without_a_supplier_are_listed_for_the_administrators(release_01):
	connections_of_suppliers.execute()
	[issue] = frappe.get_all(
		"Integration Issue",
		filters={"issue_type": "shipstation/without_supplier"},
		fields=["detail", "who_acts"],
	)
	assert f"{USERS[2]} (shipstation)" in issue.detail
	assert USERS[0] not in issue.detail
	assert issue.who_acts == "Administrator"


def test_a_second_run_changes_nothing(release_01):
	connections_of_suppliers.execute()
	before = {name: row(name) for name in release_01.values()}
	connections_of_suppliers.execute()
	assert {name: row(name) for name in release_01.values()} == before
