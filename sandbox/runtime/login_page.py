"""`/login`: the framework's own page is all script, and its script is a bundle that the wheel does not ship.

The fields have the ids of Frappe's own page, so that whoever fills in one can fill in the other.
"""

from pathlib import Path

from werkzeug.wrappers import Request, Response

PAGE = Path(__file__).with_name("login.html").read_text()


def with_login_page(application):
	"""WSGI middleware: answers GET /login; everything else goes on to the application."""

	def answer(environ, start_response):
		request = Request(environ)
		if request.path.rstrip("/") != "/login" or request.method != "GET":
			return application(environ, start_response)
		page = Response(PAGE, mimetype="text/html", headers={"Cache-Control": "no-store"})
		return page(environ, start_response)

	return answer
