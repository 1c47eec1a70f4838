"""`/portal/order?order=…`: one of a vendor's orders, with its lines and its history."""

import frappe
from frappe import _

from medgrid.exceptions import RuleViolated
from medgrid.integrations.suppliers import supplier_of
from medgrid.integrations.vendor_orders.details import details
from medgrid.portal import texts
from medgrid.portal.page import prepare, send_guests_to_login

no_cache = 1
sitemap = 0
# Longer names of documents do not exist.
MAX_NAME = 140


def get_context(context):
	send_guests_to_login()
	wanted = str(frappe.form_dict.get("order") or "").strip()[:MAX_NAME]
	if not wanted:
		frappe.local.flags.redirect_location = "/portal/orders"
		raise frappe.Redirect(302)
	context.order, context.obstacle = _order(wanted)
	title = _("Order {0}").format(wanted) if context.order else _("Order")
	prepare(
		context,
		title=title,
		module="order.js" if context.order else None,
		extra_texts=texts.orders(),
	)
	context.here = "/portal/orders"


def _order(name: str) -> tuple[dict | None, str | None]:
	"""The order, or why it is not shown. An order of another vendor and one that does not exist are the
	same."""
	try:
		order = details(supplier_of(frappe.session.user), name)
	except RuleViolated as error:
		return None, str(error)
	return order, None if order else _("There is no order {0} of yours.").format(name)
