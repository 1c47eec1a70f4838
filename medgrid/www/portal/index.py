"""`/portal`: what this user can do here."""

from frappe import _

from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("Portal"))
