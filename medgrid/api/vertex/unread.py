"""The credentials of a request that Frappe has given up before it looked at them, because it could not read
the body. The second contract judges them first, and names the caller in its answer."""

from typing import Any

import frappe
from frappe.auth import HTTPRequest, validate_auth_via_api_keys, validate_oauth

from medgrid.vertex.access import attempts, bearer


def sign_in(request: Any) -> None:
	"""Makes the request that of its session, token or Basic credentials, as Frappe would have done. Bearer
	tokens of the identity server are the gate's.

	:param request: werkzeug's.
	:raises NotSignedIn: the credentials are wrong.
	:raises TooManyRequests: the address has tried wrong ones too often.
	"""
	attempts.check(request)
	parameters, wrong = frappe.local.form_dict, False
	# Frappe takes a session, or a new user's password, from the parameters, too.
	frappe.local.form_dict = frappe._dict()
	try:
		frappe.local.http_request = HTTPRequest()
		credentials = (request.headers.get("Authorization") or "").split(" ")
		if len(credentials) == 2:
			validate_oauth(credentials)
			validate_auth_via_api_keys(credentials)
	except frappe.CSRFTokenError:
		# The session is good. What else is wrong is told first.
		pass
	except (frappe.AuthenticationError, frappe.exceptions.InvalidAuthorizationToken):
		wrong = True
	finally:
		frappe.local.form_dict = parameters
	frappe.clear_messages()
	if wrong:
		raise bearer.wrong_credentials()
