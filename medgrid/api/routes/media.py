"""What a body of MedGrid's RPCs is declared as. Contract: "HTTP Methods" ("Body must be JSON").

Frappe does not parse a body with another type, and the caller would read that a parameter is missing. Forms
are taken as Frappe takes them.
"""

from frappe import _

from medgrid.api.request_bounds import Door, read_body
from medgrid.exceptions import UnsupportedMedia

FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


def check_media(request, door: Door | None) -> None:
	"""
	:param request: werkzeug's.
	:param door: of the RPC; None: it is none of MedGrid's.
	:raises UnsupportedMedia: there is a body that Frappe has not read, or JSON that is declared as a form.
	"""
	if not door or door.signed or request.is_json:
		return
	body = read_body(request).lstrip()
	is_form = request.mimetype in FORMS and not body.startswith((b"{", b"["))
	if body and not is_form:
		raise UnsupportedMedia(_("The body must be JSON, with Content-Type: application/json."))
