"""The HTTP headers of portal pages (`after_request`): they allow MedGrid's own scripts only, and forbid
caching and framing."""

import frappe

from medgrid.core.faults.borders import hook
from medgrid.portal import assets

FLAG = "medgrid_portal_page"


def mark_as_portal_page() -> None:
	"""Marks the current response as a portal page. Other pages do not get the headers: Frappe's own pages
	need their inline scripts."""
	frappe.local.flags[FLAG] = True


@hook
def apply(response, request) -> None:
	"""Sets the headers of a portal page and leaves other responses unchanged. The `after_request` hook.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	"""
	if response is None or response.status_code != 200 or not frappe.local.flags.get(FLAG):
		return
	response.headers.update(
		{
			"Content-Security-Policy": content_security_policy(),
			"Cache-Control": "no-store, private",
			"Vary": "Cookie",
			"X-Content-Type-Options": "nosniff",
			"X-Frame-Options": "DENY",
			"Referrer-Policy": "same-origin",
			"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
		}
	)


def content_security_policy() -> str:
	"""Builds the policy: resources from this site only, and no inline code. The only exception is the import
	map, which the policy identifies by its hash. The map contains URLs only, and versioning modules without a
	build step is not possible without it.

	`script-src` is `'self'` and not MedGrid's assets folder: a path needs a host before it, and the server
	does not reliably know the host and port that the browser sees. Bench's nginx passes `Host` on without the
	port, other proxies rewrite it, and a wrong policy would block every script.
	"""
	return "; ".join(
		(
			"default-src 'none'",
			f"script-src 'self' '{assets.import_map_hash()}'",
			"style-src 'self'",
			"img-src 'self'",
			"connect-src 'self'",
			"form-action 'self'",
			"frame-ancestors 'none'",
			"base-uri 'none'",
		)
	)
