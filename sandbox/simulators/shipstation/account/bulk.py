"""Orders and shipments by the thousand, for benchmarks, without going through HTTP one by one."""

from collections.abc import Iterable

from sandbox.simulators.shipstation import clock
from sandbox.simulators.shipstation.account.accounts import Account
from sandbox.simulators.shipstation.account.order_model import ApiOrder, read_order
from sandbox.simulators.shipstation.account.orders import LOCKED, Order
from sandbox.simulators.shipstation.account.shipments import Shipment

CLINIC = {
	"name": "Riverside Clinic",
	"street1": "400 Harbor Blvd",
	"city": "San Diego",
	"state": "CA",
	"postalCode": "92101",
	"country": "US",
	"phone": "619-555-0100",
}


def make_orders(account: Account, keys: Iterable[str]) -> list[Order]:
	"""One order with one line for each key, which is its number too."""
	return [account.orders.save(_order(key)) for key in keys]


def make_shipments(
	account: Account, order_ids: list[int] | None, carrier: str, service: str
) -> list[Shipment]:
	"""One label for each of these orders; None means every order that is open."""
	if order_ids is None:
		orders = [order for order in account.orders.all() if order.status not in LOCKED]
	else:
		orders = [account.orders.get(order_id) for order_id in order_ids]
	return [account.shipments.buy(order, carrier=carrier, service=service) for order in orders]


def _order(key: str) -> ApiOrder:
	line = {"lineItemKey": f"{key}-1", "sku": "BULK", "name": "Bulk item", "quantity": 1, "unitPrice": 10}
	return read_order(
		{
			"orderNumber": key,
			"orderKey": key,
			"orderDate": clock.today().isoformat(),
			"orderStatus": "awaiting_shipment",
			"billTo": CLINIC,
			"shipTo": CLINIC,
			"items": [line],
			"amountPaid": 10,
		}
	)
