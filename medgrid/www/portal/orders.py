"""`/portal/orders`: a vendor's own orders: where each is, why, and who has to act."""

import frappe
from frappe import _

from medgrid.integrations.suppliers import obstacle_of
from medgrid.integrations.vendor_orders import words
from medgrid.outbox.states import State
from medgrid.portal import cards, texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	context.obstacle = obstacle_of(frappe.session.user)
	context.do_not_ship = cards.do_not_ship(frappe.session.user)
	module = None if context.obstacle else "orders.js"
	prepare(context, title=_("Orders"), module=module, extra_texts=texts.orders())
	# The state that most vendors look for comes first.
	first = (State.FAILED.value, State.WAITING.value)
	known = words.states()
	rest = (key for key in known if key not in first)
	context.states = [("", _("All")), *((key, known[key]) for key in (*first, *rest))]
