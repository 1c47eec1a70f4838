"""Sentences about a person's session, for Frappe's routes and the portal's scripts."""

from frappe import _


def no_csrf_token() -> str:
	"""The sentence for a session's request without its token, or with that of another session."""
	return _(
		"The token of this session is missing or out of date. Send the header X-Frappe-CSRF-Token, or "
		"credentials in the header Authorization: token KEY:SECRET."
	)
