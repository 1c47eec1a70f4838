"""What MedGrid texts. Nothing here is secret but the code, and that is why it is sent."""

import frappe
from frappe import _


def verification(code: str) -> str:
	return _("{0} is your MedGrid code, valid for 10 minutes. MedGrid never asks for it by phone.").format(
		code
	)


def alert(label: str) -> str:
	"""
	:param label: of the integration that does not work any more. Why is for the portal to say: an error may
		quote the other side.
	"""
	return _(
		"MedGrid: your {0} integration stopped working. Sign in at {1} to see why, then test or reconnect it."
		" Reply STOP to get no more alerts."
	).format(label, portal())


def help_text() -> str:
	return _(
		"MedGrid texts you when one of your integrations stops working. Manage them at {0}. "
		"Reply STOP to get no more alerts, START to get them again."
	).format(portal())


def portal() -> str:
	return frappe.utils.get_url("/portal/integrations")
