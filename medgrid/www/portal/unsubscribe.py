"""`/portal/unsubscribe`: the page of the link in mails about connections. Opening it changes nothing:
programs that check mails open links, too."""

import frappe
from frappe import _

from medgrid.portal import texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(
		context,
		title=_("Mails about your connections"),
		module="unsubscribe.js",
		extra_texts=texts.unsubscribe(),
		for_guests=True,
	)
	context.address = frappe.form_dict.get("user") or ""
