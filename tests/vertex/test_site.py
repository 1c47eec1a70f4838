"""What installing adds for the second contract, and what uninstalling keeps and removes."""

import json

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
