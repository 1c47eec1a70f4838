"""The types of the form's fields. A value that they reject is answered with 400 and the field's name.

Format characters, which change the direction of the text around them or have no width, are removed, as from
all foreign text: phones put them around numbers, and keyboards into words. Other control characters are
rejected.
"""

import re
from typing import Annotated, Any

from frappe import _
from frappe.utils import validate_email_address
from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from medgrid.core.text import without_format

MAX_BODY_BYTES = 10_000

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Letters by their category, which have no shape.
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
# What Frappe accepts as a phone number.
_PHONE = re.compile(r"[-0-9 +_,.*#()]*")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@({_LABEL}\.)+(?=[0-9-]*[a-z]){_LABEL}")


def _without_format(value: Any) -> Any:
	return without_format(value) if isinstance(value, str) else value


def _single_line(text: str) -> str:
	if _CONTROL.search(text):
		raise PydanticCustomError("several_lines", _("it must be one line, without control characters"))
	return text


def _readable(text: str) -> str:
	if _CONTROL_BUT_LINES.search(text):
		raise PydanticCustomError("control_characters", _("it must not have control characters"))
	return text


def _name(text: str) -> str:
	if not any(char.isalpha() and char not in _FILLERS for char in text):
		raise PydanticCustomError("no_letter", _("it must have a letter"))
	return text


def _phone_number(text: str) -> str:
	if not _PHONE.fullmatch(text):
		raise PydanticCustomError("phone", _("only digits, spaces and + - ( ) . , * # _ are allowed"))
	return text


def _email_address(text: str) -> str:
	"""Checks for one plain ASCII address and returns it in lower case. Frappe's own check must accept it,
	too, because the Lead is saved with it."""
	address = text.lower()
	if not _EMAIL.fullmatch(address) or validate_email_address(address) != address:
		raise PydanticCustomError("email", _("this is no e-mail address"))
	return address


def _length(longest: int, shortest: int = 0) -> StringConstraints:
	return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


_SingleLine = AfterValidator(_single_line)
# It comes last in a type and therefore runs first.
_Visible = BeforeValidator(_without_format)

# The lengths of Frappe's columns; the name is shorter because a Contact's name is made of it and must fit,
# too.
Name = Annotated[str, _length(100, shortest=1), _SingleLine, AfterValidator(_name), _Visible]
Email = Annotated[str, _length(140, shortest=1), _SingleLine, AfterValidator(_email_address)]
Phone = Annotated[str, _length(20), _SingleLine, AfterValidator(_phone_number), _Visible]
OptionalLine = Annotated[str, _length(140), _SingleLine, _Visible]
Message = Annotated[
	str,
	StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_BODY_BYTES),
	AfterValidator(_readable),
	_Visible,
]
