"""The address of the login page, for a browser that must sign in and come back. Pure.

Frappe's login page takes where to go on as `redirect-to`. Its script (Frappe 15 and 16 have the same) decodes
that once, accepts a path of its own site and removes the word "javascript" from it, wherever it stands.
"""

import re
from urllib.parse import quote

_REMOVED = re.compile("j(?=avascript)", re.IGNORECASE | re.ASCII)


def sign_in_path(path: str, query: str = "") -> str:
	"""The path of the login page, which leads back to a page of this site with its whole query.

	:param path: of this site. Whatever it begins with, one slash remains: with two, browsers take what
		follows for another site.
	:param query: raw, without the question mark.
	"""
	page = "/" + path.lstrip("/\\")
	target = _REMOVED.sub(lambda letter: f"%{ord(letter[0]):X}", f"{page}?{query}" if query else page)
	return f"/login?redirect-to={quote(target, safe='')}"
