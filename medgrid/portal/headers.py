"""The headers of portal pages (`after_request`): only our own scripts, nobody's cache, nobody's frame."""

import frappe

from medgrid.portal import assets

FLAG = "medgrid_portal_page"


def mark_as_portal_page() -> None:
	"""Says that what is being rendered is a page of ours; Frappe's own pages need their inline scripts."""
	frappe.local.flags[FLAG] = True


def apply(response, request) -> None:
	"""The `after_request` entry: sets the headers of a portal page; any other answer is left alone.

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
	"""Everything from this site, nothing inline. The one exception is the import map, known by its hash: it
	holds addresses, and is the only way to version modules without a build step.

	`script-src` is `'self'` and not our folder of the assets: a path needs a host before it, and the host and
	port that the browser sees cannot be known for sure here. Bench's nginx passes `Host` on without the port,
	other proxies rewrite it, and a policy that is wrong stops every script.
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
