"""Webhooks, redirects and other responses, for endpoints that other systems and browsers call."""

from collections.abc import Mapping
from typing import Any

import frappe

from medgrid.api.request_bounds import read_body
from medgrid.clients.shopify.oauth.installation import Visitor
from medgrid.services.sign_in import sign_in_path
from medgrid.webhooks.receiver import receive
from medgrid.webhooks.source import Source


def wants_page() -> bool:
	"""Whether the client is a browser: it accepts HTML."""
	return "text/html" in (frappe.request.headers.get("Accept") or "").lower()


def redirect(path: str) -> None:
	"""Answers with a redirect within this site.

	:param path: begins with a slash.
	"""
	frappe.local.response.update({"type": "redirect", "location": path})


def query_string() -> str:
	"""The request's query string, raw."""
	return frappe.request.query_string.decode("utf-8", "replace")


def visitor() -> Visitor:
	"""Who brings an OAuth callback: the current request's user, and whether it is a browser."""
	user = frappe.session.user
	return Visitor(None if user == "Guest" else user, is_browser=wants_page())


def sign_in_and_come_back(path: str) -> None:
	"""Redirects a browser to the login page, which leads back to this request with its whole query.

	:param path: of this request, as the code has it: that of the request could be another site's.
	"""
	redirect(sign_in_path(path, query_string()))


def answer(body: dict, status: int = 200) -> None:
	"""Answers with exactly this JSON object, not wrapped in `message`."""
	frappe.local.response.update(body)
	frappe.local.response["http_status_code"] = status


def answer_webhook(source: Source, headers: Mapping[str, str] | None = None) -> dict[str, Any] | None:
	"""Processes the current request as a webhook of a source.

	:param headers: used instead of the request's own headers.
	:returns: the return value of the RPC; None if the response has another shape and is set already.
	:raises TooManyRequests: too many wrong signatures from this address (429).
	"""
	received = receive(
		source, read_body(frappe.request), frappe.request.headers if headers is None else headers
	)
	if received.status == 200:
		return received.body
	answer(received.body, received.status)
	return None
