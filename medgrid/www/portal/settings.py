"""`/portal/settings`: the user's own API keys. Contract: "Generate API Credentials"."""

import frappe
from frappe import _

from medgrid.account import api_access
from medgrid.portal import texts
from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("User Settings"), module="settings.js", extra_texts=texts.settings())
	context.access = api_access()
	context.site_url = frappe.utils.get_url()
