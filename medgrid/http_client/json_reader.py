"""Reads JSON from other systems and users: checks its limits before it parses, and rejects what cannot be
stored.

The elements are counted before Python's parser runs, so deep nesting cannot exhaust the parser's stack, and a
few megabytes of brackets cannot exhaust the memory. Pure; clients, webhooks and the API use it.
"""

import json
import math
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

# Longer numbers fit into no field of MedGrid, and converting them takes disproportionately long.
MAX_NUMBER_LENGTH = 40

_AS_SQUARE = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NO_MARKS = bytes(set(range(256)) - set(b'[]{},"'))
# A text without a run of these is one without a number that is too long.
_AS_DIGITS = bytes.maketrans(b"123456789.eE+-", b"0" * 14)
_TOO_LONG = b"0" * (MAX_NUMBER_LENGTH + 1)
# Up to here a count of everything is worth its time: most such texts are within the limits all the same.
_SHORT = 64 * 1024
# An escape that may be half of a surrogate pair, or NUL.
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class JsonRefused(ValueError):
	"""The text is not JSON, or exceeds a limit. The message says which, and never quotes the text."""


class NotJson(JsonRefused):
	"""The text is not JSON."""


@dataclass(frozen=True)
class JsonLimits:
	"""The limits of a JSON text.

	:param max_bytes: bytes of the whole text.
	:param max_depth: how deeply arrays and objects may be nested.
	:param max_elements: the total number of entries of all arrays and objects.
	"""

	max_bytes: int = 8 * 1024 * 1024
	max_depth: int = 32
	max_elements: int = 500_000


DEFAULT_LIMITS = JsonLimits()


def read_json(
	text: bytes, limits: JsonLimits = DEFAULT_LIMITS, *, allow_nul: bool = False, exact: bool = False
) -> Any:
	"""Parses a JSON text within limits.

	:param text: UTF-8, with or without a byte order mark.
	:param allow_nul: whether strings may contain NUL, in a text that is only looked at and not stored.
	:param exact: whether a number with a decimal point or an exponent is a Decimal of its text and not a
		float, for amounts of money.
	:returns: the content, as `json.loads` returns it.
	:raises JsonRefused: the text is not JSON; it is too large, too deeply nested or has too many elements; a
		number is too long or not finite; a string contains half a surrogate pair or a NUL.
	"""
	if len(text) > limits.max_bytes:
		raise JsonRefused(f"more than {limits.max_bytes} bytes")
	check_shape(text, limits)
	content = _parsed(text, exact)
	if b"\\" in text and _SUSPICIOUS.search(text):
		_check_texts(content, _SURROGATE if allow_nul else _UNSTORABLE)
	return content


def checked_text(text: bytes, limits: JsonLimits = DEFAULT_LIMITS) -> bytes:
	"""Checks the limits of a JSON text that a reader of its own parses afterwards. Numbers are that reader's.

	:returns: the text without a byte order mark.
	:raises JsonRefused: see `read_json`; whether it is JSON at all is the reader's to say.
	"""
	if b"\\" in text and _SUSPICIOUS.search(text):
		read_json(text, limits)
	elif len(text) > limits.max_bytes:
		raise JsonRefused(f"more than {limits.max_bytes} bytes")
	else:
		check_shape(text, limits)
	try:
		text.decode()
	except UnicodeDecodeError as error:
		refusal = NotJson(f"not UTF-8 at {error.start}")
	else:
		return text.removeprefix(BOM_UTF8)
	raise refusal


def check_shape(text: bytes, limits: JsonLimits = DEFAULT_LIMITS) -> None:
	"""Counts what is outside of strings: how deep arrays and objects are nested, and how many entries they
	have. Whether the text is JSON at all is the parser's to say.

	It takes a fixed number of passes over the text, each within the C code of `bytes`, so no text takes long.

	:raises JsonRefused: too deep, or too many elements.
	"""
	if len(text) <= _SHORT:
		# Strings included, which can only be more.
		openings = text.count(b"[") + text.count(b"{")
		if openings <= limits.max_depth and openings + text.count(b",") <= limits.max_elements:
			return
	outside = _outside_strings(text, limits)
	brackets = outside.translate(_AS_SQUARE, _NO_BRACKETS)
	if brackets.count(b"[") + outside.count(b",") > limits.max_elements:
		raise JsonRefused(f"more than {limits.max_elements} elements")
	if _is_deeper(brackets, limits.max_depth):
		raise JsonRefused(f"nested more than {limits.max_depth} deep")


