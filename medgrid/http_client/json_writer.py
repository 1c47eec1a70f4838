"""Writes the JSON that MedGrid sends: reveals secrets, and keeps amounts of money exact. Pure."""

import json
import secrets
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pydantic import SecretStr

# How many different numbers a process remembers.
MAX_NUMBERS = 8192


def write_json(content: Any, *, sort_keys: bool = False) -> str:
	"""Writes a JSON text.

	:param content: as for `json.dumps`, and also: a SecretStr, which becomes its plain text, and a Decimal,
		which becomes the number with the same digits, without an exponent and without zeros at its end.
	:param sort_keys: for a canonical text: the same content always gives the same text.
	:raises TypeError: the content has a value of another type.
	:raises ValueError: the content has a number that is not finite.
	"""
	# Python's encoder writes numbers of its own types only. A Decimal is written as a text that nobody can
	# guess, and then loses its quotes. Both are done by the C code of `str.replace`: a large sale has
	# thousands of amounts.
	marker = secrets.token_hex(8)

	def written(value: Any) -> str:
		if isinstance(value, Decimal):
			return f"{marker}{plain_number(value)}{marker}"
		if isinstance(value, SecretStr):
			return value.get_secret_value()
		raise TypeError(f"{type(value).__name__} cannot be sent")

	text = json.dumps(content, allow_nan=False, default=written, sort_keys=sort_keys, separators=(",", ":"))
	return text.replace(f'"{marker}', "").replace(f'{marker}"', "")


def plain_number(number: Decimal) -> str:
	"""The digits of a number, without an exponent and without zeros at its end: "57", "28.5", "-0.01".

	:raises ValueError: the number is not finite.
	"""
	if not number.is_finite():
		raise ValueError("the number is not finite")
	return _digits(number)


# The lines of a sale have few different amounts.
@lru_cache(maxsize=MAX_NUMBERS)
def _digits(number: Decimal) -> str:
	text = format(number, "f")
	if "." in text:
		text = text.rstrip("0").rstrip(".")
	return "0" if text == "-0" else text
