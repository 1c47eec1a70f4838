"""What a merchant's people do in Shopify's Admin, and what Shopify itself does on a bad day."""

from typing import Any

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.operations.misbehaviour import be_down, be_slow, recover, reject
from sandbox.simulators.operations.operation import operations

CARRIER = "UPS"
LINK = "https://www.ups.com/track?tracknum={}"


def orders(control: Any) -> list[dict[str, str]]:
	"""The orders that arrived in the shops."""
	return [
		{
			"order": order["name"],
			"shop": shop,
			"status": "CANCELLED" if order["cancelled_at"] else order["display_fulfillment_status"],
			"items": ", ".join(f"{line['quantity']} {line['sku']}" for line in order["line_items"]),
			"tracking": ", ".join(
				number for each in order["fulfillments"] for number in each["tracking_numbers"]
			),
		}
		for shop, order in _all(control)
	]


def fulfill(
	control: Any, order: str = "", shop: str = "", tracking_number: str = "1Z999AA10123456784"
) -> str:
	"""Ships what is open of an order; the webhook says so to MedGrid."""
	shop, found = _order(control, order, shop)
	link = LINK.format(tracking_number)
	control.fulfill(shop, str(found["id"]), tracking_number, CARRIER, link)
	return f"{found['name']} is fulfilled with {CARRIER} {tracking_number}."


def cancel(control: Any, order: str = "", shop: str = "") -> str:
	"""Cancels an order; the webhook says so to MedGrid."""
	shop, found = _order(control, order, shop)
	control.cancel(shop, str(found["id"]))
	return f"{found['name']} is cancelled."


def reject_keys(control: Any, shop: str = "") -> str:
	"""The tokens of a shop, or of all, are rejected with 401, until recover."""
	if not shop:
		return reject(control)
	_known(control, shop)
	return reject(control, domain=shop)


OPERATIONS = operations(orders, fulfill, cancel, be_slow, be_down, reject_keys, recover)


def _all(control: Any) -> list[tuple[str, dict[str, Any]]]:
	"""Shop and order, the oldest first."""
	found = [(shop, order) for shop in control.shops() for order in control.orders(shop)]
	return sorted(found, key=lambda each: each[1]["id"])


def _order(control: Any, name: str, shop: str) -> tuple[str, dict[str, Any]]:
	"""
	:param name: of the order, `#1001` or `1001`; empty: the newest one that is not shipped or cancelled.
	"""
	if shop:
		_known(control, shop)
	every = [each for each in _all(control) if shop in ("", each[0])]
	if not name:
		found = [each for each in every if _is_open(each[1])][-1:]
	else:
		found = [each for each in every if each[1]["name"].lstrip("#") == name.lstrip("#")]
	if not found:
		raise ControlRefused(f"There is no {f'order {name}' if name else 'open order'}.")
	if len(found) > 1:
		shops = ", ".join(each[0] for each in found)
		raise ControlRefused(f"Several shops have order {name}: name the shop too, {shops}")
	return found[0]


def _is_open(order: dict[str, Any]) -> bool:
	return not order["cancelled_at"] and order["display_fulfillment_status"] != "FULFILLED"


def _known(control: Any, shop: str) -> None:
	if shop not in (shops := control.shops()):
		raise ControlRefused(f"There is no shop {shop!r}. There are: {', '.join(shops) or 'none'}")
