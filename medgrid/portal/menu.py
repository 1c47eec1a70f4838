"""The portal's pages, and which of them a user has a use for.

All are open to every signed-in user, as the RPCs behind them are; this decides what the portal offers.
"""

from dataclasses import dataclass

import frappe
from frappe import _

# Who buys, sells or administers.
CATALOG_ROLES = {"Customer", "Sales User", "Sales Manager", "System Manager"}


@dataclass(frozen=True)
class Page:
	"""
	:param about: what one does there, in a sentence.
	"""

	route: str
	label: str
	about: str


def pages_of(user: str) -> list[Page]:
	"""The pages that a user has a use for, in the order of the menu; without the portal's home."""
	pages = []
	if is_vendor(user):
		about = _("Connect ShipStation and Shopify, sync orders and tracking, get text messages.")
		pages.append(Page("/portal/integrations", _("Integrations"), about))
	if CATALOG_ROLES & set(frappe.get_roles(user)):
		about = _("See what is in which warehouse, and at which price.")
		pages.append(Page("/portal/catalog", _("Catalog"), about))
	about = _("Make or revoke the keys that your own programs use.")
	return [*pages, Page("/portal/settings", _("API access"), about)]


def is_vendor(user: str) -> bool:
	"""Whether a user is among the portal users of a Supplier."""
	return bool(frappe.db.exists("Portal User", {"user": user, "parenttype": "Supplier"}))
