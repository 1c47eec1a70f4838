"""The pages that a merchant sees while an app is installed. Plain HTML, for real browsers and for tests."""

from collections.abc import Iterable
from html import escape

from sandbox.simulators.common.messages import HTML, Answer

STYLE = (
	"body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}"
	"button{font:inherit;padding:.6rem 1.2rem;margin-right:.5rem;border:1px solid #1a1a1a;"
	"border-radius:.4rem;background:#fff;color:#1a1a1a}button.primary{background:#1a1a1a;color:#fff}"
)


def consent(shop_name: str, app: str, scopes: Iterable[str], parameters: list[tuple[str, str]]) -> Answer:
	"""Approve or Deny; the form carries the request's parameters."""
	items = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
	hidden = "".join(
		f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in parameters
	)
	return _page(
		f"Install app on {shop_name}",
		f"<p>The app <strong>{escape(app)}</strong> asks for:</p><ul>{items}</ul>"
		f'<form method="post" action="authorize">{hidden}'
		'<button class="primary" name="decision" value="approve">Approve</button>'
		'<button name="decision" value="deny">Deny</button></form>',
	)


def error(message: str) -> Answer:
	return _page("Oauth error", f'<p role="alert">{escape(message)}</p>', 400)


def _page(title: str, content: str, status: int = 200) -> Answer:
	page = (
		f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
		f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
		f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
	)
	return Answer(status, page.encode(), HTML)
