"""Cleans text from other systems. What is removed cannot be seen: control characters, half surrogates, and
format characters, which change the direction of the text around them or have no width. Everything else stays
as it came, `<` and `&` included: a text is escaped where it is shown. Pure.

Two kinds of format characters stay, because words are misspelled without them: joiners within the writing of
Persian, of Indian languages and of emoji, and signs that have a shape.
"""

import re
import unicodedata

# The length of a Data field.
MAX_LENGTH = 140
_INVISIBLE = frozenset(("Cc", "Cs", "Cf"))
_LINE_ENDS = frozenset(("Zl", "Zp"))
# Zero-width non-joiner and joiner.
_JOINERS = "\u200c\u200d"
_SEVERAL_JOINERS = re.compile(f"([{_JOINERS}])[{_JOINERS}]+")
_JOINER = re.compile(f"[{_JOINERS}]")
# Before it come the scripts that have no use for joiners: Latin, Greek, Cyrillic, Armenian.
_FIRST_JOINED = "\u0590"
_CAN_BE_JOINED = frozenset("LMNS")
# The format characters that Unicode calls prepended concatenation marks: each draws a sign around a number.
_SIGNS = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)))


def plain_text(text: str, max_length: int) -> str:
	"""Cleans a text for people.

	:param max_length: in characters; the rest is cut off.
	:returns: one line: line ends and tabs are blanks.
	"""
	# Cutting first limits the work on a very long text.
	kept = text[: 4 * max_length]
	if kept.isprintable():
		return kept[:max_length]
	kept = "".join(char if char in _JOINERS else _visible(char) for char in kept)
	return _without_idle_joiners(_SEVERAL_JOINERS.sub(r"\1", kept)[:max_length])


def is_visible(text: str) -> bool:
	"""Whether each character of a text can be seen. What identifies something is such a text: a joiner makes
	no difference to the database, and hardly any to the eye."""
	return text.isprintable() or all(_visible(char) == char for char in text)


def one_line(text: str | None, max_length: int) -> str:
	"""Turns another system's sentence into one line: as `plain_text`, with single blanks.

	:param max_length: in characters; the rest is cut off.
	"""
	return plain_text(" ".join((text or "")[: 4 * max_length].split()), max_length)


def without_format(text: str) -> str:
	"""Removes the format characters that `plain_text` removes, and nothing else: line ends and other control
	characters stay, for a caller that rejects or needs them."""
	if text.isprintable():
		return text
	kept = "".join(char for char in text if char in _JOINERS or not _is_format(char))
	return _without_idle_joiners(_SEVERAL_JOINERS.sub(r"\1", kept))


def _visible(char: str) -> str:
	if char.isprintable() or char in _SIGNS:
		return char
	category = unicodedata.category(char)
	if category in _LINE_ENDS or (category == "Cc" and char.isspace()):
		return " "
	return "" if category in _INVISIBLE else char


def _is_format(char: str) -> bool:
	return unicodedata.category(char) == "Cf" and char not in _SIGNS


def _without_idle_joiners(text: str) -> str:
	"""Removes the joiners that have nothing to join.

	:param text: without two of them in a row.
	"""

	def kept(match: re.Match[str]) -> str:
		neighbours = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
		return match.group() if any(map(_can_be_joined, neighbours)) else ""

	return _JOINER.sub(kept, text)


def _can_be_joined(char: str) -> bool:
	return char >= _FIRST_JOINED and unicodedata.category(char)[0] in _CAN_BE_JOINED
