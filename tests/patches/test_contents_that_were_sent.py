"""The patch that stores what was sent of orders, on a site of an earlier release."""

import frappe

from medgrid.patches.v1_0 import contents_that_were_sent
from tests.support.changes import update_items
from tests.support.vendors import order


def test_orders_of_earlier_releases_are_sent_again_when_they_change(connected):
	documents = [order((connected.item, 2, 10)) for _number in range(2)]
	connected.stats()
	names = [connected.record(document.name).name for document in documents]
	frappe.db.set_value("ShipStation Order", {"name": ("in", names)}, "sent_content", None)
	frappe.db.commit()
	for _time in range(2):
		contents_that_were_sent.execute()
		frappe.db.commit()
	connected.shipstation.clear_received()
	connected.stats()
	requests = connected.shipstation.received(connected.api_key)
	assert not [entry for entry in requests if entry["path"] == "/orders/createorder"]
	update_items(documents[0], (1, 5))
	connected.stats()
	sent = {remote["orderNumber"]: remote["items"][0]["quantity"] for remote in connected.remote_orders()}
	assert sent == {documents[0].name: 5, documents[1].name: 2}
