"""Reading JSON that somebody else wrote: bounded before it is parsed, and free of what cannot be stored.

Python's own parser is called only on what passed the count, so nesting cannot exhaust its stack, nor a few
megabytes of brackets the memory. Pure, and for everybody: clients, webhooks, the API.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

# Longer numbers fit into no field of ours, and take ever longer to convert.
MAX_NUMBER_LENGTH = 40

_MARK = re.compile(rb'[\[\]{},"]')
# An escape that may stand for half a character, or for NUL.
_SUSPICIOUS = re.compile(rb"\\u(?:[dD][89a-fA-F]|0000)")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class JsonRefused(ValueError):
	"""The text is not JSON, or goes beyond a limit; the message says which and quotes nothing of it."""


@dataclass(frozen=True)
class JsonLimits:
	"""
	:param max_bytes: of the whole text.
	:param max_depth: of arrays and objects within each other.
	:param max_elements: entries of arrays and objects in all.
	"""

	max_bytes: int = 8 * 1024 * 1024
	max_depth: int = 32
	max_elements: int = 500_000


DEFAULT_LIMITS = JsonLimits()


def read_json(text: bytes, limits: JsonLimits = DEFAULT_LIMITS) -> Any:
	"""
	:param text: UTF-8, with or without a byte order mark.
	:raises JsonRefused: it is no JSON; it is too large, too deep or has too many elements; a number is not
		finite or too long; a text has half a surrogate pair or a NUL.
	"""
	if len(text) > limits.max_bytes:
		raise JsonRefused(f"more than {limits.max_bytes} bytes")
	_count(text, limits)
	content = _parsed(text)
	if _SUSPICIOUS.search(text):
		_check_texts(content)
	return content


def _count(text: bytes, limits: JsonLimits) -> None:
	"""One pass over what is outside of strings; a text without many brackets and commas needs none."""
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
	"""Where a string ends that begins at `start`: behind the first quote with an even number of backslashes
	before it."""
	end = start
	while (end := text.find(b'"', end)) >= 0:
		backslash = end
		while backslash > start and text[backslash - 1] == 0x5C:
			backslash -= 1
		end += 1
		if (end - 1 - backslash) % 2 == 0:
			return end
	raise JsonRefused("a string without an end")


def _parsed(text: bytes) -> Any:
	reason = ""
	try:
		return json.loads(
			text.decode("utf-8-sig"), parse_int=_integer, parse_float=_finite, parse_constant=_not_finite
		)
	except JsonRefused as refusal:
		reason = str(refusal)
	except json.JSONDecodeError as error:
		reason = f"no JSON: {error.msg} at {error.pos}"
	except UnicodeDecodeError as error:
		reason = f"no UTF-8 at {error.start}"
	# Outside the except block: the library's exceptions hold the whole text.
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
