"""`/portal/products`: a vendor's Shopify products: which are linked to Items, which wait, which are not
wanted, and why."""

import frappe
from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.integrations.suppliers import supplier_of
from medgrid.integrations.vendor_products import states
from medgrid.portal import texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	context.obstacle = _obstacle()
	module = None if context.obstacle else "products.js"
	prepare(context, title=_("Products"), module=module, extra_texts=texts.products())
	context.states = list(states.words().items())


def _obstacle() -> str | None:
	"""Why this user has no products; None if they may have some. A guest is sent to the login page later."""
	if frappe.session.user == "Guest":
		return None
	try:
		supplier_of(frappe.session.user)
	except RuleViolated as error:
		return str(error)
	return None
