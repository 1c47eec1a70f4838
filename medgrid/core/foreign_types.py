"""The types of everything that other systems send: answers, webhooks, headers. A model of what comes in uses
only these. Pure. See docs/adr/0028-foreign-values-have-types.md.

Free text is kept as it came, without characters that cannot be seen, and bounded. A code, a number, an ID or
a time has a pattern: a value that breaks it is not cut or repaired, because half a tracking number is a wrong
one. Then the record is invalid; a field that the record can do without is None (`none_if_invalid`).

`tests/unit/test_foreign_types.py` walks all models and finds the fields that have another type.
"""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, TypeVar

from pydantic import (
	AfterValidator,
	AwareDatetime,
	BeforeValidator,
	Field,
	ValidationError,
	ValidatorFunctionWrapHandler,
	WrapValidator,
)

from medgrid.core.text import MAX_LENGTH, is_visible, one_line, plain_text

MAX_SENTENCE = 500
MAX_URL = 1000
# The largest number of a BIGINT column.
MAX_ID = 2**63 - 1
# No quantity and no price is larger; a column may hold less.
MAX_QUANTITY = 10**15
MAX_AMOUNT = Decimal(10) ** 18
FIRST_YEAR, LAST_YEAR = 2000, 2100
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DECIMAL_PLACES = Decimal("1E-9")
# Appended to a code that had to be changed for display, so that it equals no real code.
CHANGED = "…"


class Bounded:
	"""Marks a type whose values are limited, for the test that walks all models."""

	def __repr__(self) -> str:
		return "BOUNDED"


BOUNDED = Bounded()

# Free text


def _cleaned(max_length: int) -> BeforeValidator:
	return BeforeValidator(lambda value: plain_text(value, max_length) if isinstance(value, str) else value)


Text = Annotated[str, BOUNDED, _cleaned(MAX_LENGTH)]
Word = Annotated[str, BOUNDED, _cleaned(60)]
# A reason; some systems send a number.
Sentence = Annotated[
	str,
	BOUNDED,
	BeforeValidator(lambda value: one_line(str(value), MAX_SENTENCE) if _is_written(value) else value),
]
Message = Annotated[str, BOUNDED, _cleaned(4000)]


def _is_written(value: Any) -> bool:
	return isinstance(value, str | int | float) and not isinstance(value, bool)


def _sku(value: Any) -> Any:
	if not isinstance(value, str):
		return value
	if len(value) <= MAX_LENGTH and is_visible(value):
		return value
	return plain_text(value, MAX_LENGTH - len(CHANGED)) + CHANGED


# A SKU is shown, and compared with the codes of Items. One that cannot be stored as it came ends with
# CHANGED, and is therefore no Item's code.
Sku = Annotated[str, BOUNDED, BeforeValidator(_sku)]

# Codes and ids


def matching(pattern: str, max_length: int) -> AfterValidator:
	"""A validator of a whole text.

	:param pattern: of ASCII characters only, unless it names others.
	:param max_length: in characters.
	"""
	compiled = re.compile(pattern, re.ASCII)

	def check(value: str) -> str:
		if len(value) > max_length or not compiled.fullmatch(value):
			raise ValueError("the characters or the length are not those of such a value")
		return value

	return AfterValidator(check)


def _unchanged(max_length: int) -> AfterValidator:
	def check(value: str) -> str:
		if len(value) > max_length or not is_visible(value):
			raise ValueError("characters that cannot be seen, or too long")
		return value

	return AfterValidator(check)


def _stripped(value: Any) -> Any:
	return value.strip(" ") if isinstance(value, str) and len(value) <= MAX_URL else value


