"""What a vendor's packer does in ShipStation, and what ShipStation itself does on a bad day."""

from typing import Any

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.operations.misbehaviour import be_down, be_slow, recover, reject
from sandbox.simulators.operations.operation import operations

OPEN = ("awaiting_payment", "awaiting_shipment", "on_hold")


def orders(control: Any) -> list[dict[str, str]]:
	"""The orders that arrived, with their labels."""
	return [
		{
			"order": order["orderNumber"],
			"account": account,
			"status": order["orderStatus"],
			"items": ", ".join(f"{item['quantity']} {item['sku']}" for item in order["items"]),
			"ship to": _destination(order["shipTo"]),
			"labels": ", ".join(map(_label, _labels(control, account, order))),
		}
		for account, order in _all(control)
	]


def buy_label(control: Any, order: str = "", account: str = "") -> str:
	"""Buys a label: the order is shipped; the next sync brings the tracking number to MedGrid."""
	account, found = _order(control, order, account, OPEN)
	label = control.buy_label(account, order_id=found["orderId"])
	return f"{found['orderNumber']} is shipped with {label['carrierCode']} {label['trackingNumber']}."


def void(control: Any, order: str = "", account: str = "") -> str:
	"""Voids the order's last label: without another one it waits for shipment again."""
	account, found = _order(control, order, account, ("shipped",))
	valid = [label for label in _labels(control, account, found) if not label["voided"]]
	if not valid:
		raise ControlRefused(f"Order {found['orderNumber']} has no valid label.")
	label = control.void_label(valid[-1]["shipmentId"])
	return f"{found['orderNumber']}: label {label['trackingNumber']} is void."


def cancel(control: Any, order: str = "", account: str = "") -> str:
	"""Cancels the order in ShipStation."""
	account, found = _order(control, order, account, OPEN)
	control.set_order_status(account, found["orderId"], "cancelled")
	return f"{found['orderNumber']} is cancelled."


def reject_keys(control: Any, account: str = "") -> str:
	"""An account's keys, or all, are rejected with 401, until recover."""
	if not account:
		return reject(control)
	_known(control, account)
	return reject(control, api_key=account)


OPERATIONS = operations(orders, buy_label, void, cancel, be_slow, be_down, reject_keys, recover)


def _all(control: Any) -> list[tuple[str, dict[str, Any]]]:
	"""Account and order, the oldest first."""
	found = [(account, order) for account in control.accounts() for order in control.orders(account)]
	return sorted(found, key=lambda each: each[1]["orderId"])


def _order(control: Any, number: str, account: str, statuses: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
	"""
	:param number: of the order, or its key; empty: the newest one in one of these statuses.
	"""
	if account:
		_known(control, account)
	every = [each for each in _all(control) if account in ("", each[0])]
	if not number:
		found = [each for each in every if each[1]["orderStatus"] in statuses][-1:]
	else:
		found = [each for each in every if number in (each[1]["orderNumber"], each[1]["orderKey"])]
	if not found:
		name = f"order {number}" if number else f"order that is {' or '.join(statuses)}"
		raise ControlRefused(f"There is no {name}.")
	if len(found) > 1:
		accounts = ", ".join(each[0] for each in found)
		raise ControlRefused(f"Several accounts have order {number}: name the account too, {accounts}")
	return found[0]


def _known(control: Any, account: str) -> None:
	if account not in (accounts := control.accounts()):
		raise ControlRefused(f"There is no account {account!r}. There are: {', '.join(accounts) or 'none'}")


def _labels(control: Any, account: str, order: dict[str, Any]) -> list[dict[str, Any]]:
	return [label for label in control.shipments(account) if label["orderId"] == order["orderId"]]


def _label(label: dict[str, Any]) -> str:
	return f"{label['trackingNumber']}{' (void)' if label['voided'] else ''}"


def _destination(address: dict[str, Any]) -> str:
	return " ".join(str(address[name]) for name in ("name", "city", "state") if address.get(name))
