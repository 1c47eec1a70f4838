"""Raw bodies, redirects and other responses, for endpoints that other systems and browsers call."""

import frappe
from frappe import _

from medgrid.exceptions import InvalidInput

# Contract, "exoceuticals webhook". Shopify's largest orders stay far below.
MAX_WEBHOOK_BYTES = 2 * 1024 * 1024


def raw_body(max_bytes: int) -> bytes:
	"""Returns the request's body, byte for byte.

	:raises InvalidInput: it is longer than `max_bytes`.
	"""
	request = frappe.request
	if (request.content_length or 0) > max_bytes or len(body := request.get_data()) > max_bytes:
		raise InvalidInput(_("The request's body is too large."))
	return body


def wants_page() -> bool:
	"""Whether the client is a browser: it accepts HTML."""
	return "text/html" in (frappe.request.headers.get("Accept") or "")


def redirect(path: str) -> None:
	"""Answers with a redirect within this site.

	:param path: begins with a slash.
	"""
	frappe.local.response.update({"type": "redirect", "location": path})


def answer(body: dict, status: int = 200) -> None:
	"""Answers with exactly this JSON object, not wrapped in `message`."""
	frappe.local.response.update(body)
	frappe.local.response["http_status_code"] = status


def answer_unauthenticated() -> None:
	"""Answers a webhook that is not authentic with 401. Contract: "Webhook Error Response"."""
	answer({"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}, 401)
