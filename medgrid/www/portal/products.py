"""`/portal/products`: a vendor's Shopify products: which are linked to Items, which wait, which are not
wanted, and why."""

import frappe
from frappe import _

from medgrid.integrations.suppliers import obstacle_of
from medgrid.integrations.vendor_products import states
from medgrid.portal import texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	context.obstacle = obstacle_of(frappe.session.user)
	module = None if context.obstacle else "products.js"
	prepare(context, title=_("Products"), module=module, extra_texts=texts.products())
	context.states = [("", _("All")), *states.words().items()]
