"""Vendors connect ShipStation, share an order, ship it, and its tracking number comes back."""

from datetime import date, timedelta

from sandbox.demo.cast import COMPANY, VENDORS, shipstation_keys
from sandbox.demo.client import Client, caller
from sandbox.simulators.shipstation.remote import ShipStationControl

FIRST, SECOND = "Summit Clinical Supply", "Northfield Nutraceuticals"
# One product of each; both are in stock.
PRODUCTS = {FIRST: ("MMM-1860", 2, 29.60), SECOND: ("VD3-5000-120", 2, 28.50)}


def wrong_keys(facts: dict) -> str:
	_simulator(facts).add_account(*shipstation_keys(FIRST))
	answer = _connect(facts, FIRST, api_secret="not-the-secret")
	assert answer["ok"] is False, answer
	return answer["error"]


def right_keys(facts: dict) -> str:
	answer = _connect(facts, FIRST)
	assert answer["ok"] is True, answer
	return f"{answer['integration']} is {answer['status']}"


def shared_order(facts: dict) -> str:
	"""A new Sales Order with a line for each of the two vendors."""
	day = (date.today() + timedelta(days=7)).isoformat()
	order = caller(facts, "administrator").insert(
		"Sales Order",
		company=COMPANY,
		customer="Lakeside Family Clinic",
		delivery_date=day,
		selling_price_list="Standard Selling",
		items=[
			{"item_code": item, "qty": quantity, "rate": rate, "delivery_date": day}
			for item, quantity, rate in PRODUCTS.values()
		],
		docstatus=1,
	)
	facts["order"] = order["name"]
	return f"{order['name']} for {order['customer']}, ${order['grand_total']:.2f}, two vendors' lines"


def first_vendor_syncs(facts: dict) -> str:
	return _sync_and_look(facts, FIRST)


def second_vendor_syncs(facts: dict) -> str:
	_simulator(facts).add_account(*shipstation_keys(SECOND))
	assert _connect(facts, SECOND)["ok"] is True
	return _sync_and_look(facts, SECOND)


def _sync_and_look(facts: dict, vendor: str) -> str:
	stats = _sync(facts, vendor)
	orders = _simulator(facts).orders(shipstation_keys(vendor)[0])
	arrived = [order for order in orders if order["orderKey"] == facts["order"]]
	assert len(arrived) == 1, arrived
	skus = [item["sku"] for item in arrived[0]["items"]]
	assert skus == [PRODUCTS[vendor][0]], skus
	amount = arrived[0]["amountPaid"]
	return f"{stats['orders_pushed']} orders pushed; {facts['order']} arrived with {skus[0]}, ${amount:.2f}"


def delivery_note_and_label(facts: dict) -> str:
	"""The wholesaler makes the Delivery Note, the vendor buys a label in ShipStation."""
	administrator = caller(facts, "administrator")
	mapper = "erpnext.selling.doctype.sales_order.sales_order.make_delivery_note"
	note = administrator.post(mapper, source_name=facts["order"])
	facts["note"] = administrator.insert(**{**note, "docstatus": 1})["name"]
	label = _simulator(facts).buy_label(shipstation_keys(FIRST)[0], order_key=facts["order"], carrier="ups")
	facts["tracking"] = label["trackingNumber"]
	return f"{facts['note']} submitted, label {facts['tracking']} bought"


def tracking_arrives(facts: dict) -> str:
	stats = _sync(facts, FIRST)
	note = caller(facts, "administrator").read("Delivery Note", facts["note"])
	assert (note["lr_no"], note["transporter"]) == (facts["tracking"], "UPS"), (note, stats)
	return f"{facts['note']}: lr_no {note['lr_no']}, transporter {note['transporter']}"


def connections(facts: dict) -> str:
	listed = _vendor(facts, FIRST).get("medgrid.integrations.list_connections")
	entry = next(entry for entry in listed["integrations"] if entry["id"] == "shipstation")
	assert entry["status"] == "connected", entry
	return f"shipstation {entry['status']}, stats {entry['stats']}, last sync {entry['last_sync_at']} UTC"


STEPS = (
	("connect_shipstation, wrong keys", wrong_keys),
	("connect_shipstation, right keys", right_keys),
	("an order for two vendors", shared_order),
	("sync_now, first vendor", first_vendor_syncs),
	("sync_now, second vendor", second_vendor_syncs),
	("the first vendor ships", delivery_note_and_label),
	("sync_now brings the tracking number", tracking_arrives),
	("list_connections", connections),
)


def _vendor(facts: dict, vendor: str) -> Client:
	return caller(facts, VENDORS[vendor])


def _connect(facts: dict, vendor: str, **changes) -> dict:
	api_key, api_secret = shipstation_keys(vendor)
	credentials = {"api_key": api_key, "api_secret": api_secret, **changes}
	return _vendor(facts, vendor).post("medgrid.integrations.connect_shipstation", **credentials)


def _sync(facts: dict, vendor: str) -> dict:
	answer = _vendor(facts, vendor).post("medgrid.integrations.sync_now", integration_type="shipstation")
	assert answer["ok"] is True, answer
	assert answer["stats"]["push_errors"] == [], answer
	return answer["stats"]


def _simulator(facts: dict) -> ShipStationControl:
	return ShipStationControl(facts["simulators"]["shipstation"])