# A text that identifies something, e.g. a key that MedGrid has sent: as it came, or invalid.
Key = Annotated[str, BOUNDED, _unchanged(MAX_LENGTH)]
# An address of any kind, which is compared and never shown as a link.
Address = Annotated[str, BOUNDED, _unchanged(2000)]
# A cursor of a list: the other system's own, opaque.
Cursor = Annotated[str, BOUNDED, matching(r"[\x21-\x7e]+", 2000)]
TrackingNumber = Annotated[
	str, BOUNDED, BeforeValidator(_stripped), matching(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*", 50)
]
# A carrier that can become a Supplier.
CarrierCode = Annotated[str, BOUNDED, matching(r"[a-z0-9_]+", 50)]
# A carrier as the other system names it: stored on the record, and never a Supplier unless it is a
# CarrierCode.
CarrierName = Annotated[
	str, BOUNDED, BeforeValidator(_stripped), matching(r"[^<>\"`\\=+@-][^<>\"`\\]*", 50), _unchanged(50)
]
ServiceCode = Annotated[str, BOUNDED, matching(r"[A-Za-z0-9][A-Za-z0-9_.-]*", 100)]
CurrencyCode = Annotated[str, BOUNDED, matching(r"[A-Z]{3}", 3)]
Url = Annotated[
	str,
	BOUNDED,
	BeforeValidator(_stripped),
	matching(r"(?i:https?)://[^\s\"'<>\\`]+", MAX_URL),
	_unchanged(MAX_URL),
]
OrderName = Annotated[str, BOUNDED, matching(r"[^<>\"'`\\]+", 60), _unchanged(60)]


def _id_text(value: Any) -> Any:
	return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _is_id(value: str) -> str:
	if int(value) > MAX_ID:
		raise ValueError("the number is too large for an ID")
	return value


# An ID that is a number in the other system and a text in MedGrid.
NumericId = Annotated[
	str, BOUNDED, BeforeValidator(_id_text), matching(r"[1-9][0-9]{0,18}", 19), AfterValidator(_is_id)
]
# The same as a number.
IdNumber = Annotated[int, BOUNDED, Field(strict=True, gt=0, le=MAX_ID)]

# Numbers

Count = Annotated[int, BOUNDED, Field(strict=True, ge=0, le=MAX_ID)]
Quantity = Annotated[int, BOUNDED, Field(strict=True, ge=-MAX_QUANTITY, le=MAX_QUANTITY)]


def _amount(value: Any) -> Any:
	"""A price as a Decimal with at most nine decimal places."""
	if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
		raise ValueError("not an amount")
	written = str(value)
	if len(written) > 40 or not written.isascii():
		raise ValueError("not an amount")
	try:
		amount = Decimal(written)
	except InvalidOperation:
		raise ValueError("not an amount") from None
	if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
		raise ValueError("the amount is too large")
	exponent = amount.as_tuple().exponent
	return amount.quantize(_DECIMAL_PLACES) if isinstance(exponent, int) and exponent < -9 else amount


Money = Annotated[Decimal, BOUNDED, BeforeValidator(_amount)]

# Times

AnyDay = TypeVar("AnyDay", bound=date)


def _written(value: Any) -> Any:
	"""A number is not a time, although pydantic would read it as seconds since 1970."""
	if isinstance(value, datetime | date):
		return value
	if isinstance(value, str) and len(value) <= 40 and _ISO.match(value):
		return value
	raise ValueError("not a time")


def in_years(value: AnyDay) -> AnyDay:
	"""Checks the year of a date or time.

	:raises ValueError: it is not between FIRST_YEAR and LAST_YEAR.
	"""
	if not FIRST_YEAR <= value.year <= LAST_YEAR:
		raise ValueError(f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
	return value


Moment = Annotated[AwareDatetime, BOUNDED, BeforeValidator(_written), AfterValidator(in_years)]
Day = Annotated[date, BOUNDED, BeforeValidator(_written), AfterValidator(in_years)]

# Fields that a record can do without


def _none_if_invalid(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
	try:
		return validate(value)
	except ValidationError:
		return None


none_if_invalid = WrapValidator(_none_if_invalid)
# Systems send an empty text for a value that they do not have.
none_if_empty = BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value)
empty_if_none = BeforeValidator(lambda value: [] if value is None else value)
