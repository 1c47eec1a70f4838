"""Removes secrets from everything that is logged."""

import re

MASK = "********"

# The name of a secret, in Python's or JSON's notation, in a query string or in a header, followed by the
# value up to its closing quote, or up to the end of the line if the log has cut it off.
_NAMED = re.compile(
	r"""(?ix)
	(?P<name> (?<![\w-]) [\w-]{0,40}?
		(?: secret | passw(?:or)?d | pwd | token | api[_-]?key | credential | hmac ) [\w-]{0,40} )
	(?P<between> \\?["']? \s* [:=] \s* )
	(?: (?P<quote> \\?["'] ) .*? (?: (?P=quote) | $ ) | [^\s,;&)}\]"']+ )
	""",
	re.MULTILINE,
)
_AUTHORIZATION = re.compile(r"""(?i)\b(basic|bearer|token)\s+[A-Za-z0-9+/=_.:~-]{8,}""")


def redact(text: str | None) -> str:
	"""Masks the values whose names are those of secrets, and the values of `Authorization`.

	:param text: a log line, traceback or message; None becomes an empty text.
	"""
	without_headers = _AUTHORIZATION.sub(rf"\1 {MASK}", text or "")
	return _NAMED.sub(_placeholder, without_headers)


def _placeholder(match: re.Match) -> str:
	quote = match.group("quote") or ""
	return f"{match.group('name')}{match.group('between')}{quote}{MASK}{quote}"


def redact_error_log(document, event=None) -> None:
	"""Removes secrets from a new Error Log entry, because Frappe logs a request's variables with the
	traceback. `Error Log`'s before_insert hook."""
	document.error = redact(document.error)
