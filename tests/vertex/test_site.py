"""What installing adds for the second contract, and what uninstalling keeps and removes."""

import json
from pathlib import Path

import pytest
from frappe.core.doctype.user.user import create_contact

from medgrid.vertex import site as vertex_site
from medgrid.vertex.access import api_users


def test_an_installed_site_has_the_roles_and_the_user_of_bearer_tokens(site):
	for role in ("Vertex Connector", "Vertex Merchant"):
		assert site.db.get_value("Role", role, "desk_access") == 0
	user = site.get_doc("User", api_users.IDENTITY_USER)
	assert (user.user_type, user.roles, user.enabled) == ("Website User", [], 1)
	vertex_site.add_people()


def test_uninstalling_removes_the_users_and_roles(site):
	merchant = api_users.add_merchant_user("Test")
	api_users.set_credentials(merchant, api_users.new_username(), api_users.new_password())
	vertex_site.remove_people()
	auth = site.qb.Table("__Auth")
	for user in (merchant, api_users.IDENTITY_USER):
		assert not site.db.exists("User", user)
		assert not site.qb.from_(auth).select(auth.name).where(auth.name == user).run()
	assert not site.db.exists("Role", "Vertex Connector")
	site.db.rollback()


def test_a_removed_user_leaves_no_contact_and_no_defaults(site):
	user = api_users.add_merchant_user("MGT left behind")
	# Frappe does so in a job after each new User.
	create_contact(site.get_doc("User", user), ignore_mandatory=True)
	site.defaults.set_user_default("time_zone", "UTC", user)
	traces = {
		"Contact": {"user": user},
		"Contact Email": {"email_id": user},
		"DefaultValue": {"parent": user},
	}
	assert all(site.db.exists(doctype, filters) for doctype, filters in traces.items())
	others = {doctype: site.db.count(doctype) - 1 for doctype in traces}
	api_users.remove(user)
	assert {doctype: site.db.count(doctype) for doctype in traces} == others
	traces["Deleted Document"] = {"deleted_name": user}
	assert not any(site.db.exists(doctype, filters) for doctype, filters in traces.items())


def test_the_records_of_what_was_booked_are_written_to_a_private_file(site, capsys):
	for number, status in enumerate(("Committed", "Pending", "In Doubt")):
		site.get_doc(
			{
				"doctype": "Vertex Tax Document",
				"merchant": "m",
				"kind": "Invoice",
				"status": status,
				"transaction_id": f"MG-mgt-{number}-{site.generate_hash(length=8)}",
			}
		).insert(ignore_permissions=True)
	path = vertex_site.export_records()
	try:
		rows = [json.loads(line) for line in path.read_text().splitlines()]
		assert {"Committed", "Pending", "In Doubt"} <= {
			row["status"] for row in rows if row["doctype"] == "Vertex Tax Document"
		}
		assert path.parent.name == "files" and path.parent.parent.name == "private"
		assert path.stat().st_mode & 0o077 == 0
		printed = capsys.readouterr().out
		assert str(path) in printed and "Warning: " in printed
	finally:
		path.unlink()
		site.db.rollback()


def test_what_was_sent_before_uninstalling_is_known_after_installing_again(site, capsys):
	record = site.get_doc(
		{
			"doctype": "ShipStation Order",
			"name": site.generate_hash(length=10),
			"sales_order": "SO-MGT-RESTORED",
			"supplier": "MGT Restored",
			"status": "Shipped",
			"shipstation_order_id": "4711",
			"pushed_at": "2026-06-18 14:30:00.250000",
		}
	)
	record.db_insert()
	shipment = site.get_doc({"doctype": "ShipStation Shipment", "name": site.generate_hash(length=10)})
	shipment.update({"parent": record.name, "parenttype": record.doctype, "parentfield": "shipments"})
	shipment.update({"shipment_id": "1", "tracking_number": "1Z"})
	shipment.db_insert()
	path = vertex_site.export_records()
	try:
		for document in (record, shipment):
			site.db.delete(document.doctype, {"name": document.name})
		assert vertex_site.restore_records() > 0
		for document in (record, shipment):
			restored = site.get_doc(document.doctype, document.name).as_dict()
			stored = document.as_dict() | {"shipments": None}
			assert {name: str(restored[name]) for name in stored if stored[name] is not None} == {
				name: str(value) for name, value in stored.items() if value is not None
			}
		assert str(path) in capsys.readouterr().out
		count = site.db.count(record.doctype)
		vertex_site.restore_records()
		assert site.db.count(record.doctype) == count
	finally:
		path.unlink()
		site.db.rollback()


