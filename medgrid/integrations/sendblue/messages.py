"""The text messages that MedGrid sends. They contain no secret except the verification code."""

from collections.abc import Sequence

import frappe
from frappe import _

# So many orders are named in one message.
NAMED_ORDERS = 3


def verification(code: str) -> str:
	"""The message with a verification code."""
	return _("{0} is your MedGrid code, valid for 10 minutes. MedGrid never asks for it by phone.").format(
		code
	)


def alert(label: str) -> str:
	"""The message about an integration that stopped working. It does not say why, because an error may quote
	the other system; the portal shows the error.

	:param label: the integration's label.
	"""
	return _(
		"MedGrid: your {0} integration stopped working. Sign in at {1} to see why, then test or reconnect it."
		" Reply STOP to get no more alerts."
	).format(label, portal())


def outage(label: str) -> str:
	"""The message about an integration that has failed for a while, through no fault of the vendor, and works
	again without them.

	:param label: the integration's label.
	"""
	return _(
		"MedGrid: {0} has not worked for a while. You do not have to do anything: your keys stay valid, and"
		" what waits is exchanged as soon as it works again. See {1}. Reply STOP to get no more alerts."
	).format(label, portal())


def do_not_ship(orders: Sequence[str]) -> str:
	"""The message about orders that were cancelled after they were sent.

	:param orders: the names of their Sales Orders.
	"""
	named = ", ".join(orders[:NAMED_ORDERS])
	if len(orders) > NAMED_ORDERS:
		named = _("{0} and {1} more").format(named, len(orders) - NAMED_ORDERS)
	url = frappe.utils.get_url("/portal/orders")
	return _(
		"MedGrid: DO NOT SHIP {0}. Cancelled after it came to your ShipStation. Cancel it there, and see {1}."
		" Reply STOP to get no more alerts."
	).format(named, url)


def help_text() -> str:
	"""The answer to HELP."""
	return _(
		"MedGrid texts you when one of your integrations stops working. Manage them at {0}. "
		"Reply STOP to get no more alerts, START to get them again."
	).format(portal())


def portal() -> str:
	"""The URL of the portal's page for integrations."""
	return frappe.utils.get_url("/portal/integrations")
