"""The portal's menu: which pages it offers to a user.

Every signed-in user may open every page, as with the RPCs that the pages call; the menu only leaves out pages
that the user does not need.
"""

from dataclasses import dataclass

import frappe
from frappe import _

from medgrid.integrations.suppliers import suppliers_of
from medgrid.integrations.vendor_products.listing import has_products

# The roles of users who buy, sell or administer.
CATALOG_ROLES = {"Customer", "Sales User", "Sales Manager", "System Manager"}


@dataclass(frozen=True)
class PortalPage:
	"""A page of the portal.

	:param about: one sentence that says what a user does on the page.
	"""

	route: str
	label: str
	about: str


def pages_of(user: str) -> list[PortalPage]:
	"""The pages that the menu offers to a user, in their order, without the portal's home page."""
	pages = []
	if is_vendor(user):
		about = _("Connect ShipStation and Shopify, sync orders and tracking, get text messages.")
		pages.append(PortalPage("/portal/integrations", _("Integrations"), about))
		about = _("See where each of your orders is, and retry those that failed.")
		pages.append(PortalPage("/portal/orders", _("Orders"), about))
		if any(has_products(supplier) for supplier in suppliers_of(user)):
			about = _("See which of your Shopify products the wholesaler sells, which wait, and why.")
			pages.append(PortalPage("/portal/products", _("Products"), about))
	if CATALOG_ROLES & set(frappe.get_roles(user)):
		about = _("See the items in each warehouse and their prices.")
		pages.append(PortalPage("/portal/catalog", _("Catalog"), about))
	about = _("Make or revoke the keys that your own programs use.")
	return [*pages, PortalPage("/portal/settings", _("User Settings"), about)]


def is_vendor(user: str) -> bool:
	"""Whether a user is among the portal users of a Supplier."""
	return bool(frappe.db.exists("Portal User", {"user": user, "parenttype": "Supplier"}))
