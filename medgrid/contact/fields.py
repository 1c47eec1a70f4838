"""The types of the form's fields. A value that they reject is answered with 400 and the field's name."""

import re
from typing import Annotated

from frappe.utils import validate_email_address
from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

MAX_BODY_BYTES = 10_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# What Frappe accepts as a phone number.
_PHONE = re.compile(r"[-0-9 +_,.*#()]*")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+(?=[0-9-]*[a-z]){_LABEL}")


def _single_line(text: str) -> str:
	if _CONTROL.search(text):
		raise PydanticCustomError("several_lines", "it must be one line, without control characters")
	return text


def _readable(text: str) -> str:
	if _CONTROL_BUT_LINES.search(text):
		raise PydanticCustomError("control_characters", "it must not have control characters")
	return text


def _phone_number(text: str) -> str:
	if not _PHONE.fullmatch(text):
		raise PydanticCustomError("phone", "only digits, spaces and + - ( ) . , * # _ are allowed")
	return text


def _email_address(text: str) -> str:
	"""Checks for one plain ASCII address and returns it in lower case. Frappe's own check must accept it,
	too, because the Lead is saved with it."""
	address = text.lower()
	if not _EMAIL.fullmatch(address) or validate_email_address(address) != address:
		raise PydanticCustomError("email", "this is no e-mail address")
	return address


def _length(longest: int, shortest: int = 0) -> StringConstraints:
	return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


_SingleLine = AfterValidator(_single_line)

# The lengths of Frappe's columns; the name is shorter because a Contact's name is made of it and must fit,
# too.
Name = Annotated[str, _length(100, shortest=1), _SingleLine]
Email = Annotated[str, _length(140, shortest=1), _SingleLine, AfterValidator(_email_address)]
Phone = Annotated[str, _length(20), _SingleLine, AfterValidator(_phone_number)]
OptionalLine = Annotated[str, _length(140), _SingleLine]
Message = Annotated[
	str,
	StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_BODY_BYTES),
	AfterValidator(_readable),
]
