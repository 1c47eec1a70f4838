"""`/portal`: the home page, with the pages that this user can use."""

from frappe import _

from medgrid.portal.page import prepare

no_cache = 1
sitemap = 0


def get_context(context):
	prepare(context, title=_("Portal"))
