"""The types of the specification, strictly: no empty text, no number in quotes, no null."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, StringConstraints

# A double holds more; no price of anybody's does.
LARGEST = Decimal(10) ** 15
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _number(value: Any) -> Decimal:
	if isinstance(value, bool) or not isinstance(value, int | Decimal):
		raise ValueError("must be a number")
	number = Decimal(value)
	if not number.is_finite() or abs(number) > LARGEST:
		raise ValueError("is out of range")
	return number


def _integer(value: Any) -> int:
	if isinstance(value, bool) or not isinstance(value, int):
		raise ValueError("must be an integer")
	if abs(value) >= 2**63:
		raise ValueError("is out of range")
	return value


def _date(value: Any) -> date:
	if not isinstance(value, str) or not DATE.fullmatch(value):
		raise ValueError("must be a date such as 2026-11-25")
	return date.fromisoformat(value)


def _boolean(value: Any) -> bool:
	if not isinstance(value, bool):
		raise ValueError("must be true or false")
	return value


Number = Annotated[Decimal, BeforeValidator(_number)]
Integer = Annotated[int, BeforeValidator(_integer)]
Date = Annotated[date, BeforeValidator(_date)]
Boolean = Annotated[bool, BeforeValidator(_boolean)]
Text3 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=3)]
Text20 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20)]
Text30 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=30)]
Text40 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40)]
Text50 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=50)]
Text60 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=60)]
Text100 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100)]
Text250 = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=250)]
Currency = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{3}$")]
CountryCode = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{2,3}$")]
TaxAreaId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=20)]
