"""Reads JSON from other systems and users: checks its limits before it parses, and rejects what cannot be
stored.

The elements are counted before Python's parser runs, so deep nesting cannot exhaust the parser's stack, and a
few megabytes of brackets cannot exhaust the memory. Pure; clients, webhooks and the API use it.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

# Longer numbers fit into no field of MedGrid, and converting them takes disproportionately long.
MAX_NUMBER_LENGTH = 40

_MARK = re.compile(rb'[\[\]{},"]')
# An escape that may be half of a surrogate pair, or NUL.
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class JsonRefused(ValueError):
	"""The text is not JSON, or exceeds a limit. The message says which, and never quotes the text."""


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


def read_json(text: bytes, limits: JsonLimits = DEFAULT_LIMITS) -> Any:
	"""Parses a JSON text within limits.

	:param text: UTF-8, with or without a byte order mark.
	:returns: the content, as `json.loads` returns it.
	:raises JsonRefused: the text is not JSON; it is too large, too deeply nested or has too many elements; a
		number is too long or not finite; a string contains half a surrogate pair or a NUL.
	"""
	if len(text) > limits.max_bytes:
		raise JsonRefused(f"more than {limits.max_bytes} bytes")
	_count(text, limits)
	content = _parsed(text)
	if _SUSPICIOUS.search(text):
		_check_texts(content)
	return content


def _count(text: bytes, limits: JsonLimits) -> None:
	"""Checks depth and elements in one pass, ignoring strings. A text with few brackets and commas needs no
	pass."""
	openings = text.count(b"[") + text.count(b"{")
	if openings <= limits.max_depth and openings + text.count(b",") <= limits.max_elements:
		return
	position = depth = elements = 0
	while match := _MARK.search(text, position):
		position, mark = match.end(), match.group()
		if mark == b'"':
			position = _end_of_string(text, position)
			continue
		if mark in b"]}":
			depth -= 1
			continue
		elements += 1
		if mark in b"[{":
			depth += 1
		if depth > limits.max_depth:
			raise JsonRefused(f"nested more than {limits.max_depth} deep")
		if elements > limits.max_elements:
			raise JsonRefused(f"more than {limits.max_elements} elements")


def _end_of_string(text: bytes, start: int) -> int:
	"""The position after the end of a string that begins at `start`. The string ends with the first quote
	that follows an even number of backslashes."""
	end = start
	while (end := text.find(b'"', end)) >= 0:
		backslash = end
		while backslash > start and text[backslash - 1] == 0x5C:
			backslash -= 1
		end += 1
		if (end - 1 - backslash) % 2 == 0:
			return end
	raise JsonRefused("a string that does not end")


def _parsed(text: bytes) -> Any:
	reason = ""
	try:
		return json.loads(
			text.decode("utf-8-sig"), parse_int=_integer, parse_float=_finite, parse_constant=_not_finite
		)
	except JsonRefused as refusal:
		reason = str(refusal)
	except json.JSONDecodeError as error:
		reason = f"not JSON: {error.msg} at {error.pos}"
	except UnicodeDecodeError as error:
		reason = f"not UTF-8 at {error.start}"
	# Raised outside the except block, because the library's exceptions contain the whole text.
	raise JsonRefused(reason)


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


def _not_finite(_name: str) -> NoReturn:
	raise JsonRefused("a number that is not finite")


def _check_texts(content: Any) -> None:
	waiting = [content]
	while waiting:
		each = waiting.pop()
		if isinstance(each, str):
			if _UNSTORABLE.search(each):
				raise JsonRefused("a text with half a surrogate pair or a NUL")
		elif isinstance(each, dict):
			waiting.extend(each)
			waiting.extend(each.values())
		elif isinstance(each, list):
			waiting.extend(each)
