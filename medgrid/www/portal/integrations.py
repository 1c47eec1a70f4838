"""`/portal/integrations`: the vendors' self-service hub. Contract: "Vendor self-service hub"."""

import frappe
from frappe import _

from medgrid.integrations.suppliers import obstacle_of
from medgrid.portal import cards, texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	shown = texts.integrations()
	prepare(context, title=_("Integrations"), module="integrations.js", extra_texts=shown)
	context.room = texts.room(shown)
	context.cards = cards.cards_of(frappe.session.user)
	context.obstacle = obstacle_of(frappe.session.user)
	context.do_not_ship = cards.do_not_ship(frappe.session.user)
