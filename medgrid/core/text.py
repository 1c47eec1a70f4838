"""Cleans text from other systems that is stored in Data fields without Frappe's own checks."""

import re
import unicodedata

MAX_LENGTH = 140
_TAG = re.compile(r"<[^>]*>")
# Control characters, half surrogates, and characters that change the direction of the text around them.
_INVISIBLE = frozenset(("Cc", "Cs"))
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sanitize_text(text: str | None) -> str:
	"""Cleans a text so that a Data field can hold it and Desk can show it. Desk's lists do not escape such
	values, and bulk writes skip the cleaning that saving a document does.

	:returns: the text without HTML tags, cut to the length of the column.
	"""
	if not text:
		return ""
	if "<" in text:
		text = _TAG.sub("", text).replace("<", "&lt;")
	return text[:MAX_LENGTH]


def one_line(text: str | None, max_length: int) -> str:
	"""Turns another system's text into one line: without control and direction characters and half
	surrogates, with blanks for line ends. It does not escape HTML.

	:param max_length: in characters; the rest is cut off.
	"""
	# Cutting first limits the work on a very long text.
	words = " ".join((text or "")[: 4 * max_length].split())
	kept = (
		char for char in words if char not in _DIRECTIONS and unicodedata.category(char) not in _INVISIBLE
	)
	return "".join(kept)[:max_length]
