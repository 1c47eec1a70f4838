"""The types of the members of the second contract's requests, and the sentences about wrong ones.

Of Frappe it uses only the sentences' language. Nothing is converted: a number is a JSON number, a text is a
text. See docs/api.md, `shopify_tax_calculate`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from frappe import _
from pydantic import BaseModel, BeforeValidator, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from medgrid.core.foreign_types import BOUNDED, FIRST_YEAR, LAST_YEAR
from medgrid.core.text import is_visible, plain_text
from medgrid.exceptions import InvalidInput

MAX_AMOUNT = Decimal(10) ** 12
# A Currency field of the database holds less.
MAX_STORED = Decimal(10) ** 12
MONEY_PLACES, QUANTITY_PLACES = 2, 6
MAX_FLOAT_DIGITS = 15
# How many different numbers a process remembers.
MAX_NUMBERS = 8192
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Members(BaseModel):
	"""Base of a request's objects. Unknown members are ignored; null is the same as a member that is left
	out."""

	@model_validator(mode="before")
	@classmethod
	def leave_out_nulls(cls, content: Any) -> Any:
		if not isinstance(content, Mapping) or None not in content.values():
			return content
		return {name: value for name, value in content.items() if value is not None}


Model = TypeVar("Model", bound=Members)


def read_members(model: type[Model], content: Any) -> Model:
	"""Reads a request's members.

	:raises InvalidInput: a member is missing or wrong; the message is a sentence that names the first one.
	"""
	problem: ErrorDetails | None = None
	try:
		return model.model_validate(content)
	except ValidationError as error:
		problem = error.errors(include_url=False, include_input=False)[0]
	# Outside the except block: pydantic's exception contains the values.
	raise InvalidInput(_sentence_about(problem))


# Texts


def _text(max_length: int, *, is_code: bool, may_be_empty: bool) -> BeforeValidator:
	def check(value: Any) -> Any:
		if not isinstance(value, str):
			raise PydanticCustomError("text", "must be text")
		cleaned = plain_text(value, len(value))
		if is_code and value.strip() and not is_visible(value):
			raise PydanticCustomError("text", "must not have characters that cannot be seen")
		# After the cleaning: a text may have nothing but characters that cannot be seen.
		if not cleaned.strip():
			if may_be_empty:
				return None
			raise PydanticCustomError("text", "must not be empty")
		if len(cleaned) > max_length:
			most = {"most": max_length}
			raise PydanticCustomError("text", "must have at most {most} characters", most)
		return cleaned

	return BeforeValidator(check)


def required_code(max_length: int) -> BeforeValidator:
	"""A text that identifies something: as it came, or wrong."""
	return _text(max_length, is_code=True, may_be_empty=False)


def optional_code(max_length: int) -> BeforeValidator:
	"""The same, or None; an empty text is None."""
	return _text(max_length, is_code=True, may_be_empty=True)


def optional_text(max_length: int) -> BeforeValidator:
	"""A text for people, without characters that cannot be seen; an empty text is None."""
	return _text(max_length, is_code=False, may_be_empty=True)


def pattern(regular_expression: str, sentence: str) -> BeforeValidator:
	"""A validator of a text.

	:param regular_expression: of the whole text, in ASCII.
	:param sentence: how the sentence about a wrong one ends, e.g. "must be three capitals".
	"""
	compiled = re.compile(regular_expression, re.ASCII)

	def check(value: Any) -> Any:
		if not isinstance(value, str):
			raise PydanticCustomError("text", "must be text")
		if not compiled.fullmatch(value):
			raise PydanticCustomError("pattern", sentence)
		return value

	return BeforeValidator(check)


def _date(value: Any) -> Any:
	try:
		year = date.fromisoformat(value).year if isinstance(value, str) and _DATE.fullmatch(value) else 0
	except ValueError:
		year = 0
	if FIRST_YEAR <= year <= LAST_YEAR:
		return value
	raise PydanticCustomError("date", "must be a date, for example 2026-11-25")


# A date as the contract writes it.
DateText = Annotated[str, BOUNDED, BeforeValidator(_date)]

# Numbers


def decimal_of(value: Any, places: int) -> Decimal:
	"""A JSON number as a Decimal. Frappe has made a float of a number with decimals; up to 15 digits,
	Python's shortest form of a float has exactly the digits that its sender wrote.

	:param places: how many decimals it may have.
	:raises PydanticCustomError: it is not a number, is too large, or has more decimals.
	"""
	if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
		raise PydanticCustomError("number", "must be a number")
	return _exact(value, places)


# The lines of a sale have few different quantities and prices. By type, because 1 and 1.0 are equal.
@lru_cache(maxsize=MAX_NUMBERS, typed=True)
def _exact(value: int | float | Decimal, places: int) -> Decimal:
	number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
	_sign, digits, exponent = number.normalize().as_tuple()
	if isinstance(value, float) and len(digits) > MAX_FLOAT_DIGITS:
		raise PydanticCustomError("places", "must have at most {most} digits", {"most": MAX_FLOAT_DIGITS})
	if not number.is_finite():
		raise PydanticCustomError("number", "must be a number")
	if abs(number) > MAX_AMOUNT:
		raise PydanticCustomError("amount", "must be between -1000000000000 and 1000000000000")
	if isinstance(exponent, int) and -exponent > places:
		raise PydanticCustomError("places", "must have at most {places} decimals", {"places": places})
	return number


def _number(places: int) -> BeforeValidator:
	return BeforeValidator(lambda value: decimal_of(value, places))


Money = Annotated[Decimal, BOUNDED, _number(MONEY_PLACES)]
UnitPrice = Annotated[Decimal, BOUNDED, _number(QUANTITY_PLACES)]
Quantity = Annotated[Decimal, BOUNDED, _number(QUANTITY_PLACES)]


def _discount(value: Any) -> Any:
	if (amount := decimal_of(value, MONEY_PLACES)) < 0:
		raise PydanticCustomError("discount", "must not be negative")
	return amount


Discount = Annotated[Decimal, BOUNDED, BeforeValidator(_discount)]

# Sentences about wrong members

# The errors that this module and its callers raise.
_OWN = ("text", "pattern", "date", "number", "amount", "places", "discount", "rule")

_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
	"missing": lambda context: _("is missing"),
	"bool_type": lambda context: _("must be true or false"),
	"bool_parsing": lambda context: _("must be true or false"),
	"list_type": lambda context: _("must be a list"),
	"too_short": lambda context: _("must not be empty"),
	"too_long": lambda context: _("must have at most {0} entries").format(context["max_length"]),
	"model_type": lambda context: _("must be an object"),
	"model_attributes_type": lambda context: _("must be an object"),
	"literal_error": lambda context: _("must be {0}").format(context["expected"].replace("'", "")),
}


def _sentence_about(problem: ErrorDetails) -> str:
	name = name_of(problem["loc"])
	kind, context = problem["type"], problem.get("ctx") or {}
	said = _SENTENCES[kind](context) if kind in _SENTENCES else _message_of(problem)
	return f"{name} {said}." if name else f"{said}."


def _message_of(problem: ErrorDetails) -> str:
	message = problem["msg"]
	return _(message) if problem["type"] in _OWN else _("is not valid")


def name_of(location: tuple[int | str, ...]) -> str:
	"""A member's name: ("lineItems", 0, "unitPrice") is "lineItems[0].unitPrice"."""
	text = ""
	for part in location:
		text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
	return text


def rule(sentence: str) -> PydanticCustomError:
	"""The error for members that are valid each for itself.

	:param sentence: names them; without a full stop.
	"""
	# Braces would be placeholders of pydantic's.
	return PydanticCustomError("rule", sentence.replace("{", "(").replace("}", ")"))
