"""An order that cannot be sent waits with its reason and stops no other; mended, it goes with one click."""

from datetime import date, timedelta

from sandbox.demo.cast import VENDORS, shipstation_keys
from sandbox.demo.client import caller
from sandbox.simulators.shipstation.remote import ShipStationControl

VENDOR = "Summit Clinical Supply"
PRODUCT, RATE = "MMM-1860", 29.60
CUSTOMER = "Mesa Integrative Health"
# What somebody typed: the state is missing.
ADDRESS = {
	"address_title": f"{CUSTOMER}, new branch",
	"address_type": "Shipping",
	"address_line1": "980 E University Dr",
	"city": "Mesa",
	"pincode": "85203",
	"country": "United States",
	"links": [{"link_doctype": "Customer", "link_name": CUSTOMER}],
}


def two_orders(facts: dict) -> str:
	"""One to an address without a state, and a later one that is in order."""
	address = caller(facts, "administrator").insert("Address", **ADDRESS)
	facts["address"] = address["name"]
	facts["unsendable"] = _order(facts, shipping_address_name=address["name"])
	facts["later"] = _order(facts)
	return f"{facts['unsendable']} to an address without a state, then {facts['later']}"


def others_go(facts: dict) -> str:
	stats = _sync(facts)
	assert facts["later"] in _arrived(facts), stats
	assert facts["unsendable"] not in _arrived(facts), stats
	errors = " ".join(map(str, stats["push_errors"]))
	assert facts["unsendable"] in errors, stats
	return f"{facts['later']} arrived; push_errors: {errors}"


def reason_is_told(facts: dict) -> str:
	order = _listed(facts)
	assert order["who_acts"] == "wholesaler", order
	return f"{order['state']}, {order['reason']} Acts: {order['who_acts']}"


def mended_and_retried(facts: dict) -> str:
	caller(facts, "administrator").update("Address", facts["address"], state="Arizona")
	retried = _vendor(facts).post("medgrid.integrations.retry_orders", orders=[facts["unsendable"]])
	stats = _sync(facts)
	assert _arrived(facts).count(facts["unsendable"]) == 1, (retried, stats)
	order = _listed(facts)
	assert order["state"] == "sent", order
	return f"{facts['unsendable']} is {order['state']}, ShipStation has it once"


STEPS = (
	("two more orders", two_orders),
	("sync_now: one cannot go, the other does", others_go),
	("list_orders says why and who acts", reason_is_told),
	("the address is mended, retry_orders", mended_and_retried),
)


def _order(facts: dict, **values) -> str:
	day = (date.today() + timedelta(days=7)).isoformat()
	order = caller(facts, "administrator").insert(
		"Sales Order",
		company="Skydell Medical",
		customer=CUSTOMER,
		delivery_date=day,
		selling_price_list="Standard Selling",
		items=[{"item_code": PRODUCT, "qty": 1, "rate": RATE, "delivery_date": day}],
		docstatus=1,
		**values,
	)
	return order["name"]


def _vendor(facts: dict):
	return caller(facts, VENDORS[VENDOR])


def _sync(facts: dict) -> dict:
	answer = _vendor(facts).post("medgrid.integrations.sync_now", integration_type="shipstation")
	assert answer["ok"] is True, answer
	return answer["stats"]


def _listed(facts: dict) -> dict:
	listed = _vendor(facts).get("medgrid.integrations.list_orders", query=facts["unsendable"])
	return next(order for order in listed["orders"] if order["sales_order"] == facts["unsendable"])


def _arrived(facts: dict) -> list[str]:
	"""The orders that the vendor's ShipStation has."""
	simulator = ShipStationControl(facts["simulators"]["shipstation"])
	return [order["orderKey"] for order in simulator.orders(shipstation_keys(VENDOR)[0])]
