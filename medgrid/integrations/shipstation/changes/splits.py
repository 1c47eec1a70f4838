"""Orders that the vendor has split in ShipStation: a part has the same number under another ID and key.
MedGrid cannot change or cancel such an order, because it would reach one part only."""

from collections.abc import Collection

from medgrid.clients.shipstation.client import ShipStationClient
from medgrid.clients.shipstation.orders import RemoteOrder
from medgrid.integrations.shipstation.changes.remote_lines import lines_of

CANCELLED, SHIPPED = "cancelled", "shipped"


def parts_elsewhere(
	client: ShipStationClient, number: str, order_id: str, rows: Collection[str]
) -> list[RemoteOrder]:
	"""The other parts of an order that was split, without those that are cancelled.

	:param number: the order's number in ShipStation.
	:param order_id: the ID of the part that MedGrid sent.
	:param rows: the names of the Sales Order's rows that were sent: another program's order of the same
		number has none of them.
	:raises IntegrationError: the request failed.
	"""
	return [
		order
		for order in client.orders_with_number(number)
		if order.orderId != order_id and order.orderStatus != CANCELLED and lines_of(order) & set(rows)
	]
