"""Prepares a portal page before it is rendered: redirects guests to the login page, and fills the context for
signed-in users.

Source: contract, "Session Token (Browser)"; issue "Portal pages".
"""

from html import unescape
from typing import Any

import frappe
from frappe.sessions import get_csrf_token

from medgrid.portal import assets, headers, menu, texts
from medgrid.services.sign_in import sign_in_path
from medgrid.services.support import how_to_reach_us

BASE_TEMPLATE = "medgrid/templates/portal/base.html"
RIGHT_TO_LEFT = ("ar", "fa", "he", "ps", "ur")
ENGLISH = "en"
# On every page, and in no catalog but MedGrid's: whoever translates it has translated the portal.
SENTENCE = "Times are shown in your own time zone."


def prepare(
	context: Any,
	*,
	title: str,
	module: str | None = None,
	extra_texts: dict | None = None,
	for_guests: bool = False,
) -> None:
	"""Fills the context of a page for the current user, and marks the response as a portal page.

	:param title: the page's title, translated.
	:param module: the page's ES module under `public/portal/`.
	:param extra_texts: the texts that the module displays, by key, translated.
	:param for_guests: whether guests may see the page, too; it has no menu for them.
	:raises frappe.Redirect: the user is a guest; redirects to the login page, which leads back to this page.
	"""
	if not for_guests:
		send_guests_to_login()
	user = frappe.session.user
	language = html_language()
	context.no_cache = 1
	context.update(
		{
			"title": title,
			"portal_base": BASE_TEMPLATE,
			"language": language,
			"direction": "rtl" if _base(language) in RIGHT_TO_LEFT else "ltr",
			"user": user,
			"user_name": shown_name(user),
			"csrf_token": session_csrf_token(),
			"is_guest": user == "Guest",
			"menu": [] if user == "Guest" else menu.pages_of(user),
			"here": f"/{str(context.path).strip('/')}",
			"stylesheet": assets.url("portal.css"),
			"icon": assets.url("icon.svg"),
			"import_map": assets.import_map(),
			"modules": [assets.url(name) for name in ("shell.js", module) if name],
			"how_to_reach_us": how_to_reach_us(),
			"texts": {**texts.shared(), **(extra_texts or {})},
		}
	)
	headers.mark_as_portal_page()


def shown_name(user: str) -> str:
	"""A user's name as text. Frappe stores the names of those who signed up by themselves escaped; the
	templates escape what they show."""
	return unescape(frappe.utils.get_fullname(user))


def html_language() -> str:
	"""The language of what the page says, in the form that HTML and the scripts need: `zh-TW`, where Frappe
	may have `zh_TW`.

	It is the user's, if MedGrid is translated into it, else English: a screen reader would read English with
	another language's voice, and a right-to-left page would set its full stops on the wrong side.
	"""
	language = (frappe.local.lang or ENGLISH).replace("_", "-")
	is_said = _base(language) == ENGLISH or frappe._(SENTENCE) != SENTENCE
	return language if is_said else ENGLISH


def _base(language: str) -> str:
	return language.split("-")[0]


def send_guests_to_login() -> None:
	"""Redirects guests to the login page.

	:raises frappe.Redirect: the user is a guest; the login page leads back to this page with its query.
	"""
	if frappe.session.user != "Guest":
		return
	query = frappe.safe_decode(frappe.request.query_string)
	frappe.local.flags.redirect_location = sign_in_path(frappe.request.path, query)
	raise frappe.Redirect(302)


def session_csrf_token() -> str:
	"""The CSRF token that the session's POST requests need; empty for a caller with an API token, who has no
	session."""
	if frappe.session.sid in ("Guest", frappe.session.user):
		return ""
	return get_csrf_token()
