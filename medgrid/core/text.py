"""Text from other systems, on its way past Frappe's own checks into Data fields."""

import re
import unicodedata

MAX_LENGTH = 140
_TAG = re.compile(r"<[^>]*>")
# Control characters, half surrogates, and what changes the direction of the text around it.
_INVISIBLE = frozenset(("Cc", "Cs"))
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def sanitize_text(text: str | None) -> str:
	"""What a Data field can hold and Desk can show: its lists do not escape such values, and writing many
	records at once leaves out the cleaning that saving a document does.

	:returns: without HTML tags, and no longer than the column.
	"""
	if not text:
		return ""
	if "<" in text:
		text = _TAG.sub("", text).replace("<", "&lt;")
	return text[:MAX_LENGTH]


def one_line(text: str | None, max_length: int) -> str:
	"""Foreign text as one line that any place can show or store once it is escaped there: without control
	and direction characters and half surrogates, blanks where there were line ends.

	:param max_length: in characters; what is beyond is cut off.
	"""
	# Cutting first bounds the work.
	words = " ".join((text or "")[: 4 * max_length].split())
	kept = (
		char for char in words if char not in _DIRECTIONS and unicodedata.category(char) not in _INVISIBLE
	)
	return "".join(kept)[:max_length]
