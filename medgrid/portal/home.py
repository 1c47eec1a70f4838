"""Where people land after they have signed in: those without Desk at `/portal`.

Frappe asks the hook `get_website_user_home_page`, unless an administrator has chosen a page for a role or in
Portal Settings. Some versions send everybody to Desk or to the list of apps first; people without Desk can
open neither, so the answer to signing in is put right.
"""

import json
from urllib.parse import urlsplit

import frappe

from medgrid.core.faults.borders import hook

HOME = "/portal"
# Where Frappe's own pages begin, which say nothing to people without Desk.
FRAPPES_PAGES = ("", "me", "apps", "app", "desk")
# Signing in, and choosing a password.
COMMANDS = ("login", "frappe.core.doctype.user.user.update_password")


@hook
def home_page_of(user: str) -> str | None:
	"""The page at which a user lands. The hook `get_website_user_home_page`.

	:returns: None: Frappe decides, for guests and for those who work in Desk.
	"""
	return HOME.strip("/") if _has_no_desk(user) else None


@hook
def apply(response, request) -> None:
	"""Puts the page right to which people without Desk are sent after signing in. The `after_request` hook.

	:param response: werkzeug's, about to be sent.
	:param request: werkzeug's.
	"""
	if request.method != "POST" or response is None or response.status_code != 200:
		return
	command = (frappe.local.form_dict or {}).get("cmd") or request.path.rpartition("/")[2]
	if command not in COMMANDS or not _has_no_desk(frappe.session.user):
		return
	body = json.loads(response.get_data() or b"{}")
	key = "home_page" if command == "login" else "message"
	if isinstance(body.get(key), str) and urlsplit(body[key]).path.strip("/").split("/")[0] in FRAPPES_PAGES:
		response.set_data(json.dumps({**body, key: HOME}))


def _has_no_desk(user: str) -> bool:
	return user != "Guest" and frappe.get_cached_value("User", user, "user_type") == "Website User"
