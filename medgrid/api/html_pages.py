"""HTML pages for browsers that open an endpoint. They need no other file and contain no script."""

import base64
import hashlib
from html import escape

from werkzeug.wrappers import Response

STYLE = (
	"body{font:16px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;"
	"background:#f4f6f8;color:#1b2733}main{max-width:32rem;padding:2rem;text-align:center}"
	"@media(prefers-color-scheme:dark){body{background:#12181f;color:#e8edf2}}"
)
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
	"Content-Security-Policy": (
		f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'"
	),
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
}
PAGE = (
	'<!doctype html><html lang="en"><head><meta charset="utf-8">'
	'<meta name="viewport" content="width=device-width,initial-scale=1">'
	"<title>{title}</title><style>{style}</style></head>"
	"<body><main><h1>{title}</h1><p>{message}</p></main></body></html>"
)


class HtmlPage(Response):
	"""A page of MedGrid's own."""


def notice(title: str, message: str, status: int) -> HtmlPage:
	"""Builds a page that shows a message.

	:param title: plain text, like `message`.
	:param status: the HTTP status.
	"""
	html = PAGE.format(title=escape(title), message=escape(message), style=STYLE)
	return HtmlPage(html, status=status, mimetype="text/html", headers=HEADERS)
