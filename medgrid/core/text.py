"""Cleans text from other systems. What is removed cannot be seen: control characters, half surrogates, and
format characters, which change the direction of the text around them or have no width. Everything else stays
as it came, `<` and `&` included: a text is escaped where it is shown. Pure. Design: section 4.
"""

import unicodedata

# The length of a Data field.
MAX_LENGTH = 140
_INVISIBLE = frozenset(("Cc", "Cs", "Cf"))
_LINE_ENDS = frozenset(("Zl", "Zp"))


def plain_text(text: str, max_length: int) -> str:
	"""Cleans a text.

	:param max_length: in characters; the rest is cut off.
	:returns: one line: line ends and tabs are blanks.
	"""
	# Cutting first limits the work on a very long text.
	kept = text[: 4 * max_length]
	if not kept.isprintable():
		kept = "".join(map(_visible, kept))
	return kept[:max_length]


def one_line(text: str | None, max_length: int) -> str:
	"""Turns another system's sentence into one line: as `plain_text`, with single blanks.

	:param max_length: in characters; the rest is cut off.
	"""
	return plain_text(" ".join((text or "")[: 4 * max_length].split()), max_length)


def without_format(text: str) -> str:
	"""Removes the format characters only: line ends and other control characters stay, for a caller that
	rejects or needs them."""
	if text.isprintable():
		return text
	return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _visible(char: str) -> str:
	if char.isprintable():
		return char
	category = unicodedata.category(char)
	if category in _LINE_ENDS or (category == "Cc" and char.isspace()):
		return " "
	return "" if category in _INVISIBLE else char