def _outside_strings(text: bytes, limits: JsonLimits) -> bytes:
	if b"\\" in text:
		# The order matters: what is left of a row of backslashes is one that escapes what follows it.
		text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
	# Each element has a name and a value at most. Refused before they are taken apart.
	if text.count(b'"') > 4 * limits.max_elements + 2:
		raise JsonRefused(f"more than {limits.max_elements} elements")
	# Two quotes side by side change nothing for what is around them. Most strings are nothing else now.
	marks = text.translate(None, _NO_MARKS).replace(b'""', b"")
	return b"".join(marks.split(b'"')[::2])


def _is_deeper(brackets: bytes, max_depth: int) -> bool:
	"""Whether brackets are nested deeper, those that nobody closes included.

	:param brackets: nothing but `[` and `]`.
	"""
	left = _peeled(brackets, max_depth)
	if left is None or b"]" in left or len(left) > max_depth:
		return True
	# What is never closed holds what comes after it.
	return bool(left) and _peeled(brackets + b"]" * len(left), max_depth) != b""


def _peeled(brackets: bytes, times: int) -> bytes | None:
	"""What is left when the innermost pairs were removed so many times; None: it is deeper for sure."""
	too_many = b"[" * (times + 1)
	for _time in range(times):
		# A parser stops at what closes nothing.
		brackets = brackets.lstrip(b"]")
		if not brackets:
			break
		if too_many in brackets:
			return None
		brackets = brackets.replace(b"[]", b"")
	return brackets.lstrip(b"]")


def _parsed(text: bytes, exact: bool) -> Any:
	is_short = _TOO_LONG not in text.translate(_AS_DIGITS)
	try:
		return json.loads(
			text.decode("utf-8-sig"),
			# Without one of ours, Python's parser reads integers in C.
			parse_int=None if is_short else _integer,
			parse_float=(Decimal if is_short else _decimal) if exact else _finite,
			parse_constant=_not_finite,
		)
	except JsonRefused as refused:
		refusal = JsonRefused(str(refused))
	except json.JSONDecodeError as error:
		refusal = NotJson(f"not JSON: {error.msg} at {error.pos}")
	except UnicodeDecodeError as error:
		refusal = NotJson(f"not UTF-8 at {error.start}")
	# Raised outside the except block, because the library's exceptions contain the whole text.
	raise refusal


def _integer(digits: str) -> int:
	if len(digits) > MAX_NUMBER_LENGTH:
		raise JsonRefused(f"a number of more than {MAX_NUMBER_LENGTH} characters")
	return int(digits)


def _finite(digits: str) -> float:
	if len(digits) > MAX_NUMBER_LENGTH:
		raise JsonRefused(f"a number of more than {MAX_NUMBER_LENGTH} characters")
	number = float(digits)
	if not math.isfinite(number):
		raise JsonRefused("a number that is not finite")
	return number


def _decimal(digits: str) -> Decimal:
	if len(digits) > MAX_NUMBER_LENGTH:
		raise JsonRefused(f"a number of more than {MAX_NUMBER_LENGTH} characters")
	return Decimal(digits)


def _not_finite(_name: str) -> NoReturn:
	raise JsonRefused("a number that is not finite")


def _check_texts(content: Any, refused: re.Pattern) -> None:
	waiting = [content]
	while waiting:
		each = waiting.pop()
		if isinstance(each, str):
			if refused.search(each):
				raise JsonRefused("a text with half a surrogate pair or a NUL")
		elif isinstance(each, dict):
			waiting.extend(each)
			waiting.extend(each.values())
		elif isinstance(each, list):
			waiting.extend(each)