def test_uninstalling_says_how_many_orders_are_still_on_their_way(site, capsys):
	for status in ("Waiting", "Sending", "Outcome Unknown", "Sent"):
		site.get_doc(
			{
				"doctype": "ShipStation Order",
				"name": site.generate_hash(length=10),
				"sales_order": f"mgt-{status}",
				"supplier": "mgt",
				"status": status,
			}
		).db_insert()
	filters = {"status": ("in", ("Waiting", "Sending", "Outcome Unknown"))}
	waiting = site.db.count("ShipStation Order", filters)
	path = vertex_site.export_records()
	try:
		expected = f"Warning: {waiting} documents (ShipStation Order) are not sent,"
		assert waiting >= 3 and expected in capsys.readouterr().out
	finally:
		path.unlink()
		site.db.rollback()


@pytest.fixture
def folder(site):
	"""The site's private files, without those of earlier uninstallations."""
	folder = Path(site.get_site_path("private", "files"))
	folder.mkdir(parents=True, exist_ok=True)

	def records():
		return set(folder.glob(f"{vertex_site.FILES}*.jsonl"))

	before = {path: path.rename(path.with_suffix(".aside")) for path in records()}
	yield folder
	site.db.rollback()
	for path in records():
		path.unlink()
	for path, aside in before.items():
		aside.rename(path)


def record(site, **values):
	row = {
		"doctype": "ShipStation Order",
		"name": f"mgt-{site.generate_hash(length=10)}",
		"sales_order": f"SO-MGT-{site.generate_hash(length=6)}",
		"supplier": "MGT",
		"status": "Sent",
	}
	return {**row, **values}


def written(folder, number, *rows):
	path = folder / f"{vertex_site.FILES}2026010{number}-000000-aaaaaa.jsonl"
	path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
	return path


def stored(site, row):
	return site.db.get_value("ShipStation Order", row["name"], "status")


def test_what_any_uninstallation_wrote_is_known_and_the_last_one_counts(site, folder):
	first, both = record(site), record(site, status="Waiting")
	written(folder, 1, first, both)
	written(folder, 2, {**both, "status": "Shipped"})
	assert vertex_site.restore_records() == 3
	assert (stored(site, first), stored(site, both)) == ("Sent", "Shipped")
	assert vertex_site.restore_records() == 3
	assert (stored(site, first), stored(site, both)) == ("Sent", "Shipped")


@pytest.mark.parametrize(
	"status", ["Waiting", "Sending", "Outcome Unknown", "Failed", "Cancelled", "Not Ours", "Delivered"]
)
def test_an_order_comes_back_as_it_was(site, folder, status):
	row = record(site, status=status, claim="x", who_acts="Vendor", reason="It has no street.", attempts=3)
	site.get_doc(row).db_insert()
	path = vertex_site.export_records()
	assert path.parent == folder and path.stat().st_mode & 0o077 == 0
	assert not list(folder.glob("*.part"))
	site.db.delete("ShipStation Order", {"name": row["name"]})
	vertex_site.restore_records()
	restored = site.get_doc("ShipStation Order", row["name"])
	assert {name: restored.get(name) for name in row} == row


def test_lines_that_cannot_be_read_stop_no_installation(site, folder, capsys):
	good = record(site)
	path = written(folder, 1, good, {"doctype": "User", "name": "mgt-evil@example.com"}, {"doctype": "Item"})
	with path.open("a") as file:
		file.write('{"doctype": "ShipSta\n[1]\n\n"x"\n')
	assert vertex_site.restore_records() == 1
	assert stored(site, good) == "Sent"
	assert not site.db.exists("User", "mgt-evil@example.com")
	assert "Warning: 5 lines" in capsys.readouterr().out


def test_a_file_that_somebody_uploaded_is_left_alone(site, folder):
	row = record(site)
	path = written(folder, 1, row)
	upload = site.get_doc(
		{"doctype": "File", "file_name": path.name, "file_url": f"/private/files/{path.name}"}
	)
	upload.name = site.generate_hash(length=10)
	upload.is_private = 1
	upload.db_insert()
	assert vertex_site.restore_records() == 0
	assert stored(site, row) is None
