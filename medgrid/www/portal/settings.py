"""`/portal/settings`: the user's own API keys, and which mails they get. Contract: "Generate API
Credentials"."""

import frappe
from frappe import _

from medgrid.account import api_access
from medgrid.portal import texts
from medgrid.portal.menu import is_vendor
from medgrid.portal.page import prepare
from medgrid.services.mail_choices import wants_mails

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("User Settings"), module="settings.js", extra_texts=texts.settings())
	user = frappe.session.user
	context.gets_mails = wants_mails(user) if is_vendor(user) else None
	context.access = api_access()
	context.site_url = frappe.utils.get_url()
